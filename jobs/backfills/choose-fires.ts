import type { Candidate, Mark } from '../recurrence/wanted.ts';
import { hasEndedBadly, type RunStatus } from '../run-state.ts';
import type { BackfillOrder, Reprocess } from './words.ts';

/** The last run of a moment, its status null when the run is kept no longer; and which the next run of that moment would be. */
export interface EarlierRun {
  readonly run: string;
  readonly status: RunStatus | null;
  readonly nextAgain: number;
}

/** A moment that is started, which run of that moment it becomes, and the run it repeats. */
export interface ChosenFire {
  readonly at: number;
  readonly again: number;
  readonly marks: readonly Mark[];
  readonly earlier_run: string | null;
}

export interface Choice {
  readonly reprocess: Reprocess;
  readonly order: BackfillOrder;
  readonly limit: number;
}

/**
 * The moments that a backfill starts, in its order. A moment with a run gets another only under `failed`, when its last run ended badly, whatever the
 * rule says of it now, and under `all`.
 */
export function chooseFires(
  candidates: Iterable<Candidate>,
  earlier: ReadonlyMap<number, EarlierRun>,
  choice: Choice,
): readonly ChosenFire[] {
  const { reprocess, order, limit } = choice;
  // Whoever wants the first ones looks no further.
  const enough = order === 'oldest' ? limit : Number.POSITIVE_INFINITY;
  const chosen = reprocess === 'failed' ? failedFires(candidates, earlier) : ruledFires(candidates, earlier, reprocess === 'all', enough);
  return (order === 'oldest' ? chosen : chosen.reverse()).slice(0, limit);
}

function ruledFires(
  candidates: Iterable<Candidate>,
  earlier: ReadonlyMap<number, EarlierRun>,
  isAll: boolean,
  enough: number,
): ChosenFire[] {
  const fires: ChosenFire[] = [];
  for (const { at, marks, reason } of candidates) {
    if (reason !== null || fires.at(-1)?.at === at) continue;
    const known = earlier.get(at);
    if (known === undefined || isAll) fires.push({ at, again: known?.nextAgain ?? 0, marks, earlier_run: known?.run ?? null });
    if (fires.length >= enough) break;
  }
  return fires;
}

function failedFires(candidates: Iterable<Candidate>, earlier: ReadonlyMap<number, EarlierRun>): ChosenFire[] {
  const failed = [...earlier].filter(([, { status }]) => status !== null && hasEndedBadly(status)).sort(([a], [b]) => a - b);
  if (failed.length === 0) return [];
  const marks = new Map([...candidates].map((candidate) => [candidate.at, candidate.marks] as const));
  return failed.map(([at, { run, nextAgain }]) => ({ at, again: nextAgain, marks: marks.get(at) ?? [], earlier_run: run }));
}
