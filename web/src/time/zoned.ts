/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
export const offsetAt = (moment: number, zone: string): number => {
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
};

const formatters = new Map<string, Intl.DateTimeFormat>();
const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known =
    formatters.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formatters.set(zone, known);
  return known;
};

/** The moments, earliest first, at which the clocks of a zone show this (`2027-03-28T02:30`): none where they leave it out, two where they show it twice. */
export const momentsOf = (wall: string, zone: string): readonly number[] => {
  const shown = shownBy(wall);
  if (Number.isNaN(shown)) return [];
  const offsets = [shown - DAY_MS, shown, shown + DAY_MS].map((near) => offsetAt(near, zone));
  const found = [...new Set(offsets)].map((offset) => shown - offset).filter((at) => at + offsetAt(at, zone) === shown);
  return found.toSorted((a, b) => a - b);
};

/** The moment at which the clocks of a zone show this: the first of two, and moved ahead where they leave it out; null for no time. */
export const momentOf = (wall: string, zone: string): number | null => {
  const shown = shownBy(wall);
  return Number.isNaN(shown) ? null : (momentsOf(wall, zone)[0] ?? shown - offsetAt(shown - DAY_MS, zone));
};

const DAY_MS = 86_400_000;
const shownBy = (wall: string): number => Date.parse(`${wall.length === 10 ? `${wall}T00:00` : wall}Z`);

/** What the clocks of a zone show at a moment, as date and time fields take it: `2027-03-28T03:30`. */
export const wallAt = (moment: number, zone: string): string => new Date(moment + offsetAt(moment, zone)).toISOString().slice(0, 16);

/** A change of a zone's clocks: they are put by `by` milliseconds, ahead or back. */
export interface ClockChange {
  readonly at: number;
  readonly by: number;
}

const STEP_MS = 7 * DAY_MS;

/** When the clocks of a zone change next, looking a bit more than a year ahead. */
export const nextChanges = (zone: string, from: number): readonly ClockChange[] => {
  const found: ClockChange[] = [];
  for (let low = from; low < from + 400 * DAY_MS; low += STEP_MS) {
    const by = offsetAt(low + STEP_MS, zone) - offsetAt(low, zone);
    if (by === 0) continue;
    let [before, after] = [low, low + STEP_MS];
    while (after - before > 60_000) {
      const middle = Math.floor((before + after) / 120_000) * 60_000;
      if (middle <= before) break;
      if (offsetAt(middle, zone) === offsetAt(low, zone)) before = middle;
      else after = middle;
    }
    found.push({ at: after, by });
  }
  return found;
};
