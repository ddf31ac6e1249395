import { type StepFailure, stepFailure } from '#jobs/failure.ts';

/** How a process group was ended: the signals that were needed, and the processes that outlived them all. */
export interface Killed {
  /** null when the command never said that it started. */
  readonly group: number | null;
  readonly signals: readonly string[];
  readonly survivors: readonly number[];
}

/** The failure of a step that was stopped, saying what became of its processes; `lost` when its time was over and some live on or may do so. */
export function stoppedFailure(signal: AbortSignal, { group, signals, survivors }: Killed, where: string): StepFailure {
  const reason = signal.reason as StepFailure;
  const details = { ...reason.details, group, signals: [...signals], survivors: [...survivors] };
  const type = reason.type === 'timeout' ? 'lost' : reason.type;
  if (group === null) return stepFailure(type, `${reason.message}; whether the command ${where} still runs is unknown`, details);
  if (survivors.length > 0) {
    return stepFailure(type, `${reason.message}; processes ${survivors.join(', ')} ${where} could not be ended`, details);
  }
  const how = signals.length === 0 ? '' : `; its processes ${where} were ended by ${signals.join(', then ')}`;
  return stepFailure(reason.type, `${reason.message}${how}`, details);
}
