import { findEarlierSteps } from '#db/queries/earlier-steps.ts';
import { findJobVersion } from '#db/queries/find-job.ts';
import { findRunInput, type RunWithPlan } from '#db/queries/find-run.ts';
import { jobStanding } from '#db/queries/job-standing.ts';
import type { KeptRow, Rerun } from '#db/queries/kept-rows.ts';
import type { OneState, RunState } from '#jobs/apply-event.ts';
import { canonical } from '#jobs/canonical.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import { earlierStates, keptWords } from '#jobs/earlier-states.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { resolveParameters } from '#jobs/parameters.ts';
import { partKey } from '#jobs/parts.ts';
import type { Plan } from '#jobs/plan.ts';
import { absentSteps, planRerun, type RerunFacts, rootSteps } from '#jobs/rerun.ts';
import { hasEnded } from '#jobs/run-state.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import type { RunInput } from '#workflows/messages.ts';
import { conflict, notFound } from '../problem.ts';
import type { Services } from '../services.ts';
import { parametersAgain } from './earlier-inputs.ts';

/** A version as a run follows it. */
export interface Followed {
  readonly version: number | null;
  readonly plan: Plan;
  readonly definition: JobDefinition;
}

/** What a run followed and where: its version, or the definition it was started with; its target; its chosen steps. */
export interface EarlierRun extends Followed {
  /** Of its job, as it stands now. */
  readonly active: boolean;
  readonly inTrash: boolean;
  readonly target: TargetChoice | null;
  readonly steps: readonly string[] | null;
  /** By step id: the only targets of a step on several. */
  readonly onlyTargets: RunInput['onlyTargets'];
  /** The moment of a schedule that it stands for. */
  readonly schedule: RunInput['schedule'];
}

/** What a run started with, to start it again. Throws 409 when neither its version nor a definition of its own is stored. */
export async function earlierRun(services: Services, run: RunWithPlan): Promise<EarlierRun> {
  const own = await findRunInput(services.database.sql, run.id);
  const definition = await storedDefinition(services, run);
  const { plan } = run;
  if (!plan || !definition) throw conflict(`run ${run.id} has no stored version of its job to run again`);
  const standing = await jobStanding(services.database.sql, run.job_id);
  return {
    version: run.version,
    plan,
    definition,
    target: own?.target ?? run.target,
    steps: own?.steps ?? null,
    onlyTargets: own?.only_targets ?? undefined,
    schedule: own?.schedule ?? undefined,
    active: standing !== 'off',
    inTrash: standing === 'in_trash',
  };
}

/** The definition that a run followed, or null when it is no longer stored. */
export async function storedDefinition({ database }: Services, { id, job_id, version }: RunWithPlan): Promise<JobDefinition | null> {
  const saved = job_id && version ? await findJobVersion(database.sql, job_id, version) : null;
  return saved?.definition ?? (await findRunInput(database.sql, id))?.definition ?? null;
}

/** What a person asks of a re-run. */
export interface RerunAsk {
  readonly from: readonly string[] | null;
  /** Every step runs again, in place of `from`. */
  readonly everything: boolean;
  readonly failedItemsOnly: boolean;
  /** Null: the run's own. */
  readonly version: number | null;
  readonly parameters: JsonObject;
  /** Parameters of the run before that are not given any more. */
  readonly without: readonly string[];
}

/** A re-run as it will start. */
export interface PreparedRerun extends EarlierRun {
  readonly parameters: JsonObject;
  readonly warnings: readonly string[];
  readonly rerun: Rerun;
  /** Where its steps stand when it begins. */
  readonly states: RunState['steps'];
}

/** Works out what a re-run of an ended run keeps and what it executes. Throws as `planAgain` does. */
export async function prepareRerun(services: Services, run: RunWithPlan, ask: RerunAsk): Promise<PreparedRerun> {
  const followed = await followedAgain(services, run, ask.version);
  const { before, now } = followed;
  const { parameters, warnings, target, earlier, facts, states } = await planAgain(services, run, followed, ask);
  return {
    ...now,
    active: before.active,
    inTrash: before.inTrash,
    target,
    steps: before.steps,
    // In another version a step of that name may have other targets.
    onlyTargets: now === before ? before.onlyTargets : undefined,
    schedule: before.schedule,
    parameters,
    warnings,
    rerun: { of: run.id, facts, rows: keptRows(now.plan, earlier, facts) },
    states,
  };
}

