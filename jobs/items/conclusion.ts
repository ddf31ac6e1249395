import type { StepState } from '../apply-event.ts';
import type { StepError } from '../failure.ts';
import type { Decision } from '../next-steps.ts';
import { nameOfPart } from '../parts.ts';
import type { PlannedStep } from '../plan.ts';
import { tolerated } from './part-policy.ts';
import { errorTypes, tallyOfStep } from './slices.ts';
import { isFailure } from './tally.ts';

/** How a step ends whose parts have: well if no more of them failed than it bears, else with the failure they share or, of several, the one least to be overlooked. */
export function conclusion(step: PlannedStep, own: StepState, isStopping: boolean): Extract<Decision, { do: 'complete' | 'fail' }> {
  const { parts = [] } = own;
  const tally = tallyOfStep(own);
  if (tally === null) return { do: 'complete', step };
  const { total, completed, failed } = tally;
  const skipped = total - completed - failed;
  const allowed = tolerated(step, own.within?.total ?? total);
  const stopped = step.fail !== undefined && step.fail.mode !== 'continue' && failed + (own.within?.failedBefore ?? 0) > allowed;
  const isDone = tally.over === total || own.slices?.every(({ status }) => status === 'over');
  if (isDone && !stopped && failed <= allowed && !(isStopping && failed > 0)) return { do: 'complete', step };
  const noun = parts.some(({ target }) => target !== undefined) ? 'targets' : 'items';
  if (isStopping) {
    return failure(step, { type: 'cancelled', message: `stopped when ${completed} of ${total} ${noun} were done` });
  }
  const names = failedNumbers(own).map((n) => nameOfPart(parts[n] ?? {}));
  const tolerance = allowed > 0 ? ` (${allowed} are tolerated)` : '';
  const left = skipped > 0 && stopped ? `; ${skipped} were not begun` : '';
  const message = `${failed} of ${total} ${noun} failed${tolerance}${listed(names, failed)}${left}`;
  return failure(step, { type: typeOf(errorsOf(own)), message, details: { [`failed_${noun}`]: names.slice(0, MOST_NAMED) } });
}

/** The parts have been tried as often as they are going to be, so nobody is waited for. */
const failure = (step: PlannedStep, error: StepError): Extract<Decision, { do: 'fail' }> => ({
  do: 'fail',
  step,
  key: step.id,
  error,
  isFinal: true,
});

/** Places in the list of parts. */
const failedNumbers = ({ parts = [], slices }: StepState): readonly number[] =>
  slices
    ? slices.flatMap(({ told }) => told?.failedParts ?? [])
    : parts.flatMap(({ state }, n) => (state && isFailure(state.status) ? [n] : []));

const errorsOf = ({ parts = [], slices }: StepState): readonly StepError['type'][] =>
  slices ? slices.flatMap(({ told }) => told?.errors ?? []) : errorTypes(parts);

const MOST_NAMED = 100;

/** The first ten names of so many; nothing where none is known. */
function listed(names: readonly string[], count: number): string {
  const shown = names.slice(0, 10);
  const more = count > shown.length ? ` and ${count - shown.length} more` : '';
  return shown.length === 0 ? '' : `: ${shown.join(', ')}${more}`;
}

/** An end that nobody saw must not hide behind one that is known; one that was cut short says least. */
const typeOf = (types: readonly StepError['type'][]): StepError['type'] =>
  types.find((type) => type === 'lost') ?? types.find((type) => type !== 'cancelled') ?? types[0] ?? 'internal';
