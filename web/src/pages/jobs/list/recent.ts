import { hasEndedBadly, STATUS_LOOK } from '#jobs/run-state.ts';
import type { RecentRun } from '../views.ts';

/** What a run counts as in a row of shapes. */
export type Outcome = 'done' | 'bad' | 'stopped' | 'active' | 'waiting';

/** The outcome that decides the shape of a run. */
export const outcomeOf = ({ status }: Pick<RecentRun, 'status'>): Outcome => {
  if (status === 'completed') return 'done';
  if (hasEndedBadly(status)) return 'bad';
  if (status === 'cancelled') return 'stopped';
  return STATUS_LOOK[status].group === 'not_started' ? 'waiting' : 'active';
};

/** Percent of the runs that completed, of those that completed or ended badly; null when none did. */
export const successOf = (runs: readonly RecentRun[]): number | null => {
  const done = runs.filter((run) => outcomeOf(run) === 'done').length;
  const bad = runs.filter((run) => outcomeOf(run) === 'bad').length;
  return done + bad === 0 ? null : (100 * done) / (done + bad);
};

/** The middle duration of the runs that completed, in milliseconds; null when none did. */
export const middleOf = (runs: readonly RecentRun[]): number | null => {
  const times = runs.flatMap((run) => (outcomeOf(run) === 'done' && run.execution_time_ms !== null ? [run.execution_time_ms] : []));
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
};

/** Runs as bars of 0.2 to 1, oldest first, by the square root of their duration, so that one long run does not flatten the others. */
export const barsOf = (
  runs: readonly RecentRun[],
): readonly { readonly run: RecentRun; readonly outcome: Outcome; readonly height: number }[] => {
  const longest = Math.max(1, ...runs.map((run) => run.execution_time_ms ?? 0));
  return runs.toReversed().map((run) => ({
    run,
    outcome: outcomeOf(run),
    height: 0.2 + 0.8 * Math.sqrt((run.execution_time_ms ?? 0) / longest),
  }));
};
