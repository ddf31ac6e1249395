import { momentBeforeGap } from '../zones/wall.ts';
import type { Zone } from '../zones/zone.ts';
import { wallText } from './civil.ts';
import type { Mark } from './wanted.ts';

/** The time on the wall that a rule names for one of its moments, `2027-03-28T02:30`, which the clocks may have left out; null where a calendar put the moment off, which does not tell. */
export function namedWall(at: number, marks: readonly Mark[], zone: Zone): string | null {
  if (marks.includes('deferred')) return null;
  return wallText(marks.includes('shifted') || marks.includes('gap-skipped') ? momentBeforeGap(at, zone) : at + zone.offsetAt(at));
}
