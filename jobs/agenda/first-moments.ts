import { atOf, indexFrom, type Kind, kindOf } from './blocks.ts';
import { comparePlaces, type Place } from './words.ts';

/** One schedule's moments of a block, and from which moment on they count. */
export interface Source<T> {
  readonly id: string;
  readonly moments: Float64Array;
  readonly from: number;
  readonly of: T;
}

/** A moment of a schedule. */
export interface Found<T> extends Place, Kind {
  readonly of: T;
}

/** The first moments after a place, in order, at most so many, of all sources together: none is looked at further than it can matter. */
export function firstMoments<T>(
  sources: Iterable<Source<T>>,
  after: Place | null,
  until: number,
  limit: number,
  isWanted: (at: number, kind: Kind, of: T) => boolean,
): readonly Found<T>[] {
  let found: Found<T>[] = [];
  let last = until - 1;
  for (const { id, moments, from, of } of sources) {
    for (let index = indexFrom(moments, Math.max(from, after?.at ?? from)); index < moments.length; index += 1) {
      const packed = moments[index] ?? 0;
      const at = atOf(packed);
      if (at > last) break;
      const kind = kindOf(packed);
      if (!isWanted(at, kind, of)) continue;
      const one = { at, id, again: 0, of, ...kind };
      if (after === null || comparePlaces(one, after) > 0) found.push(one);
    }
    // Sorted now and then instead of one by one.
    if (found.length > 8 * limit) {
      found = found.sort(comparePlaces).slice(0, limit);
      last = found.at(-1)?.at ?? last;
    }
  }
  return found.sort(comparePlaces).slice(0, limit);
}
