import { proxyLocalActivities } from '@temporalio/workflow';
import type { SkipReason, StepState } from '#jobs/apply-event.ts';
import type { Json } from '#jobs/json.ts';
import type { PlannedStep } from '#jobs/plan.ts';
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
  try {
    await run.shielded.run(() => hasty.recordRun(recordOf(run, snapshot, keys, null)));
  } catch {
    // The closing record carries everything this one did.
  }
}

/** Writes the run's end with every step as the workflow knows it; kept trying until Postgres has it. */
export const recordEnd = (run: OpenRun, snapshot: RunSnapshot, result: Json): Promise<void> =>
  patient.recordRun(recordOf(run, snapshot, Object.keys(run.state.steps), result));

function recordOf(run: OpenRun, snapshot: RunSnapshot, keys: readonly string[], result: Json): RunRecord {
  const wanted = new Set(keys);
  const steps = run.input.plan.steps.filter((step) => wanted.has(step.id));
  return {
    run: run.input.run,
    project: run.input.project,
    snapshot,
    steps: steps.flatMap((step) => stepRecord(step, run.state.steps[step.id]) ?? []),
    result_data: result,
  };
}

function stepRecord(step: PlannedStep, state: StepState | undefined): StepRecord | null {
  if (!state) return null;
  const retrying = state.status === 'retry';
  return {
    key: step.id,
    number: step.number,
    name: step.name,
    type: step.type,
    status: retrying ? 'queued' : state.status,
    waiting_for: state.status === 'waiting' ? 'intervention' : null,
    error: 'error' in state ? state.error : null,
    message: state.status === 'skipped' ? whySkipped(step, state.reason) : null,
    outputs: state.status === 'completed' ? state.outputs : null,
    attempt: 'attempt' in state ? (state.attempt ?? null) : null,
  };
}

/** The reason a person reads beside a skipped step. */
function whySkipped(step: PlannedStep, reason: SkipReason): string {
  if (reason === 'condition') return `its condition was false: ${step.if}`;
  return reason === 'disabled' ? 'it is switched off in the definition' : 'a step it needs did not complete';
}
