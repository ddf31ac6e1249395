import { proxyLocalActivities } from '@temporalio/workflow';
import { type OneState, type RunState, stepAt } from '#jobs/apply-event.ts';
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
    run.state = Object.entries(outputs).reduce(withOutputs, run.state);
  }
  const untold = Object.entries(steps).flatMap(([key, step]) => ('keptFrom' in step ? [] : [key]));
  if (untold.length > 0) await recordNow(run, run.snapshot(), untold);
}

function withOutputs(state: RunState, [key, outputs]: readonly [string, JsonObject]): RunState {
  const part = partOf(key);
  const id = part?.whole ?? key;
  const whole = state.steps[id];
  const one = stepAt(state, key);
  if (!whole || one?.status !== 'completed') return state;
  const full: OneState = { ...one, outputs };
  const own = part && whole.parts?.[part.n];
  const step = part && whole.parts && own ? { ...whole, parts: whole.parts.with(part.n, { ...own, state: full }) } : { ...whole, ...full };
  return { ...state, steps: { ...state.steps, [id]: step } };
}
