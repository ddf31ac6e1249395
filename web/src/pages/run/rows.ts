import { nameOfPart } from '#jobs/parts.ts';
import type { RunPhase } from '#jobs/run-phases.ts';
import { hasEndedBadly, type StepStatus } from '#jobs/run-state.ts';
import type { PlanStepView, RunView, StepSummary } from '../../api/views.ts';
import { visible } from '../../components/visible.ts';
import { plainHold } from './holds/plain-hold.ts';
import { readHold } from './holds/read-hold.ts';

/** A step as the run page lists it: planned, and with what has happened to it so far. */
export interface StepRow {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly number: number;
  readonly needs: readonly string[];
  readonly phase: RunPhase;
  readonly retry?: PlanStepView['retry'];
  readonly status: StepStatus;
  readonly step: StepSummary | null;
  /** One of a step's several items or targets; it stands below that step. */
  readonly isPart: boolean;
}

const planned = (plan: PlanStepView, ended: boolean): StepRow => ({
  ...plan,
  key: plan.id,
  name: visible(plan.name),
  status: ended ? 'skipped' : 'pending',
  step: null,
  isPart: false,
});

/** What undoes and handles runs only when it is called for, and is no step that was left out before that. */
const isExpected = ({ phase }: PlanStepView): boolean => phase === 'main' || phase === 'clean_up';

/** Every step of the plan in its order, each with its row or rows where it has started; in a run that ended, the others were skipped. */
export const stepRows = (plan: readonly PlanStepView[], steps: readonly StepSummary[], ended = false): readonly StepRow[] => {
  const byStep = Map.groupBy(steps, (step) => step.step_id);
  return plan.flatMap((one) => {
    const own = byStep.get(one.id)?.toSorted(byPart) ?? [];
    if (own.length === 0) return isExpected(one) ? [planned(one, ended)] : [];
    return own.map((step) => rowOf(one, step));
  });
};

const known = new WeakMap<StepSummary, { readonly plan: PlanStepView; readonly row: StepRow }>();

/** The same row for as long as nothing happens to its step, so that of thousands only those change that have. */
function rowOf(plan: PlanStepView, step: StepSummary): StepRow {
  const made = known.get(step);
  if (made?.plan === plan) return made.row;
  const isPart = step.parent_key !== null;
  const name = isPart ? nameOf(step) : visible(plan.name);
  const row = { ...plan, key: step.key, name, status: step.status, step, isPart };
  known.set(step, { plan, row });
  return row;
}

/** A step before its parts, which are numbered in its keys. */
const byPart = (a: StepSummary, b: StepSummary): number => a.key.length - b.key.length || (a.key < b.key ? -1 : 1);

/** A step in parts does nothing itself, and has no log. */
const isWhole = (row: StepRow): boolean => row.step === null || !hasParts(row.step);

/** Whether a step was taken apart, by its items or by its targets, and is carried out by its parts. */
export const hasParts = ({ parts, targets }: Pick<StepSummary, 'parts' | 'targets'>): boolean => (parts ?? targets ?? null) !== null;

/** What a part is called: its item, or its target. */
const nameOf = ({ item, target, key }: StepSummary): string => visible(item === null ? (target ?? key) : nameOfPart({ item }));

const first = (rows: readonly StepRow[], ...statuses: readonly StepStatus[]): StepRow | undefined =>
  rows.find((row) => statuses.includes(row.status));

/** The step a reader most likely came for: what failed, else what waits for a person, else what runs, else the last that ended. */
export const likelyStep = (rows: readonly StepRow[]): StepRow | undefined =>
  rows.find((row) => isWhole(row) && hasEndedBadly(row.status)) ??
  rows.find((row) => hasEndedBadly(row.status)) ??
  first(rows.filter(isWhole), 'waiting', 'paused') ??
  first(rows, 'waiting', 'paused') ??
  first(rows.filter(isWhole), 'running', 'retrying') ??
  first(rows, 'running') ??
  rows.findLast((row) => row.status === 'completed') ??
  rows[0];

/** Of a run that is retrying, the step that is between two attempts. */
export const retryingRow = (run: Pick<RunView, 'status'>, rows: readonly StepRow[]): StepRow | undefined =>
  run.status === 'retrying' ? (first(rows.filter(isWhole), 'retrying') ?? first(rows, 'retrying')) : undefined;

/** What keeps a run from ending well, in one sentence: which step, what happened, at which attempt; or what it waits for. */
export const causeOf = (
  run: Pick<RunView, 'status' | 'error_message' | 'message'>,
  rows: readonly StepRow[],
): { row: StepRow | null; says: string } | null => {
  // What went wrong on the way was allowed to, or comes after what somebody wanted.
  if (run.status === 'completed') return null;
  if (run.status === 'cancelled' && run.message !== null) return { row: null, says: run.message };
  const bad = rows.filter((one) => hasEndedBadly(one.status));
  const row =
    bad.find(({ key }) => run.error_message?.startsWith(`step ${key}:`)) ??
    bad[0] ??
    first(rows, 'retrying') ??
    first(rows.filter(isWhole), 'waiting') ??
    null;
  const step = row?.step;
  if (row && step?.error) {
    // A step in parts has no log: the reader is led to the first part that failed.
    const part = hasParts(step) ? bad.find((one) => one.isPart && one.step?.parent_key === row.key && one.step.error) : undefined;
    const says = `${row.key}: ${step.error.message}${part ? '' : attemptsOf(step)}`;
    return part?.step?.error ? { row: part, says: `${says}: ${part.step.error.message}${attemptsOf(part.step)}` } : { row, says };
  }
  const hold = row?.status === 'waiting' && step ? readHold(step) : null;
  if (row && hold && run.status === 'waiting') return { row, says: `${row.key} ${plainHold(hold)}` };
  const says = SAYS_WHY.has(run.status) || hasEndedBadly(run.status) ? (run.error_message ?? run.message) : null;
  return says ? { row, says } : null;
};

const attemptsOf = ({ attempt, attempts_allowed: allowed }: StepSummary): string =>
  allowed && allowed > 1 ? ` (attempt ${attempt} of ${allowed})` : '';

/** Besides bad ends: what somebody or something has stopped has a reason too. */
const SAYS_WHY = new Set<StepStatus>(['waiting', 'paused', 'cancelled']);
