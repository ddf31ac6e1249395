import { attemptsBefore, type RunState } from '#jobs/apply-event.ts';
import { LIMITS } from '#jobs/limits.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import { summarize } from '#jobs/summarize.ts';
import type { RunInput, RunSnapshot, StepCall } from './messages.ts';

/** What a worker is asked when this step starts in this run. */
export const stepCallOf = (
  { run, project }: Pick<RunInput, 'run' | 'project'>,
  state: RunState,
  { step, key, config, target }: Extract<Decision, { do: 'start' }>,
  snapshot: RunSnapshot,
): StepCall => ({
  run,
  project,
  key,
  step: essence(step),
  config,
  target,
  attemptsBefore: attemptsBefore(state, key),
  ...(key !== step.id && { outputBytes: shareOf(state.steps[step.id]?.parts?.length ?? 1) }),
  snapshot,
});

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

/** The row of a run in this state, under this sequence number. */
export const snapshotOf = (state: RunState, totalSteps: number, seq: number): RunSnapshot => ({
  seq,
  ...summarize(state, totalSteps),
  message: null,
  error_message: null,
  actor: null,
});
