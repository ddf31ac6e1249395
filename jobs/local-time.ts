const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;
const DAY_MS = 86_400_000;

/**
 * The moment (epoch milliseconds) at which the clocks of a zone show this. A time that is left out in spring comes as much later as the clocks
 * were put forward; of one that comes twice in autumn the first is meant. It depends on the zone data of the process, so a workflow must not ask.
 * Throws a RangeError for what is no such time or no zone.
 */
export function instantOfLocal(local: string, timezone: string): number {
  const [, ...parts] = LOCAL.exec(local) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  if (parts.length === 0 || !new Date(wall).toISOString().startsWith(local)) {
    throw new RangeError(`${JSON.stringify(local)} is not a time on the wall; write 2027-01-31T23:00`);
  }
  const offsetAt = offsetsOf(timezone);
  const before = offsetAt(wall - DAY_MS);
  const moments = [before, offsetAt(wall + DAY_MS)].map((offset) => wall - offset);
  const shown = moments.filter((moment) => moment + offsetAt(moment) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - before;
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetsOf(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (moment) => {
    const shown = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
  };
}
