const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An even stretch of time in a zone: from `from` (epoch milliseconds, may be -Infinity) until before `to` (may be Infinity) its clocks are `offsetMs` ahead of UTC. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offsetMs: number;
  readonly abbreviation: string;
}

/** What clocks do for ever, by a rule: the stretch that a moment lies in. */
export type ForEver = (moment: number) => Stretch;

const NAME = '<[A-Za-z0-9+-]{3,}>|[A-Za-z]{3,}';
const TIME = String.raw`[+-]?\d{1,3}(?::\d{1,2}(?::\d{1,2})?)?`;
const DATE = String.raw`J\d{1,3}|\d{1,3}|M\d{1,2}\.\d\.\d`;
const TZ = new RegExp(`^(${NAME})(${TIME})(?:(${NAME})(${TIME})?,(${DATE})(?:/(${TIME}))?,(${DATE})(?:/(${TIME}))?)?$`);

/**
 * Reads a POSIX TZ string as RFC 9636 has it (§3.3.1): days as `Jn`, `n` and `Mm.w.d`, times of day from -167 to 167 hours, summer time all year.
 * Throws for what is none, and for a summer time without rules.
 */
export function readPosixTz(text: string): ForEver {
  const [, standard, standardOffset, summer, summerOffset, starts, startTime, ends, endTime] = TZ.exec(text) ?? [];
  if (standard === undefined || standardOffset === undefined)
    throw new Error(`${JSON.stringify(text)} is no POSIX TZ string with its rules`);
  const winter = { offsetMs: 0 - timeOf(standardOffset, 24, text), abbreviation: bare(standard) };
  if (summer === undefined || starts === undefined || ends === undefined) return () => ({ from: -Infinity, to: Infinity, ...winter });
  const offsetMs = summerOffset === undefined ? winter.offsetMs + HOUR_MS : 0 - timeOf(summerOffset, 24, text);
  const start = edgeOf(starts, startTime, winter.offsetMs, text);
  const end = edgeOf(ends, endTime, offsetMs, text);
  return (moment) => stretchIn(summersAbout(moment, start, end), moment, winter, { offsetMs, abbreviation: bare(summer) });
}

const bare = (name: string): string => (name.startsWith('<') ? name.slice(1, -1) : name);

function timeOf(text: string, mostHours: number, whole: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  if (hours > mostHours || minutes > 59 || seconds > 59)
    throw new Error(`${text} in ${JSON.stringify(whole)} is beyond ${mostHours} hours`);
  const time = hours * HOUR_MS + minutes * 60_000 + seconds * 1000;
  return text.startsWith('-') ? -time : time;
}

/** When a rule applies in a year, in UTC. */
type Edge = (year: number) => number;

/** A day and a time of day as the clocks show them until then. */
function edgeOf(date: string, time: string | undefined, offsetMs: number, whole: string): Edge {
  const shift = (time === undefined ? 2 * HOUR_MS : timeOf(time, 167, whole)) - offsetMs;
  const day = dayOf(date, whole);
  return (year) => day(year) * DAY_MS + shift;
}

function dayOf(date: string, whole: string): (year: number) => number {
  const beyond = (): Error => new Error(`${date} in ${JSON.stringify(whole)} is no day of a year`);
  if (date.startsWith('M')) {
    const [month = 0, week = 0, weekday = 0] = date.slice(1).split('.').map(Number);
    if (month < 1 || month > 12 || week < 1 || week > 5 || weekday > 6) throw beyond();
    return (year) => dayOfMonth(year, month, week, weekday);
  }
  const nth = Number(date.replace('J', ''));
  if (nth > 365 || date === 'J0' || Number.isNaN(nth)) throw beyond();
  // `Jn` counts from 1 and never counts 29 February; `n` counts from 0 and does.
  if (date.startsWith('J')) return (year) => newYear(year) + nth - (isLeap(year) && nth >= 60 ? 0 : 1);
  return (year) => newYear(year) + nth;
}

/** The day (since 1970) of the `week`th such weekday of a month; the fifth is the last. */
function dayOfMonth(year: number, month: number, week: number, weekday: number): number {
  const first = newYear(year) + daysBefore(year, month);
  const day = first + ((weekday - ((first + 4) % 7) + 14) % 7) + (week - 1) * 7;
  return day < newYear(year) + daysBefore(year, month + 1) ? day : day - 7;
}

/** Days before a month of a common year. */
const BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;
const daysBefore = (year: number, month: number): number => (BEFORE[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0);
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
/** The day (since 1970) a year begins with; not by `Date.UTC`, to which the year 70 is 1970. */
const newYear = (year: number): number =>
  365 * (year - 1970) + Math.floor((year - 1969) / 4) - Math.floor((year - 1901) / 100) + Math.floor((year - 1601) / 400);

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The summers about a moment, those that touch as one: a summer that ends where the next begins never ends. */
function summersAbout(moment: number, start: Edge, end: Edge): readonly Span[] {
  const year = new Date(moment).getUTCFullYear();
  if (Number.isNaN(year)) throw new RangeError(`${moment} is no moment`);
  const summers: Span[] = [];
  for (let y = year - 2; y <= year + 2; y++) {
    const from = start(y);
    const sameYear = end(y);
    // South of the equator a summer ends in the year after.
    const to = from < sameYear ? sameYear : end(y + 1);
    const last = summers.at(-1);
    if (last && last.to >= from) summers[summers.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else summers.push({ from, to });
  }
  return summers;
}

type Clock = Pick<Stretch, 'offsetMs' | 'abbreviation'>;

function stretchIn(summers: readonly Span[], moment: number, winter: Clock, summer: Clock): Stretch {
  let before = -Infinity;
  for (const { from, to } of summers) {
    if (moment < from) return { from: before, to: from, ...winter };
    if (moment < to) return { from, to, ...summer };
    before = to;
  }
  throw new RangeError(`no summer within two years of ${moment}`);
}
