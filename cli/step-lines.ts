import type { RunView } from '#api/views/run.ts';
import type { StepView } from '#api/views/step.ts';
import { formatDuration } from '#jobs/duration.ts';
import { hasEnded, STATUS_LOOK } from '#jobs/run-state.ts';

/** Says each change of a step once, in one line: what it is called, where it stands, how long it took, why it failed. */
export function stepLines(say: (line: string) => void): (step: StepView) => void {
  const said = new Map<string, string>();
  return (step) => {
    const state = `${step.status} ${step.attempt}`;
    if (said.get(step.key) === state || step.status === 'pending') return;
    said.set(step.key, state);
    say(lineOf(step));
  };
}

/** One step in one line. */
export function lineOf(step: StepView): string {
  const attempt = step.attempt > 1 ? ` (attempt ${step.attempt})` : '';
  const time = hasEnded(step.status) && step.duration_ms !== null ? `  ${formatDuration(step.duration_ms)}` : '';
  const why = step.error && step.status !== 'completed' ? `\n    ${step.error.type}: ${step.error.message}` : '';
  const note = step.message && !why ? `  ${step.message}` : '';
  return `  ${calledOf(step).padEnd(28)} ${STATUS_LOOK[step.status].word}${attempt}${time}${note}${why}`;
}

/** A part is told from its siblings by its place, and by what it is about. */
function calledOf({ name, key, parent_key, target, item }: StepView): string {
  if (parent_key === null) return name;
  const about = item === null || item === undefined ? target : typeof item === 'string' ? item : JSON.stringify(item);
  return `${name}${key.slice(parent_key.length)}${about ? ` ${about.slice(0, 40)}` : ''}`;
}

/** How a run ended, in one line. */
export function endOf(run: RunView): string {
  const time = run.execution_time_ms === null ? '' : ` in ${formatDuration(run.execution_time_ms)}`;
  return `#${run.number} ${run.job}: ${STATUS_LOOK[run.status].word.toLowerCase()}${time}${run.error_message ? `\n  ${run.error_message}` : ''}`;
}
