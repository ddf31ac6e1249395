import type { Audit } from '#db/audit.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { findSteps } from '#db/queries/list-steps.ts';
import { beginAnew, findOverrides, renumberAttempts, saveTerms, showSurgery, showWholeSurgery } from '#db/queries/step-overrides.ts';
import type { StepOverrideRow } from '#db/schema/step-overrides.ts';
import { wholeOf } from '#jobs/parts.ts';
import { allSteps, type PlannedStep } from '#jobs/plan.ts';
import { hasEnded } from '#jobs/run-state.ts';
import {
  activityUpdate,
  changedTerms,
  roomForMore,
  type ShownTerms,
  type StepTerms,
  type Surgery,
  sentenceOfChange,
  shownTerms,
  type TermsChange,
  whyRefused,
} from '#jobs/step-surgery.ts';
import { isTemporalAway } from '#platform/temporal/grpc-code.ts';
import {
  pauseActivity,
  resetActivity,
  type StepActivity,
  stepActivities,
  unpauseActivity,
  updateActivity,
} from '#platform/temporal/step-activity.ts';
import { sliceWorkflowId } from '#workflows/messages.ts';
import { isUnknownToTemporal } from '../errors.ts';
import { conflict, HttpProblem, notFound, unavailable } from '../problem.ts';
import type { Services } from '../services.ts';
import { audited } from './steer-run.ts';

/** What a person wants done to a step. */
export type Operation =
  | { readonly surgery: 'options'; readonly change: TermsChange }
  | { readonly surgery: 'pause' | 'reset'; readonly force: boolean }
  | { readonly surgery: 'resume' };

/** What became of one step, or of one part of it. */
export interface Operated {
  readonly key: string;
  readonly outcome: 'done' | 'refused';
  /** Why it was refused. */
  readonly why: string | null;
  readonly before: ShownTerms | null;
  readonly after: ShownTerms | null;
}

const DEADLINE_MS = 2_000;
/** Parts that are operated on at a time. */
const AT_ONCE = 8;

/** Operates on a step that runs, or on all parts of it that do; throws 404 and 409 naming the state that forbids it, 503 while Temporal is away. */
export async function operateOnStep(
  services: Services,
  run: RunWithPlan,
  key: string,
  operation: Operation,
  audit: Audit,
): Promise<readonly Operated[]> {
  if (hasEnded(run.status)) throw conflict(`run ${run.id} is ${run.status}; only a step of a run that has not ended can be operated on`);
  const step = plannedStep(run, key);
  refuseKind(step, key);
  const activities = (await askTemporal(services, () => activitiesOf(services, run, step))).filter(
    (activity) => activity.key === key || wholeOf(activity.key) === key,
  );
  if (activities.length === 0)
    throw conflict(`step ${key} is ${await statusOf(services, run, key)}; only a step that runs can be operated on`);
  const operated = await operateOnAll(services, run, step, activities, operation, audit);
  const areAllPaused = operation.surgery === 'pause' && key === step.id && operated.every(({ outcome }) => outcome === 'done');
  const status = areAllPaused ? 'paused' : operation.surgery === 'resume' ? 'running' : null;
  const isInParts = activities.some((activity) => activity.key !== step.id);
  if (isInParts && status !== null) {
    const message = `${areAllPaused ? DONE.pause : DONE.resume} by ${audit.actor}: ${audit.reason ?? ''}`;
    await showWholeSurgery(services.database.sql, { run: run.id, key: step.id, status, message, actor: audit.actor });
  }
  return operated;
}

