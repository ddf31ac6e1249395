import type { Sql } from '#db/client.ts';
import { calendarVersions } from '#db/queries/agenda/calendar-versions.ts';
import { type KnownCalendar, knownCalendars, spansFor } from '#db/queries/calendars/known-calendars.ts';
import { BLOCK_MS } from '#jobs/agenda/blocks.ts';
import { knownAround } from '#jobs/recurrence/calendar-times.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';

/** The times of a calendar are worked out for so many blocks at once. */
const BLOCKS = 8;

/** A calendar at one version, with the times that were worked out of it. */
export class ShelvedCalendar {
  readonly version: string;
  readonly #known: KnownCalendar;
  readonly #zones: ZoneData;
  readonly #spans = new Map<string, readonly Span[]>();

  constructor(version: string, known: KnownCalendar, zones: ZoneData) {
    this.version = version;
    this.#known = known;
    this.#zones = zones;
  }

  /** Its times about a block, for a schedule in this zone. */
  spans(zone: Zone, block: number): readonly Span[] {
    const row = Math.floor(block / BLOCKS);
    const key = `${row} ${zone.name}`;
    const found = this.#spans.get(key);
    if (found) return found;
    const span = knownAround({ from: row * BLOCKS * BLOCK_MS, to: (row + 1) * BLOCKS * BLOCK_MS });
    const spans = spansFor(this.#known, zone.name, this.#zones, span);
    this.#spans.set(key, spans);
    return spans;
  }
}

/** The calendars of a project, read again only where they have changed. */
export class CalendarShelf {
  readonly #zones: ZoneData;
  readonly #calendars = new Map<string, ShelvedCalendar>();

  constructor(zones: ZoneData) {
    this.#zones = zones;
  }

  /** Brings the shelf up to date. */
  async refresh(sql: Sql, project: string): Promise<void> {
    const versions = await calendarVersions(sql, project);
    for (const name of this.#calendars.keys()) if (!versions.has(name)) this.#calendars.delete(name);
    const changed = [...versions.keys()].filter((name) => this.#calendars.get(name)?.version !== versions.get(name));
    if (changed.length === 0) return;
    for (const [name, calendar] of await knownCalendars(sql, project, changed)) {
      this.#calendars.set(name, new ShelvedCalendar(versions.get(name) ?? '', calendar, this.#zones));
    }
  }

  find(name: string): ShelvedCalendar | null {
    return this.#calendars.get(name) ?? null;
  }
}
