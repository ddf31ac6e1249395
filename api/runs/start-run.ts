import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import type { Audit } from '#db/audit.ts';
import type { Sql } from '#db/client.ts';
import { findAuthor } from '#db/queries/find-author.ts';
import type { JobAtVersion } from '#db/queries/find-job.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { findRunOfKey, type Idempotency, insertRun } from '#db/queries/insert-run.ts';
import type { Rerun } from '#db/queries/kept-rows.ts';
import { pinSubJobs } from '#db/queries/pin-sub-jobs.ts';
import { placeInQueues } from '#db/queries/queues/place-in-queues.ts';
import type { Trigger } from '#db/schema/runs.ts';
import type { SealedFields } from '#db/schema/targets.ts';
import type { RunState } from '#jobs/apply-event.ts';
import type { JsonObject } from '#jobs/json.ts';
import { type TakenParameters, takeParameters } from '#jobs/parameters.ts';
import type { ScheduleContext } from '#jobs/schedules/context.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { unchosenSteps } from '#jobs/unchosen-steps.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import { runSecretPlace, seal } from '#platform/vault.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Env } from '../env.ts';
import { conflict, HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { refuseUnchosen } from './choices.ts';
import { refuseUnapproved, refuseUnknownSteps, scheduledMoment, warningsOf } from './refuse-start.ts';
import { resumeOf } from './resume.ts';
import { requireRun } from './run-view.ts';
import { refuseTarget } from './start-target.ts';

/** What a start may say beside the job. */
export interface StartOptions {
  readonly parameters: JsonObject;
  /** Null: the definition's. */
  readonly target: TargetChoice | null;
  /** By step id; see `RunInput`. */
  readonly onlyTargets?: RunInput['onlyTargets'] | undefined;
  readonly client: string | null;
  readonly ref_num: string | null;
  readonly message: string | null;
  /** Null: the job's. */
  readonly priority: number | null;
  /** ISO 8601; null: at once. */
  readonly scheduled_for?: string | null;
  /** Ids of the only steps that are to run; null: all. */
  readonly steps?: readonly string[] | null;
  readonly trigger: Trigger;
  readonly retry_of?: string;
  readonly retry_count?: number;
  /** In place of the job's. */
  readonly timezone?: string | null;
  /** The moment of a schedule that the run stood for which this one repeats. */
  readonly schedule?: ScheduleContext | undefined;
  /** What it begins with of an earlier run. */
  readonly rerun?: { readonly kept: Rerun; readonly states: RunState['steps'] };
  /** Where steps that were not chosen stand, of which the chosen ones read outputs. */
  readonly given?: RunState['steps'];
  /** What a person should know besides what the checks of the definition say. */
  readonly warnings?: readonly string[];
}

/** As much of a job at one version as a start needs; without an id it is a definition of the run's own. */
type StartableJob = Pick<JobAtVersion, 'name' | 'title' | 'active' | 'sample' | 'plan' | 'definition'> & {
  readonly id: string | null;
  readonly version: number | null;
  /** Who wrote that version; looked up when absent. */
  readonly author?: string;
  readonly inTrash?: boolean;
};

/** Accepts a run of this version and starts it if Temporal is there. The same idempotency key and request give the same run. */
export const startRun = (
  services: Services,
  job: StartableJob,
  options: StartOptions,
  audit: Audit,
  idempotency: Idempotency | null,
): Promise<RunWithPlan> => orMadeBefore(services, audit, idempotency, () => acceptRun(services, job, options, audit, idempotency));

/** What a start answers; the run that the same request made before also where it would be refused by now: its moment is over, its plan holds no more, its job was switched off. */
export async function orMadeBefore(
  services: Services,
  { actor }: Audit,
  idempotency: Idempotency | null,
  start: () => Promise<RunWithPlan>,
): Promise<RunWithPlan> {
  try {
    return await start();
  } catch (refusal) {
    const known = idempotency && (await findRunOfKey(services.database.sql, { ...idempotency, project: PROJECT, actor }));
    if (known) return requireRun(services, known);
    throw refusal;
  }
}

async function acceptRun(
  services: Services,
  job: StartableJob,
  options: StartOptions,
  audit: Audit,
  idempotency: Idempotency | null,
): Promise<RunWithPlan> {
  const accepted = await acceptable(services, job, options, audit);
  const { plan, definition } = job;
  const subJobs = await pinSubJobs(services.database.sql, PROJECT, plan);
  const timezone = options.timezone ?? plan.timezone;
  const place = await placeInQueues(services.database.sql, { project: PROJECT, timezone, client: options.client });
  const input: RunInput = { ...accepted.input, ...(subJobs && { subJobs }), ...place };
  const { warnings, secrets } = accepted;
  const inserted = await insertRun(
    services.database.sql,
    {
      input,
      job_id: job.id,
      version: job.version,
      definition: job.id === null ? definition : null,
      title: job.title,
      message: options.message,
      client: options.client,
      ref_num: options.ref_num,
      priority: input.plan.priority,
      timezone,
      trigger: options.trigger,
      created_by: audit.actor,
      retry_of: options.retry_of ?? null,
      retry_count: options.retry_count ?? 0,
      sample: job.sample,
      steps: options.steps ?? null,
      warnings,
      rerun: options.rerun?.kept ?? null,
      sealed: sealedFor(services.keyRing, input, secrets),
    },
    audit,
    idempotency,
  );
  if (inserted.outcome === 'known') return requireRun(services, inserted.run);
  await services.launchRun(input);
  return { ...inserted.row, plan, warnings, rerun: options.rerun?.kept.facts ?? null, selected_steps: options.steps ?? null };
}

interface Acceptable {
  readonly input: RunInput;
  readonly warnings: readonly string[];
  /** Values of secret parameters, by name. */
  readonly secrets: TakenParameters['secrets'];
}

/** What a start comes to. */
async function acceptable(services: Services, job: StartableJob, options: StartOptions, { actor }: Audit): Promise<Acceptable> {
  const accepted = inputOf(job, options, { started_by: actor, edited_by: await authorOf(services.database.sql, job, options) });
  await refuseUnchosen(services, { job: job.name, version: job.version }, job.definition, accepted.input.parameters);
  return accepted;
}

/** Who wrote what will run; null when that is whoever starts it. */
const authorOf = async (sql: Sql, { id, version, author }: StartableJob, { retry_of, rerun }: StartOptions): Promise<string | null> => {
  const earlier = retry_of ?? rerun?.kept.of ?? null;
  if (author !== undefined || (id === null && earlier === null)) return author ?? null;
  return findAuthor(sql, { job_id: id, version, earlier });
};

function inputOf(job: StartableJob, options: StartOptions, people: NonNullable<RunInput['people']>): Acceptable {
  if (job.inTrash) throw conflict(`job ${job.name} is in the trash`);
  if (!job.active) throw conflict(`job ${job.name} is switched off`);
  const { plan, definition } = job;
  const { target, steps = null, scheduled_for = null, schedule } = options;
  if (target !== null) refuseTarget(target, definition);
  if (steps) {
    refuseUnknownSteps(steps, plan);
    refuseUnapproved(steps, plan);
  }
  const { parameters, secrets } = takeParameters(definition.parameters, options.parameters);
  const warnings = [...(options.warnings ?? []), ...warningsOf(definition, parameters, schedule)];
  const scheduledFor = scheduledMoment(scheduled_for);
  const resume = resumeOf({ ...options.rerun?.states, ...unchosenSteps(plan, steps), ...options.given });
  const input: RunInput = {
    run: uuidv7(),
    project: PROJECT,
    plan: options.priority === null ? plan : { ...plan, priority: options.priority },
    parameters,
    target: target ?? definition.target ?? null,
    people,
    ...(options.onlyTargets && { onlyTargets: options.onlyTargets }),
    ...(scheduledFor !== undefined && { scheduledFor }),
    ...(resume && { resume }),
    ...(schedule && { schedule }),
  };
  return { input, warnings, secrets };
}

/** Secret parameters as they lie in Postgres until the run ends; null without any. */
function sealedFor(keyRing: KeyRing, { run, project }: RunInput, secrets: TakenParameters['secrets']): SealedFields | null {
  const entries = Object.entries(secrets);
  if (entries.length === 0) return null;
  return Object.fromEntries(entries.map(([name, value]) => [name, { ...seal(keyRing, value, runSecretPlace(project, run, name)) }]));
}

const KEY = /^[\x20-\x7e]{1,255}$/;

/** The idempotency key this start carries, bound to all it asks for; null without one. Throws 400 for a key that is not one. */
export function idempotencyOf(c: Context<Env>, request: object): Idempotency | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (!KEY.test(key)) throw new HttpProblem(400, 'Idempotency-Key: expected 1 to 255 printable ASCII characters');
  // Keyed, since what is asked for may hold secrets that are short enough to be guessed.
  const { keyRing } = c.var.services;
  const body_hash = createHmac('sha256', keyRing.keys.get(keyRing.active) ?? '')
    .update(JSON.stringify([c.req.method, c.req.path, request]))
    .digest('hex');
  return { key, body_hash };
}