/** What a re-run keeps and executes. Throws 409 for a run under way, for steps that the version does not have, and when nothing would run. */
export async function planAgain(services: Services, run: RunWithPlan, { before, now }: FollowedAgain, ask: RerunAsk) {
  if (!hasEnded(run.status)) throw conflict(`run ${run.id} is ${run.status}; only a run that has ended can be run again from a step`);
  const { schedule } = before;
  const { parameters, warnings } = parametersAgain(run, now.definition, ask.parameters, ask.without);
  const resolved = resolveParameters(now.definition.parameters, parameters);
  const target = targetAgain(before, now.definition);
  const from = ask.everything ? rootSteps(now.plan, before.steps) : ask.from;
  refuseAbsent(now, from, before.steps);
  const earlier = earlierStates(await findEarlierSteps(services.database.sql, run.id));
  const { facts, steps: states } = planRerun({
    before: { plan: before.plan, parameters: run.parameters, target: before.target, schedule, steps: earlier },
    now: { plan: now.plan, parameters: resolved, target, schedule },
    from,
    failedItemsOnly: ask.failedItemsOnly,
    chosen: before.steps,
  });
  if (facts.runs.length === 0) throw conflict(`run ${run.id} has completed every step; name the steps to run again in "from"`);
  return { parameters, warnings, target, earlier, facts, states };
}

/** What a run followed, and what its re-run is to follow. */
export interface FollowedAgain {
  readonly before: EarlierRun;
  readonly now: Followed;
}

/** Both, at the version asked for; null: the run's own. Throws 404 for a version that is not there. */
export async function followedAgain(services: Services, run: RunWithPlan, version: number | null): Promise<FollowedAgain> {
  const before = await earlierRun(services, run);
  return { before, now: version === null || version === run.version ? before : await otherVersion(services, run, version) };
}

async function otherVersion({ database }: Services, run: RunWithPlan, wanted: number): Promise<Followed> {
  if (run.job_id === null) throw conflict(`run ${run.id} belongs to no job, so there is no version ${wanted} of it`);
  const version = await findJobVersion(database.sql, run.job_id, wanted);
  if (!version) throw notFound(`no version ${wanted} of job ${run.job}`);
  return version;
}

/** A target that was given at start stays; that of a definition is the version's. */
function targetAgain({ target, definition }: EarlierRun, now: JobDefinition): TargetChoice | null {
  const wasOfDefinition = canonical((target ?? null) as Json) === canonical((definition.target ?? null) as Json);
  return wasOfDefinition ? (now.target ?? null) : target;
}

function refuseAbsent({ plan, version }: Followed, from: readonly string[] | null, chosen: readonly string[] | null): void {
  const where = version === null ? 'the definition of this run' : `version ${version}`;
  const [absent] = absentSteps(plan, [...(from ?? []), ...(chosen ?? [])]);
  if (absent !== undefined) throw conflict(`${where} of ${plan.job} has no step ${JSON.stringify(absent)}`);
  const unchosen = chosen && from?.find((id) => !chosen.includes(id));
  if (unchosen) throw conflict(`step ${JSON.stringify(unchosen)} was not among the steps that were chosen when this run was started`);
}

/** The rows that a re-run starts with: of kept steps with all their parts, and of others the parts they keep. */
function keptRows({ steps }: Plan, earlier: RunState['steps'], { kept, partly }: RerunFacts): readonly KeptRow[] {
  return steps.flatMap(({ id, number, name }) => {
    const state = earlier[id];
    const isKept = kept.includes(id);
    if (!state || (!isKept && !partly.some(({ step }) => step === id))) return [];
    const rowOf = (key: string, one: OneState): KeptRow => ({ key, number, name, message: keptWords(one) });
    const parts = (state.parts ?? []).flatMap((part, n) =>
      part.state && (isKept || part.state.status === 'completed') ? [rowOf(partKey(id, n), part.state)] : [],
    );
    return isKept ? [rowOf(id, state), ...parts] : parts;
  });
}
