import { ApplicationFailure } from '@temporalio/workflow';
import { STEP_SPECS, type WorkflowStepType } from '#activities/catalog.ts';
import { attemptsBefore } from '#jobs/apply-event.ts';
import { type StepError, StepFailure } from '#jobs/failure.ts';
import type { HoldMove } from '#jobs/holds/kind.ts';
import type { JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import type { Decision } from '#jobs/next-steps.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import type { RunEvent } from '#jobs/run-event.ts';
import type { ConfigOf } from '#jobs/step.ts';
import { outputsOf } from '#jobs/step-outputs.ts';
import { validateConfig } from '#jobs/validate-config.ts';
import { failureOf } from './carry-out.ts';
import type { OpenRun } from './open-run.ts';
import { stepErrorOf } from './step-failure.ts';
import { beginApproval } from './steps/approval.ts';
import { beginJobRun, tendRun } from './steps/job-run.ts';
import { tellPeople } from './steps/notices.ts';
import { beginSignal, beginWebhook } from './steps/receive.ts';
import { beginDuration, beginUntil } from './steps/wait.ts';
import { tendWindow } from './windows.ts';

/** How a step of each type begins that the run carries out by itself: at once, or once a worker has said what the run cannot know. */
const BEGINNINGS = {
  approval: beginApproval,
  'job.run': beginJobRun,
  'wait.duration': beginDuration,
  'wait.until': beginUntil,
  'wait.signal': beginSignal,
  'wait.webhook': beginWebhook,
} as const satisfies {
  [T in WorkflowStepType]: (run: OpenRun, key: string, config: ConfigOf<(typeof STEP_SPECS)[T]>) => HoldMove | Promise<HoldMove>;
};

type Begin = (run: OpenRun, key: string, config: JsonObject) => HoldMove | Promise<HoldMove>;

/** Begins a step that the run carries out by itself; answers with its key when its row is to be told now. */
export function holdStep(run: OpenRun, { step, key, config }: Extract<Decision, { do: 'hold' }>): string | null {
  try {
    refuseInSlice(run, step);
    const begun = beginningOf(step)(run, key, checked(step, config));
    if (!(begun instanceof Promise)) return moveHold(run, { do: 'move', step, key, move: begun });
    const before = attemptsBefore(run.state, key);
    const ended = run.begin(key);
    begun.then(
      (move) => ended(eventsOf(step, key, move, before), 'workflow'),
      (error: unknown) => ended([failureOf(step, key, isOwnFailure(error) ? toldOf(error) : stepErrorOf(error), before)], 'workflow'),
    );
    return null;
  } catch (error) {
    if (!isOwnFailure(error)) throw error;
    run.apply(failureOf(step, key, toldOf(error), attemptsBefore(run.state, key)));
    return key;
  }
}

/** Carries out what becomes of a held step, and tells people what they are to know; answers with its key when its row is to be told now. */
export function moveHold(run: OpenRun, { step, key, move }: Extract<Decision, { do: 'move' }>): string | null {
  if (move.to === 'hold' && move.hold.kind === 'run') return tendRun(run, key, move.hold);
  if (move.to === 'hold' && move.hold.kind === 'window') return tendWindow(run, key, move.hold);
  if (move.to === 'hold' && move.notices) tellPeople(run, key, move.notices);
  for (const event of eventsOf(step, key, move, attemptsBefore(run.state, key))) run.apply(event);
  return key;
}

function eventsOf(step: PlannedStep, key: string, move: HoldMove, before: number): readonly RunEvent[] {
  switch (move.to) {
    case 'hold':
      return [{ type: 'step_held', key, hold: move.hold }];
    case 'skip':
      return [{ type: 'step_skipped', key, reason: move.reason }];
    case 'fail':
      return [failureOf(step, key, move.error, before + 1)];
    case 'complete':
      try {
        return [{ type: 'step_completed', key, outputs: outputsOf(step.outputs, move.result) }];
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        return [failureOf(step, key, { type: error.type, message: error.message }, before + 1)];
      }
  }
}

function beginningOf({ type }: PlannedStep): Begin {
  const begin = Object.hasOwn(BEGINNINGS, type) ? BEGINNINGS[type as WorkflowStepType] : undefined;
  if (begin === undefined) throw ApplicationFailure.nonRetryable(`no step type ${type}`, 'invalid_input');
  return begin as Begin;
}

/** What a step gets wrong; a RangeError is about a duration that an expression gave. */
const isOwnFailure = (error: unknown): error is StepFailure | RangeError => error instanceof StepFailure || error instanceof RangeError;

const toldOf = (error: StepFailure | RangeError): StepError => ({
  type: error instanceof StepFailure ? error.type : 'invalid_input',
  message: error.message,
});

/** Types that something is sent to from outside, which finds the run and not the workflows that carry out many parts of a step. */
const REACHED_FROM_OUTSIDE: readonly string[] = ['approval', 'wait.signal', 'wait.webhook'] satisfies readonly WorkflowStepType[];

function refuseInSlice({ state }: OpenRun, { id, type }: PlannedStep): void {
  if (!state.steps[id]?.within || !REACHED_FROM_OUTSIDE.includes(type)) return;
  throw new StepFailure('invalid_input', `${type} is for at most ${LIMITS.partsInRun} items of one step`);
}

/** What the definition could not be checked for: the values of its templates. */
function checked({ type }: PlannedStep, config: JsonObject): JsonObject {
  const [problem] = validateConfig(STEP_SPECS[type as WorkflowStepType], config);
  if (problem) throw new StepFailure('invalid_input', `${problem.pointer.slice(1).replaceAll('/', '.')}: ${problem.message}`);
  return config;
}
