import { proxyLocalActivities } from '@temporalio/workflow';
import type { RunState, StepState } from '#jobs/apply-event.ts';
import type { Slice } from '#jobs/items/slices.ts';
import type { JsonObject } from '#jobs/json.ts';
import { partOf } from '#jobs/parts.ts';
import type { OutputsCall, OutputsReport, Resume } from './messages.ts';
import { recordNow } from './mirror.ts';
import type { OpenRun } from './open-run.ts';

const { readOutputs } = proxyLocalActivities<{ readOutputs(call: OutputsCall): Promise<OutputsReport> }>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Waits for the moment a run was scheduled for, or until it is cancelled: Temporal wakes a run before its time when a message comes. */
export async function untilDue(run: OpenRun, moment: number): Promise<void> {
  run.wakeAt(moment);
  while (!run.isStopping && Date.now() < moment) await run.nextNews();
}

/** Completes the state that a run begins with by what was too large to travel along, and writes the rows of steps that nobody else writes. */
export async function takeUp(run: OpenRun, { steps, unread = [] }: Resume): Promise<void> {
  for (const keys of unread) {
    const { outputs } = await readOutputs({ run: run.input.run, keys });
    // In the order of the keys, for those of a slice have no other.
    run.state = keys.flatMap((key) => (outputs[key] ? [[key, outputs[key]] as const] : [])).reduce(withOutputs, run.state);
  }
  const untold = Object.entries(steps).flatMap(([key, step]) => ('keptFrom' in step ? [] : [key]));
  if (untold.length > 0) await recordNow(run, run.snapshot(), untold);
}

/** The state with the outputs of a step or a part, or with those of the next part in a slice that has nothing but them. */
function withOutputs(state: RunState, [key, outputs]: readonly [string, JsonObject]): RunState {
  const part = partOf(key);
  const id = part?.whole ?? key;
  const whole = state.steps[id];
  if (!whole) return state;
  const one = part ? whole.parts?.[part.n]?.state : whole;
  const step = one
    ? withOwn(whole, part?.n ?? null, outputs)
    : { ...whole, ...(whole.slices && { slices: whole.slices.map((slice) => withNext(slice, outputs)) }) };
  return { ...state, steps: { ...state.steps, [id]: step } };
}

function withOwn(whole: StepState, n: number | null, outputs: JsonObject): StepState {
  if (n === null) return whole.status === 'completed' ? { ...whole, outputs } : whole;
  const part = whole.parts?.[n];
  return whole.parts && part?.state?.status === 'completed'
    ? { ...whole, parts: whole.parts.with(n, { ...part, state: { ...part.state, outputs } }) }
    : whole;
}

const withNext = (slice: Slice, outputs: JsonObject): Slice =>
  slice.told?.outputs ? { ...slice, told: { ...slice.told, outputs: [...slice.told.outputs, outputs] } } : slice;
