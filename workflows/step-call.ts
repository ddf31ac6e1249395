import { attemptsBefore, type RunState } from '#jobs/apply-event.ts';
import { lockWords } from '#jobs/holds/lock.ts';
import { LIMITS } from '#jobs/limits.ts';
import { runsPlace } from '#jobs/lock-state.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { Plan, PlannedStep } from '#jobs/plan.ts';
import { summarize } from '#jobs/summarize.ts';
import type { RunInput, RunSnapshot, StepCall } from './messages.ts';

/** What a worker is asked when this step starts in this run. */
export const stepCallOf = (
  { run, project }: Pick<RunInput, 'run' | 'project'>,
  state: RunState,
  { step, key, config, target, part }: Extract<Decision, { do: 'start' }>,
  snapshot: RunSnapshot,
): StepCall => ({
  run,
  project,
  key,
  step: essence(step),
  config,
  target,
  ...(part && { part }),
  attemptsBefore: attemptsBefore(state, key),
  ...(key !== step.id && { outputBytes: shareOf(partsOf(state, step.id)) }),
  snapshot,
});

const partsOf = ({ steps }: RunState, id: string): number => steps[id]?.within?.total ?? steps[id]?.parts?.length ?? 1;

/** Results of parts stand in history one beside the other. */
const shareOf = (parts: number): number => Math.min(LIMITS.outputBytes, Math.max(1024, Math.floor(LIMITS.partsOutputBytes / parts)));

const essence = ({
  id,
  number,
  name,
  type,
  effect,
  reattaches,
  secrets,
  timeoutMs,
  retry,
  outputs,
  inline,
}: PlannedStep): StepCall['step'] => ({
  id,
  number,
  name,
  type,
  effect,
  ...(reattaches ? { reattaches } : {}),
  secrets,
  timeoutMs,
  retry,
  outputs,
  inline,
});

/** What the run as a whole waits for, in words. */
const placeOf = (state: RunState): string | null => {
  const place = runsPlace(state);
  return place && lockWords(place);
};

/** The row of a run in this state, under this sequence number. */
export const snapshotOf = (state: RunState, plan: Pick<Plan, 'steps'>, seq: number): RunSnapshot => ({
  seq,
  ...summarize(state, plan),
  message: placeOf(state),
  error_message: state.ending?.status === 'cancelled' ? null : (state.ending?.error ?? null),
  actor: null,
});
