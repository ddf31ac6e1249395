import { array, assert, boolean, constantFrom, integer, property, record, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import type { Candidate } from '../recurrence/wanted.ts';
import { hasEndedBadly, RUN_STATUSES } from '../run-state.ts';
import { type ChosenFire, chooseFires, type EarlierRun } from './choose-fires.ts';
import { BACKFILL_ORDERS, REPROCESS } from './words.ts';

const moments = uniqueArray(record({ at: integer({ min: 0, max: 60 }), starts: boolean() }), {
  selector: ({ at }) => at,
  maxLength: 40,
}).map((all) =>
  all
    .sort((a, b) => a.at - b.at)
    .map(({ at, starts }): Candidate => ({ at, wall: '', marks: starts ? [] : ['blackout'], reason: starts ? null : 'blackout' })),
);
const earlierRuns = array(record({ at: integer({ min: 0, max: 60 }), status: constantFrom(...RUN_STATUSES, null) }), { maxLength: 20 }).map(
  (all) => new Map(all.map(({ at, status }, n): [number, EarlierRun] => [at, { run: `run-${n}`, status, nextAgain: n + 1 }])),
);
const choices = record({
  reprocess: constantFrom(...REPROCESS),
  order: constantFrom(...BACKFILL_ORDERS),
  limit: integer({ min: 1, max: 50 }),
});

/** Said of each moment by itself. */
function isMeant(at: number, candidates: readonly Candidate[], earlier: ReadonlyMap<number, EarlierRun>, reprocess: string): boolean {
  const known = earlier.get(at);
  if (reprocess === 'failed') return known?.status != null && hasEndedBadly(known.status);
  return candidates.some((one) => one.at === at && one.reason === null) && (reprocess === 'all' || known === undefined);
}

test('a backfill starts each moment that is meant once, in its order, the first so many; a moment that ran becomes its next run', () => {
  assert(
    property(moments, earlierRuns, choices, (candidates, earlier, choice) => {
      const every = Array.from({ length: 61 }, (_, at) => at).filter((at) => isMeant(at, candidates, earlier, choice.reprocess));
      const wanted = (choice.order === 'oldest' ? every : every.toReversed()).slice(0, choice.limit);
      const chosen: readonly ChosenFire[] = chooseFires(candidates, earlier, choice);
      expect(chosen.map(({ at }) => at)).toEqual(wanted);
      for (const { at, again, earlier_run } of chosen) {
        const known = earlier.get(at);
        expect([again, earlier_run]).toEqual(known ? [known.nextAgain, known.run] : [0, null]);
      }
    }),
  );
});

test('what is left out by the clocks or a calendar is not started, unless its run failed before it was', () => {
  const left: Candidate = { at: 1, wall: '', marks: ['blackout'], reason: 'blackout' };
  const failed = new Map([[1, { run: 'r', status: 'failed', nextAgain: 1 } as const]]);
  const of = (reprocess: 'all' | 'failed') => chooseFires([left], failed, { reprocess, order: 'oldest', limit: 10 }).length;
  expect([of('all'), of('failed')]).toEqual([0, 1]);
});
