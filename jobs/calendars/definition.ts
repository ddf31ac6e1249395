/** Times on a wall: `2026-12-25`, `2026-12-24..2027-01-02`, every year `12-25` or `12-24..01-02`, every week `sat-sun`, `mon-fri 22:00-06:00`, every day `22:00-06:00`. */
export type EntryText = string;

/** Times with a word on why. */
export interface NotedEntry {
  readonly on: EntryText;
  readonly note?: string;
}

/** A named set of times, as a person writes it, after validation. */
export interface CalendarDefinition {
  readonly name: string;
  /** IANA; absent: that of whatever uses it. */
  readonly timezone?: string;
  readonly note?: string;
  readonly entries?: readonly (EntryText | NotedEntry)[];
  /** A calendar elsewhere whose events are added; `refresh` is a duration. */
  readonly ical?: { readonly url: string; readonly refresh?: string };
}

/**
 * One event of an imported calendar, from its start to its end, which is no part of it: both are
 * dates (`2026-12-25`), times on a wall (`2026-12-25T09:00:00`) or instants (`2026-12-25T08:00:00Z`).
 */
export type Instance = readonly [from: string, to: string];

/** What of a calendar says when its times are. */
export interface CalendarTimes {
  readonly entries: readonly (EntryText | NotedEntry)[];
  readonly instances: readonly Instance[];
}

export const CALENDAR_LIMITS = {
  /** Entries written by hand. */
  entries: 1_000,
  /** UTF-8 bytes of an imported calendar. */
  icalBytes: 5 * 1024 * 1024,
  /** Instances of all its events together from today on. */
  icalInstances: 20_000,
  /** How far ahead events are known, and how far behind. */
  icalAheadMs: 800 * 86_400_000,
  icalBehindMs: 366 * 86_400_000,
  refreshMs: { least: 5 * 60_000, most: 30 * 86_400_000 },
} as const;

/** How often a calendar elsewhere is read again, where nothing is said. */
export const DEFAULT_REFRESH = '12h';
