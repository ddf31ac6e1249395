import { patched, proxyLocalActivities } from '@temporalio/workflow';
import { attemptsBefore, type RunState } from '#jobs/apply-event.ts';
import { slicesOf, wantsSlices } from '#jobs/items/slices.ts';
import { LIMITS } from '#jobs/limits.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { Part } from '#jobs/parts.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import { failureOf } from './carry-out.ts';
import type { TargetsCall, TargetsReport } from './messages.ts';
import type { OpenRun } from './open-run.ts';
import { stepErrorOf } from './step-failure.ts';

const { resolveTargets } = proxyLocalActivities<{ resolveTargets(call: TargetsCall): Promise<TargetsReport> }>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Looks up the targets of a step and tells the run which parts it falls into; what was found once stands, whatever becomes of the inventory. */
export function expandStep(run: OpenRun, { step, choice }: Extract<Decision, { do: 'expand' }>): void {
  const key = step.id;
  const before = attemptsBefore(run.state, key);
  const ended = run.begin(key);
  const failed = (error: unknown): RunEvent => failureOf(step, key, stepErrorOf(error), before);
  const { project, onlyTargets } = run.input;
  resolveTargets({ project, type: step.type, choice: onlyTargets?.[key] ?? choice }).then(
    ({ targets, windowed }) => {
      const mayHaveSlices = wantsSlices(step, targets.length) && patched('targets-in-slices');
      const parts = targets.map((target) => ({ target }));
      // Others may have been taken apart since this one was looked up.
      ended((state) => {
        const room = LIMITS.partsOfRun - partsIn(state);
        return [
          parts.length <= room ? expanded(step, parts, mayHaveSlices, windowed) : failureOf(step, key, tooMany(parts.length, room), before),
        ];
      }, 'workflow');
    },
    (error: unknown) => ended([failed(error)], 'workflow'),
  );
}

/** Takes a step apart into parts that are known already; answers with its key. */
export function divideStep(run: OpenRun, { step, parts }: Extract<Decision, { do: 'divide' }>): string {
  const room = LIMITS.partsOfRun - partsIn(run.state);
  run.apply(parts.length <= room ? expanded(step, parts, true) : failureOf(step, step.id, tooMany(parts.length, room), 0));
  return step.id;
}

/** Runs of before there were slices carry out all parts by themselves. */
function expanded(step: PlannedStep, parts: readonly Part[], mayHaveSlices: boolean, windowed?: true): RunEvent {
  // What undoes a part sees what that part handed on, which only the run knows.
  const isUndone = parts.some(({ undoes }) => undoes !== undefined);
  const slices = mayHaveSlices && !isUndone && wantsSlices(step, parts.length) ? slicesOf(step, parts.length) : null;
  if (slices === null && parts.length > LIMITS.partsUnsliced) return failureOf(step, step.id, tooManyInOne(parts.length), 0);
  return { type: 'step_expanded', key: step.id, parts, ...(slices && { slices }), ...(slices && windowed && { windowed }) };
}

const partsIn = ({ steps }: RunState): number => Object.values(steps).reduce((sum, { parts }) => sum + (parts?.length ?? 0), 0);

const tooManyInOne = (parts: number) =>
  ({
    type: 'invalid_input',
    message: `${parts} items or targets are more than ${LIMITS.partsUnsliced}, which is how many a step takes that waits, takes locks or a rate, or is undone; spread them over several steps`,
  }) as const;

const tooMany = (parts: number, room: number) =>
  ({
    type: 'invalid_input',
    message: `${parts} items or targets are more than this run has room for: ${room} of ${LIMITS.partsOfRun} are left; spread them over several runs`,
  }) as const;
