import { hasEnded, type StepStatus } from '#jobs/run-state.ts';
import type { RunView, StepView } from '../../../api/views.ts';
import { hasParts } from '../rows.ts';
import type { Span } from './axis.ts';

/** One piece of a step's line: an attempt, the pause before the next one, or a wait that the run itself carries out. */
export interface Bar extends Span {
  readonly kind: 'attempt' | 'pause' | 'wait';
  readonly status: StepStatus;
  readonly attempt: number;
  /** 0–1 of a running attempt that tells it. */
  readonly progress: number | null;
}

const time = (iso: string | null | undefined): number | null => (iso ? Date.parse(iso) : null);

/** What is drawn of a step: its attempts and the pauses between them, until now while it runs. */
export const barsOf = (step: StepView, now: number): readonly Bar[] => {
  if (hasParts(step)) return barOfParts(step, now);
  const bars: Bar[] = [];
  for (const attempt of step.attempts.toSorted((one, other) => one.attempt - other.attempt)) {
    const from = time(attempt.started_at);
    if (from === null) continue;
    const before = bars.at(-1);
    if (before && from > before.to)
      bars.push({ kind: 'pause', from: before.to, to: from, status: 'retrying', attempt: attempt.attempt, progress: null });
    const running = attempt.attempt === step.attempt && !hasEnded(attempt.status);
    bars.push({
      kind: 'attempt',
      from,
      to: Math.max(from, time(attempt.ended_at) ?? now),
      status: attempt.status,
      attempt: attempt.attempt,
      progress: running && step.progress ? step.progress / 100 : null,
    });
  }
  if (bars.length === 0) return step.kept_from === null ? barOfWait(step, now) : [];
  const last = bars.at(-1);
  if (last && step.status === 'retrying')
    bars.push({ kind: 'pause', from: last.to, to: Math.max(last.to, now), status: 'retrying', attempt: step.attempt + 1, progress: null });
  return bars;
};

/** What only waits has no attempts: one bar, for as long as it is waited. */
const barOfWait = (step: StepView, now: number): readonly Bar[] => {
  const since = step.hold?.since;
  const from = time(step.started_at ?? (typeof since === 'string' ? since : null));
  if (from === null) return [];
  return [{ kind: 'wait', from, to: Math.max(from, time(step.ended_at) ?? now), status: step.status, attempt: 1, progress: null }];
};

/** A step in parts has no attempts of its own: one bar, from its first part to its last. */
const barOfParts = (step: StepView, now: number): readonly Bar[] => {
  const from = time(step.started_at);
  if (from === null) return [];
  const progress = hasEnded(step.status) || !step.progress ? null : step.progress / 100;
  return [{ kind: 'attempt', from, to: Math.max(from, time(step.ended_at) ?? now), status: step.status, attempt: 1, progress }];
};

/** The time the run's line spans: from its start, or a wait before it, to its end, or somewhat past now, in steps, so that bars grow within a line that rarely moves. */
export const domainOf = (
  run: Pick<RunView, 'created_at' | 'started_at' | 'ended_at'>,
  now: number,
  bars: readonly Pick<Bar, 'from'>[] = [],
): Span => {
  const start = time(run.started_at) ?? Date.parse(run.created_at);
  const from = bars.reduce((earliest, bar) => Math.min(earliest, bar.from), start);
  const ended = time(run.ended_at);
  if (ended !== null) return { from, to: Math.max(from + 1, ended) };
  const passed = Math.max(5000, now - from);
  const grain = 10 ** Math.floor(Math.log10(passed));
  return { from, to: from + Math.ceil((passed * 1.1) / grain) * grain };
};
