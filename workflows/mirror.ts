import { proxyLocalActivities } from '@temporalio/workflow';
import type { OneState, PartState, SkipReason, StepState } from '#jobs/apply-event.ts';
import { keptWords } from '#jobs/earlier-states.ts';
import { shownHold, waitingForOf } from '#jobs/holds/hold.ts';
import { shownMoment } from '#jobs/holds/kind.ts';
import { lockWords, rateWords } from '#jobs/holds/lock.ts';
import { windowWords } from '#jobs/holds/window.ts';
import type { Json } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { hasLocks } from '#jobs/next-locks.ts';
import { isOfItem, partKey, shownItem } from '#jobs/parts.ts';
import { allSteps, type PlannedStep } from '#jobs/plan.ts';
import { keptOutputs, type StepOutputs } from '#jobs/run-variables.ts';
import type { RunRecord, RunSnapshot, StepRecord } from './messages.ts';
import type { OpenRun } from './open-run.ts';

interface Bookkeeping {
  recordRun(record: RunRecord): Promise<void>;
}

const patient = proxyLocalActivities<Bookkeeping>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
const hasty = proxyLocalActivities<Bookkeeping>({ startToCloseTimeout: '5s', retry: { initialInterval: '100ms', maximumAttempts: 3 } });

/** Writes the run's row and the steps that ended without an activity of theirs; a failure to write is mended by the closing record. */
export async function recordNow(run: OpenRun, snapshot: RunSnapshot, keys: readonly string[] = []): Promise<void> {
  const wanted = new Set(keys);
  if (run.input.slice && wanted.size === 0) return;
  try {
    await run.shielded.run(() => hasty.recordRun(recordOf(run, snapshot, (key) => wanted.has(key), null)));
  } catch {
    // The closing record carries everything this one did.
  }
}

/** Writes the run's end with every step as the workflow knows it; kept trying until Postgres has it. */
export const recordEnd = (run: OpenRun, snapshot: RunSnapshot, result: Json): Promise<void> =>
  patient.recordRun({ ...recordOf(run, snapshot, () => true, result), ...(hasLocks(run.input.plan) && { frees: true }) });

function recordOf(run: OpenRun, snapshot: RunSnapshot, isWanted: (key: string) => boolean, result: Json): RunRecord {
  const isSlice = run.input.slice !== undefined;
  return {
    run: run.input.run,
    project: run.input.project,
    snapshot,
    steps: allSteps(run.input.plan)
      .flatMap((step) => stepRecords(step, run.state.steps[step.id]))
      .filter(({ key, parent_key }) => isWanted(key) && (!isSlice || parent_key !== null)),
    ...(isSlice && { ofSlice: true }),
    result_data: result,
  };
}

/** The step and its parts, as far as something has happened to them. */
function stepRecords(step: PlannedStep, state: StepState | undefined): readonly StepRecord[] {
  if (!state) return [];
  const { parts = [] } = state;
  const whole = {
    ...recordOfOne(step, step.id, state),
    targets: targetsOf(state),
    ...(state.parts && { parts: state.parts.length }),
    outputs: state.status === 'completed' ? storable(keptOutputs(state)) : null,
  };
  const offset = state.within?.offset ?? 0;
  const records = parts.map((part, n) => (part.state ? recordOfPart(step, offset + n, part, part.state) : null));
  return [whole, ...records.filter((record) => record !== null)];
}

/** The names of a step's targets, unless it was taken apart by something else. */
const targetsOf = ({ parts }: StepState): readonly string[] | null =>
  parts?.every(({ target }) => target !== undefined) ? parts.map(({ target = '' }) => target) : null;

const recordOfPart = (step: PlannedStep, n: number, part: PartState, state: OneState): StepRecord => ({
  ...recordOfOne(step, partKey(step.id, n), state),
  parent_key: step.id,
  target: part.target ?? null,
  ...(isOfItem(part) && { item: shownItem(part) }),
});

const recordOfOne = (step: PlannedStep, key: string, state: OneState): StepRecord => ({
  key,
  step_id: step.id,
  parent_key: null,
  target: null,
  targets: null,
  number: step.number,
  name: step.name,
  type: step.type,
  status: state.status === 'retry' ? 'queued' : state.status === 'held' ? 'waiting' : state.status,
  waiting_for: state.status === 'waiting' ? 'intervention' : state.status === 'held' ? waitingForOf(state.hold) : null,
  error: 'error' in state ? state.error : null,
  message: state.status === 'skipped' ? whySkipped(step, state.reason) : (placeInLine(state) ?? keptWords(state)),
  skip_reason: state.status === 'skipped' ? state.reason : null,
  ...holdOf(state),
  outputs: state.status === 'completed' ? state.outputs : null,
  attempt: 'attempt' in state ? (state.attempt ?? null) : null,
});

/** What a person reads of a step that waits for a key, for its turn or for a window. */
function placeInLine(state: OneState): string | null {
  if (state.status !== 'held') return null;
  if (state.hold.kind === 'lock') return lockWords(state.hold);
  if (state.hold.kind === 'window') return windowWords(state.hold);
  return state.hold.kind === 'rate' ? rateWords(state.hold) : null;
}

/** Of a step that waits for a person who may retry it, only how long. */
const holdOf = (state: OneState): Pick<StepRecord, 'hold'> => {
  if ('hold' in state && state.hold) return { hold: shownHold(state.hold) };
  if (state.status !== 'waiting' || state.until === undefined) return {};
  return { hold: { kind: 'intervention', until: shownMoment(state.until) } };
};

/** What many parts hand on may be more than a row takes; each part's own row has it all the same. */
const storable = (outputs: StepOutputs | null): StepOutputs | null =>
  Array.isArray(outputs) && JSON.stringify(outputs).length > LIMITS.resultBytes ? null : outputs;

/** The reason a person reads beside a skipped step. */
function whySkipped(step: PlannedStep, reason: SkipReason): string {
  if (reason === 'condition') return whyNot(step);
  return WHY_SKIPPED[reason];
}

/** Whatever of its conditions its author wrote; which of them did not hold is seen from the steps before it. */
function whyNot({ if: condition, elseOf, when }: PlannedStep): string {
  if (condition === null && elseOf !== undefined) return `it stands in for ${elseOf}, whose condition was not false`;
  if (condition === null && when === 'failure') return 'nothing that it comes after had failed';
  const others = [
    elseOf === undefined ? [] : [`${elseOf} was not skipped by its condition`],
    when === 'failure' ? ['nothing had failed'] : [],
  ];
  return [`its condition was false: ${condition}`, ...others.flat()].join(', or ');
}

const WHY_SKIPPED = {
  disabled: 'it is switched off in the definition',
  upstream_failed: 'a step it needs did not complete',
  not_selected: 'other steps were chosen when the run was started',
  stopped: 'too many of the others had failed',
  person: 'a person skipped it',
  lock_taken: 'what it needs for itself alone was taken',
  expired: 'nobody answered in time',
  window_closed: 'its target was outside of its maintenance windows',
} as const satisfies Record<Exclude<SkipReason, 'condition'>, string>;
