import type { AgendaHour } from './views.ts';

const DAY_MS = 86_400_000;

/** A day so many days after another, both as their zone's wall shows them: `2027-03-28`. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The Monday of a day's week. */
export const mondayOf = (day: string): string => dayAfter(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/** A day that is written and exists. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayAfter(text, 0) === text;

/** One row of the week: an hour of the wall; `again` where it is the second of two that a day shows. */
export interface HourRow {
  readonly hour: string;
  readonly again: boolean;
  /** By day, the hour that stands there; absent: the day has none such. */
  readonly cells: ReadonlyMap<string, AgendaHour>;
}

/** The week as rows of hours, so that a day with an hour twice has a row more and one that leaves an hour out has a hole. */
export const weekRows = (hours: readonly AgendaHour[]): readonly HourRow[] => {
  const rows = new Map<string, { hour: string; again: boolean; cells: Map<string, AgendaHour> }>();
  for (const one of hours) {
    const [day, hour] = [one.local.slice(0, 10), one.local.slice(11, 13)];
    const first = rows.get(hour);
    // An hour of a shorter or longer piece, where clocks jump by half an hour, is of the hour that it begins in.
    const again = first?.cells.has(day) ?? false;
    const key = again ? `${hour}+` : hour;
    const row = rows.get(key) ?? { hour, again, cells: new Map<string, AgendaHour>() };
    row.cells.set(day, one);
    rows.set(key, row);
  }
  return [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
};

/** Counts of an hour as the week shows them. */
export interface HourSums {
  readonly ahead: number;
  readonly started: number;
  readonly missed: number;
  readonly paused: number;
  readonly left_out: number;
}

/** What of an hour is to come, came to be, and did not. */
export const sumsOf = ({ counts }: Pick<AgendaHour, 'counts'>): HourSums => {
  const { planned = 0, due = 0, asked = 0, delayed = 0, started = 0, missed = 0, paused = 0, left_out = 0 } = counts ?? {};
  return { ahead: planned + due + asked + delayed, started, missed, paused, left_out };
};

/** How many hours a day has, other than 24 where its clocks change. */
export const hoursOf = (hours: readonly AgendaHour[], day: string): number =>
  hours
    .filter(({ local }) => local.startsWith(day))
    .reduce((sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / 3_600_000, 0);
