import { momentAfterGap, momentsShowing } from './zones/wall.ts';
import type { Zone } from './zones/zone.ts';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/**
 * The moment (epoch milliseconds) at which the clocks of a zone show this. A time that is left out in spring comes as much later as the clocks
 * were put forward; of one that comes twice in autumn the first is meant. It depends on the zone data of the process, so a workflow must not ask.
 * Throws a RangeError for what is no such time.
 */
export function instantOfLocal(local: string, zone: Zone): number {
  const [, ...parts] = LOCAL.exec(local) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  if (parts.length === 0 || !new Date(wall).toISOString().startsWith(local)) {
    throw new RangeError(`${JSON.stringify(local)} is not a time on the wall; write 2027-01-31T23:00`);
  }
  return momentsShowing(wall, zone)[0] ?? momentAfterGap(wall, zone);
}
