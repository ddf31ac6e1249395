import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '#db/client.ts';
import { closedWindows } from '#db/queries/calendars/closed-windows.ts';
import { findLastRun, type LastRun, usualDurations } from '#db/queries/earlier-runs.ts';
import type { JobAtVersion } from '#db/queries/find-job.ts';
import { findPlan, insertPlan } from '#db/queries/plans.ts';
import { resolveTargets, UnknownTargets } from '#db/queries/resolve-targets.ts';
import type { PlanRow } from '#db/schema/plans.ts';
import { estimateMs } from '#jobs/ahead/estimate.ts';
import { lookAhead, type Resolve, type RunAhead } from '#jobs/ahead/look-ahead.ts';
import { openingWords } from '#jobs/calendars/windows.ts';
import { canonical } from '#jobs/canonical.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { OnClosed } from '#jobs/definition-words.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { resolveParameters } from '#jobs/parameters.ts';
import { allSteps, type Plan } from '#jobs/plan.ts';
import { secretNames } from '#jobs/secret-parameters.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { zoneData } from '#platform/zone-data.ts';
import { conflict, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { isUuid } from '../views/json.ts';
import { refuseUnknownSteps, warningsOf } from './refuse-start.ts';
import { refuseTarget } from './start-target.ts';

/** What a person wants to know before a run. */
export interface PlanAsk {
  readonly parameters: JsonObject;
  readonly target: TargetChoice | null;
  readonly steps: readonly string[] | null;
}

/** What would happen, and how that differs from the last time. */
export interface Planned {
  readonly row: Omit<PlanRow, 'created_at'>;
  readonly estimate_ms: number | null;
  readonly usual_ms: { readonly [step: string]: number };
  readonly warnings: readonly string[];
  /** Steps on targets that are outside of their maintenance windows now. */
  readonly closed: readonly ClosedAhead[];
  readonly since_last: SinceLast | null;
}

interface ClosedAhead {
  readonly step: string;
  readonly target: string;
  readonly timezone: string;
  /** ISO 8601; null: none is in sight. */
  readonly opens_at: string | null;
  readonly message: string;
  readonly on_closed: OnClosed;
}

interface SinceLast {
  readonly run: string;
  readonly number: number;
  readonly status: string;
  readonly version: { readonly before: number | null; readonly now: number } | null;
  /** Names of the parameters that have other values. */
  readonly parameters: readonly string[];
  readonly targets: readonly { readonly step: string; readonly added: readonly string[]; readonly removed: readonly string[] }[];
}

/** Works out what a run would do, keeps it so that exactly that can be started, and holds it against the job's last run. Throws InvalidInput. */
export async function planAhead(services: Services, job: JobAtVersion, ask: PlanAsk, actor: string): Promise<Planned> {
  const { database } = services;
  const drawn = await drawUp(services, job, ask);
  const row = { id: uuidv7(), project: PROJECT, job: job.name, job_id: job.id, version: job.version, ...drawn, created_by: actor };
  const [usual, last] = await Promise.all([
    usualDurations(database.read, PROJECT, job.name),
    findLastRun(database.read, PROJECT, job.name),
  ]);
  await insertPlan(database.sql, row);
  const usual_ms = Object.fromEntries(usual.map(({ step_id, ms }) => [step_id, Number(ms)]));
  return {
    row,
    usual_ms,
    estimate_ms: estimateMs(row.ahead.steps, new Map(Object.entries(usual_ms))),
    warnings: warningsOf(job.definition, row.parameters),
    closed: await closedAhead(database.read, job.plan, row.ahead),
    since_last: last === null ? null : sinceLast(row, last),
  };
}

/** A definition that is being written, as far as a plan needs it. */
export interface PlannedDraft {
  readonly definition: JobDefinition;
  readonly plan: Plan;
}

/** What a run of a definition that is not saved would do; nothing of it is kept, so that nothing can be started by it. Throws InvalidInput. */
export async function planDraft(services: Services, { definition, plan }: PlannedDraft, ask: PlanAsk) {
  const { ahead, parameters } = await drawUp(services, { id: null, version: null, name: definition.name, definition, plan }, ask);
  return {
    parameters,
    ahead,
    warnings: warningsOf(definition, parameters),
    closed: await closedAhead(services.database.read, plan, ahead),
  };
}

/** It is told beside the plan and no part of it: a window that opens meanwhile makes no other plan. */
async function closedAhead(sql: Queryable, plan: Plan, { steps }: RunAhead): Promise<readonly ClosedAhead[]> {
  const at = steps.flatMap(({ id, runs, parts }) =>
    runs === 'no' ? [] : (parts ?? []).flatMap(({ target }) => (target === null ? [] : [{ id, target }])),
  );
  const now = Date.now();
  const targets = at.map(({ target }) => target);
  const closed = new Map((await closedWindows(sql, PROJECT, targets, zoneData(), now)).map((one) => [one.target, one] as const));
  const wishes = new Map(allSteps(plan).map(({ id, onClosed }) => [id, onClosed ?? 'wait'] as const));
  return at.flatMap(({ id, target }) => {
    const one = closed.get(target);
    if (!one) return [];
    const opens_at = one.opensAt === null ? null : new Date(one.opensAt).toISOString();
    return [{ step: id, target, timezone: one.zone, opens_at, message: openingWords(one, now), on_closed: wishes.get(id) ?? 'wait' }];
  });
}

interface Drawable extends PlannedDraft {
  readonly id: string | null;
  readonly version: number | null;
  readonly name: string;
}

async function drawUp({ database }: Services, job: Drawable, { parameters: given, target, steps }: PlanAsk) {
  if (target !== null) refuseTarget(target, job.definition);
  if (steps !== null) refuseUnknownSteps(steps, job.plan);
  const parameters = openParameters(job.definition.parameters, given);
  const where = target ?? job.definition.target ?? null;
  // Of very many only some are told of, and the run must refuse to start when one of the others is another.
  const meant: [step: string, names: readonly string[]][] = [];
  const resolve: Resolve = async (choice, step) => {
    try {
      const names = (await resolveTargets(database.sql, PROJECT, choice)).filter(({ enabled }) => enabled).map(({ name }) => name);
      meant.push([step.id, names]);
      return names;
    } catch (error) {
      if (error instanceof UnknownTargets)
        throw stepFailure('invalid_input', `steps.${step.id}.target: ${error.message}`, undefined, error);
      throw error;
    }
  };
  const ahead = await lookAhead(job.plan, { parameters, target: where, steps }, resolve);
  const what = { job: job.id, version: job.version, parameters, target: where, steps, ahead, meant } as unknown as Json;
  const hash = createHash('sha256').update(canonical(what)).digest('hex');
  return { hash, parameters, target: where, steps, ahead };
}

/** A plan needs no secrets, which are given at start. */
function openParameters(schemas: JobDefinition['parameters'] = {}, given: JsonObject): JsonObject {
  const secret = secretNames(schemas);
  const open = <T>(of: { readonly [name: string]: T }) => Object.fromEntries(Object.entries(of).filter(([name]) => !secret.includes(name)));
  return resolveParameters(open(schemas), open(given));
}

function sinceLast({ version, parameters, ahead }: Pick<PlanRow, 'version' | 'parameters' | 'ahead'>, last: LastRun): SinceLast {
  const names = [...new Set([...Object.keys(parameters), ...Object.keys(last.parameters)])];
  const same = (name: string) => canonical(parameters[name] ?? null) === canonical(last.parameters[name] ?? null);
  return {
    run: last.id,
    number: last.number,
    status: last.status,
    version: last.version === version ? null : { before: last.version, now: version },
    parameters: names.filter((name) => !same(name)),
    targets: targetsSince(ahead, last),
  };
}

function targetsSince({ steps }: RunAhead, { targets }: LastRun): SinceLast['targets'] {
  return steps.flatMap(({ id, parts }) => {
    const before = targets[id];
    const now = parts?.flatMap(({ target }) => target ?? []);
    if (before === undefined || now === undefined) return [];
    const added = now.filter((name) => !before.includes(name));
    const removed = before.filter((name) => !now.includes(name));
    return added.length + removed.length === 0 ? [] : [{ step: id, added, removed }];
  });
}

/** The plan by which a run is to be started, if what it says is still what would happen. Throws 404, and 409 naming what has changed. */
export async function planToFollow(services: Services, job: JobAtVersion, id: string): Promise<PlanRow> {
  const kept = isUuid(id) ? await findPlan(services.database.sql, PROJECT, id.toLowerCase()) : null;
  if (!kept || kept.job_id !== job.id) throw notFound(`no plan ${id} of job ${job.name}`);
  if (kept.version !== job.version)
    throw conflict(
      `plan ${id} is of version ${kept.version} of ${job.name}, which is at version ${job.current_version}; plan again, or ask for version ${kept.version} beside it`,
    );
  const { hash, ahead } = await drawUp(services, job, kept);
  if (hash === kept.hash) return kept;
  const changed = ahead.steps.filter(
    (step, at) => canonical(step as unknown as Json) !== canonical((kept.ahead.steps[at] ?? null) as unknown as Json),
  );
  const what = changed.length === 0 ? 'what it starts with' : changed.map(({ id: step }) => step).join(', ');
  throw conflict(`since plan ${id} was made this has changed: ${what}; plan again`);
}
