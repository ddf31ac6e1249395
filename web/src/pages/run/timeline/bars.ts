import { hasEnded, type StepStatus } from '#jobs/run-state.ts';
import type { AttemptSummary, RunView, StepSummary } from '../../../api/views.ts';
import { hasParts } from '../rows.ts';
import type { Span } from './axis.ts';

/** One piece of a step's line: an attempt, the pause before the next one, a wait that the run itself carries out, or the time until a worker took it. */
export interface Bar extends Span {
  readonly kind: 'attempt' | 'pause' | 'wait' | 'queue';
  readonly status: StepStatus;
  readonly attempt: number;
  /** 0–1 of a running attempt that tells it. */
  readonly progress: number | null;
}

/** Which attempts are looked at: all, or of each step one, its last where it has fewer. */
export type Attempts = number | null;

const time = (iso: string | null | undefined): number | null => (iso ? Date.parse(iso) : null);

/** Below this, the time until a worker took a step is no wait. */
const SHORTEST_QUEUE_MS = 20;

/** What is drawn of a step: the time since it could begin, its attempts and the pauses between them, until now while it runs. */
export const barsOf = (step: StepSummary, now: number, only: Attempts = null, readyAt: number | null = null): readonly Bar[] => {
  if (hasParts(step)) return barOfParts(step, now);
  const attempts = chosenOf(step.attempts, only);
  const bars: Bar[] = [];
  for (const attempt of attempts) {
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
  const [first] = bars;
  if (!first) return step.kept_from === null ? barOfWait(step, now) : [];
  if (readyAt !== null && first.attempt === 1 && first.from - readyAt >= SHORTEST_QUEUE_MS)
    bars.unshift({ kind: 'queue', from: readyAt, to: first.from, status: 'queued', attempt: 1, progress: null });
  const last = bars.at(-1);
  if (last && step.status === 'retrying' && attempts.at(-1)?.attempt === step.attempt)
    bars.push({ kind: 'pause', from: last.to, to: Math.max(last.to, now), status: 'retrying', attempt: step.attempt + 1, progress: null });
  return bars;
};

const chosenOf = (attempts: readonly AttemptSummary[], only: Attempts): readonly AttemptSummary[] => {
  const inOrder = attempts.toSorted((one, other) => one.attempt - other.attempt);
  if (only === null) return inOrder;
  return inOrder.filter(({ attempt }) => attempt <= only).slice(-1);
};

/** What only waits has no attempts: one bar, for as long as it is waited. */
const barOfWait = (step: StepSummary, now: number): readonly Bar[] => {
  const since = step.hold?.since;
  const from = time(step.started_at ?? (typeof since === 'string' ? since : null));
  if (from === null) return [];
  return [{ kind: 'wait', from, to: Math.max(from, time(step.ended_at) ?? now), status: step.status, attempt: 1, progress: null }];
};

/** A step in parts has no attempts of its own: one bar, from its first part to its last. */
const barOfParts = (step: StepSummary, now: number): readonly Bar[] => {
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
