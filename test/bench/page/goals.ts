import { quantile, spread } from '../measure.ts';
import type { Finding } from '../result.ts';

/** A row of the table for what must take no longer than a goal at its median; the slowest of ten is in the verdict. */
export const within = (what: string, taken: readonly number[], goal: number, share = 0.5): Finding => ({
  what,
  unit: 'ms',
  capstan: spread(share === 0.5 ? taken : [quantile(taken, share)]),
  against: null,
  verdict: share === 0.5 ? `p90 ${quantile(taken, 0.9)} ms` : `p50 ${quantile(taken, 0.5)} ms, longest ${quantile(taken, 1)} ms`,
  goal: { words: `≤ ${goal} ms`, met: quantile(taken, share) <= goal },
});

/** A row that is only shown. */
export const shown = (what: string, taken: readonly number[]): Finding => ({ ...within(what, taken, 0), goal: null });
