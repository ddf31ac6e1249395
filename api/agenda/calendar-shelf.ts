import type { Sql } from '#db/client.ts';
import { type CalendarTexts, calendarTexts, calendarVersions } from '#db/queries/agenda/calendar-versions.ts';
import { BLOCK_MS } from '#jobs/agenda/blocks.ts';
import { spansOf } from '#jobs/calendars/spans.ts';
import { DEFER_MS } from '#jobs/recurrence/calendar-times.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';

/** The times of a calendar are worked out for so many blocks at once. */
const BLOCKS = 8;

/** A calendar at one version, with the times that were worked out of it. */
export class ShelvedCalendar {
  readonly version: string;
  readonly #texts: CalendarTexts;
  readonly #zones: ZoneData;
  readonly #spans = new Map<string, readonly Span[]>();

  constructor(version: string, texts: CalendarTexts, zones: ZoneData) {
    this.version = version;
    this.#texts = texts;
    this.#zones = zones;
  }

  /** Its times about a block, for a schedule in this zone. */
  spans(zone: Zone, block: number): readonly Span[] {
    const row = Math.floor(block / BLOCKS);
    const key = `${row} ${zone.name}`;
    const known = this.#spans.get(key);
    if (known) return known;
    const { timezone } = this.#texts;
    const own = timezone === null ? zone : (this.#zones.zone(timezone) ?? zone);
    const span = { from: row * BLOCKS * BLOCK_MS - DEFER_MS, to: (row + 1) * BLOCKS * BLOCK_MS + DEFER_MS };
    const spans = spansOf(this.#texts, own, span);
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
    for (const texts of await calendarTexts(sql, project, changed)) {
      this.#calendars.set(texts.name, new ShelvedCalendar(versions.get(texts.name) ?? '', texts, this.#zones));
    }
  }

  find(name: string): ShelvedCalendar | null {
    return this.#calendars.get(name) ?? null;
  }
}
