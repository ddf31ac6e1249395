import { candidates } from '../recurrence/candidates.ts';
import type { Candidate, Mark, UsedCalendar } from '../recurrence/wanted.ts';
import type { Rule } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';

/** Moments are kept for so long a stretch at a time, counted from 1970. */
export const BLOCK_MS = 4 * 86_400_000;

export const blockOf = (at: number): number => Math.floor(at / BLOCK_MS);

/** What is particular about a moment, and why nothing starts then. */
export type Kind = Pick<Candidate, 'marks' | 'reason'>;

const OF_CLOCKS: readonly (readonly Mark[])[] = [[], ['shifted'], ['fold-first'], ['fold-second'], ['gap-skipped']];
const OF_CALENDARS: readonly (readonly Mark[])[] = [[], ['blackout'], ['window'], ['deferred']];

const KINDS: readonly Kind[] = OF_CLOCKS.flatMap((clocks) =>
  OF_CALENDARS.map((calendars) => {
    const marks = [...clocks, ...calendars];
    const reason = marks.includes('gap-skipped') ? 'dst' : (marks.find((mark) => mark === 'blackout' || mark === 'window') ?? null);
    return { marks, reason };
  }),
);
const NUMBER_OF = new Map(KINDS.map(({ marks }, number) => [marks.join(), number]));
const ROOM = 32;

/** The moments of a rule in one block, each as one number together with what is particular about it; they are in order. */
export function momentsOfBlock(rule: Rule, zone: Zone, block: number, calendars: readonly UsedCalendar[]): Float64Array {
  const packed: number[] = [];
  for (const { at, marks } of candidates(rule, zone, { from: block * BLOCK_MS, to: (block + 1) * BLOCK_MS }, calendars)) {
    const number = NUMBER_OF.get(marks.join());
    if (number === undefined) throw new Error(`nobody expects the marks ${marks.join()} together`);
    packed.push(at * ROOM + number);
  }
  return packed.length === 0 ? NONE : Float64Array.from(packed);
}

const NONE = new Float64Array(0);

/** The moment in a packed number. */
export const atOf = (packed: number): number => Math.floor(packed / ROOM);
/** What is particular about it. */
export const kindOf = (packed: number): Kind => KINDS[packed - atOf(packed) * ROOM] ?? { marks: [], reason: null };

/** The index of the first moment of a block that is not before this. */
export function indexFrom(moments: Float64Array, at: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle] ?? 0) < at * ROOM) low = middle + 1;
    else high = middle;
  }
  return low;
}