async function operateOnAll(
  services: Services,
  run: RunWithPlan,
  step: PlannedStep,
  activities: readonly StepActivity[],
  operation: Operation,
  audit: Audit,
): Promise<readonly Operated[]> {
  const [only, ...others] = activities;
  if (only !== undefined && others.length === 0) return [await operate(services, run, step, only, operation, audit)];

  const operated: Operated[] = [];
  const rest = activities.values();
  const worker = async () => {
    for (const activity of rest) operated.push(await operate(services, run, step, activity, operation, audit).catch(asRefused(activity)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const inOrder = operated.toSorted((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
  const [first] = inOrder;
  if (first !== undefined && inOrder.every(({ outcome }) => outcome === 'refused')) throw conflict(first.why ?? '');
  return inOrder;
}

/** Where a step is carried out: by the run's own workflow, or by those of its slices. */
const activitiesOf = ({ temporal }: Services, run: RunWithPlan, step: PlannedStep) =>
  stepActivities(temporal.client, run.workflow_id, sliceWorkflowId(run.id, step.id, 0).slice(0, -1));

function plannedStep({ id, plan }: RunWithPlan, key: string): PlannedStep {
  const step = plan === null ? undefined : allSteps(plan).find((one) => one.id === (wholeOf(key) ?? key));
  if (!step) throw notFound(`run ${id} has no step ${key}`);
  return step;
}

function refuseKind(step: PlannedStep, key: string): void {
  if (step.inline)
    throw conflict(`step ${key} is inline: it runs inside its run's own worker for seconds, where nothing can be changed of it`);
  if (step.kind === 'workflow') throw conflict(`step ${key} only waits: it has no attempt to change, pause or reset`);
}

async function statusOf({ database }: Services, run: RunWithPlan, key: string): Promise<string> {
  const [row] = await findSteps(database.sql, [[run.id, key]]);
  return row?.status ?? 'pending';
}

const asRefused =
  ({ key }: StepActivity) =>
  (error: unknown): Operated => {
    if (!(error instanceof HttpProblem) || error.status >= 500) throw error;
    return { key, outcome: 'refused', why: error.message, before: null, after: null };
  };

async function operate(
  services: Services,
  run: RunWithPlan,
  step: PlannedStep,
  activity: StepActivity,
  operation: Operation,
  audit: Audit,
): Promise<Operated> {
  const { surgery } = operation;
  const { key } = activity;
  const refused = whyRefused(surgery, key, step, activity, 'force' in operation && operation.force);
  if (refused !== null) throw conflict(refused);
  const terms = await termsOf(services, run, step, activity);
  const change = surgery === 'options' ? operation.change : {};
  const next = changedTerms(terms, change);
  const before = shownTerms(terms, activity.heartbeatMs);
  const after = shownTerms(next, change.heartbeatMs ?? activity.heartbeatMs);
  const of = { project: run.project, action: `step.${surgery}`, subject_kind: 'run', subject: run.id };
  const seen = { before: { key, state: activity.state, attempt: activity.attempt, ...before }, after: { key, ...after } };
  await audited(services, audit, { ...of, ...seen }, () =>
    surgery === 'options'
      ? changeTerms(services, run, step, activity, { change, next, before, after, terms }, audit)
      : carryOut(services, run, step, activity, surgery, audit),
  );
  return { key, outcome: 'done', why: null, before, after };
}

interface Changing {
  readonly change: TermsChange;
  readonly terms: StepTerms;
  readonly next: StepTerms;
  readonly before: ShownTerms;
  readonly after: ShownTerms;
}

/** Temporal hears of it before the change stands, so that nothing has changed when it is away; what it was told and did not stand is told again by whoever asks again. */
async function changeTerms(
  services: Services,
  run: RunWithPlan,
  step: PlannedStep,
  activity: StepActivity,
  { change, terms, next, before, after }: Changing,
  audit: Audit,
): Promise<void> {
  const { key } = activity;
  await services.database.sql.begin(async (tx) => {
    await saveTerms(tx, placeOf(run, activity), next);
    const message = `${sentenceOfChange(before, after) || 'nothing changed'}: ${audit.reason ?? ''}`;
    const moreAttempts = next.retry.attempts - terms.retry.attempts;
    await showSurgery(tx, { run: run.id, key, status: null, message, actor: audit.actor, moreAttempts });
    const update = activityUpdate(step, next, change, activity);
    await askTemporal(services, () => updateActivity(services.temporal.client, activity, update, audit.actor));
  });
}

async function carryOut(
  services: Services,
  run: RunWithPlan,
  step: PlannedStep,
  activity: StepActivity,
  surgery: Exclude<Surgery, 'options'>,
  audit: Audit,
): Promise<void> {
  const { actor, reason } = audit;
  const message = `${DONE[surgery]} by ${actor}: ${reason ?? ''}`;
  await WAYS[surgery]({ services, run, step, activity, audit });
  await showSurgery(services.database.sql, { run: run.id, key: activity.key, status: SHOWN[surgery], message, actor, moreAttempts: 0 });
}

const DONE = { pause: 'paused', resume: 'resumed', reset: 'reset' } as const;
const SHOWN = { pause: 'paused', resume: 'running', reset: null } as const;

interface Case {
  readonly services: Services;
  readonly run: RunWithPlan;
  readonly step: PlannedStep;
  readonly activity: StepActivity;
  readonly audit: Audit;
}

const WAYS = {
  pause: ({ services, activity, audit }: Case) =>
    askTemporal(services, () => pauseActivity(services.temporal.client, activity, audit.reason ?? '', audit.actor)),

  resume: async ({ services, run, step, activity, audit }: Case) => {
    const { client } = services.temporal;
    if (activity.isUnderWay) {
      const terms = await termsOf(services, run, step, activity);
      await askTemporal(services, async () => {
        await updateActivity(client, activity, roomForMore(step, terms, activity), audit.actor);
        await unpauseActivity(client, activity, false, audit.actor);
      });
      return;
    }
    await renumberAttempts(services.database.sql, placeOf(run, activity), activity);
    await askTemporal(services, () => unpauseActivity(client, activity, true, audit.actor));
  },

  reset: async ({ services, run, step, activity, audit }: Case) => {
    const { client } = services.temporal;
    const { sql } = services.database;
    const now = await heldBack(services, run, step, activity, audit);
    if (now.isUnderWay) {
      const terms = await termsOf(services, run, step, activity);
      await askTemporal(services, () => updateActivity(client, now, roomForMore(step, terms, now), audit.actor));
      await beginAnew(sql, placeOf(run, now));
      return;
    }
    await renumberAttempts(sql, placeOf(run, now), now);
    await beginAnew(sql, placeOf(run, now));
    await askTemporal(services, () => resetActivity(client, now, activity.state === 'paused', audit.actor));
  },
} as const satisfies Record<Exclude<Surgery, 'options'>, (of: Case) => Promise<void>>;

/** The activity as it stands, where no attempt can begin meanwhile: one that rests between two attempts is paused for that. */
async function heldBack(
  services: Services,
  run: RunWithPlan,
  step: PlannedStep,
  activity: StepActivity,
  audit: Audit,
): Promise<StepActivity> {
  if (activity.state !== 'retrying') return activity;
  const { client } = services.temporal;
  return askTemporal(services, async () => {
    await pauseActivity(client, activity, audit.reason ?? '', audit.actor);
    const now = (await activitiesOf(services, run, step)).find(({ id }) => id === activity.id);
    if (now === undefined) throw conflict(`step ${activity.key} has just ended`);
    if (now.isUnderWay) await unpauseActivity(client, now, false, audit.actor);
    return now;
  });
}

const placeOf = ({ id, project }: RunWithPlan, { key, id: activity_id }: StepActivity) => ({ run: id, project, key, activity_id });

/** The terms that hold for a step now: the plan's, unless they were changed of this very activity. */
async function termsOf({ database }: Services, run: RunWithPlan, step: PlannedStep, { key, id }: StepActivity): Promise<StepTerms> {
  const [override] = await findOverrides(database.sql, [[run.id, key]]);
  return override?.activity_id === id ? changedTerms(step, changeIn(override)) : step;
}

const changeIn = ({ timeout_ms, attempts, delay_ms, backoff, max_delay_ms }: StepOverrideRow): TermsChange => ({
  timeoutMs: timeout_ms ?? undefined,
  attempts: attempts ?? undefined,
  delayMs: delay_ms ?? undefined,
  backoff: backoff ?? undefined,
  maxDelayMs: max_delay_ms ?? undefined,
});

async function askTemporal<T>({ temporal }: Services, ask: () => Promise<T>): Promise<T> {
  try {
    return await temporal.within(DEADLINE_MS, ask);
  } catch (error) {
    if (isUnknownToTemporal(error)) throw conflict('the step has just ended');
    if (isTemporalAway(error)) throw unavailable('Temporal does not answer, so the step stays as it is', 5, error);
    throw error;
  }
}
