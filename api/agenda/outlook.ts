import type { Sql } from '#db/client.ts';
import { definitionsOf, type Standing, standingSchedules, standingStamp } from '#db/queries/agenda/standing-schedules.ts';
import { momentsOfBlock } from '#jobs/agenda/blocks.ts';
import { type CalendarUse, SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { type Rule, ruleOf } from '#jobs/schedules/rule.ts';
import { timesText } from '#jobs/schedules/same-times.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import { CalendarShelf, type ShelvedCalendar } from './calendar-shelf.ts';
import type { Pace } from './pace.ts';

/** Moments that are kept at most, eight bytes each; what a block costs beside its moments; and how often at most everything is forgotten. */
const MOST_KEPT = 8_000_000;
const BLOCK_COST = 16;
const FORGET_MS = 600_000;

interface Use {
  readonly name: string;
  readonly use: CalendarUse;
  /** Null: there is no such calendar. */
  readonly calendar: ShelvedCalendar | null;
}

/** What schedules that mean the same moments have in common. */
export class Meaning {
  readonly #rule: Rule;
  readonly #zone: Zone;
  readonly #uses: readonly Use[];
  readonly #room: { kept: number };
  readonly #blocks = new Map<number, Float64Array>();

  constructor(rule: Rule, zone: Zone, uses: readonly Use[], room: { kept: number }) {
    this.#rule = rule;
    this.#zone = zone;
    this.#uses = uses;
    this.#room = room;
  }

  /** What it means to start in a block, packed and in order. */
  moments(block: number): Float64Array {
    const known = this.#blocks.get(block);
    if (known) return known;
    const calendars = this.#uses.map(({ name, use, calendar }) => ({ name, use, spans: calendar?.spans(this.#zone, block) ?? [] }));
    const moments = momentsOfBlock(this.#rule, this.#zone, block, calendars);
    if (this.#room.kept < MOST_KEPT) {
      this.#blocks.set(block, moments);
      this.#room.kept += moments.length + BLOCK_COST;
    }
    return moments;
  }

  forget(): void {
    this.#blocks.clear();
  }
}

/** All living schedules at one time. */
export interface Fleet {
  readonly stamp: string;
  readonly schedules: readonly Standing[];
  readonly meanings: readonly (Meaning | null)[];
  /** The indexes of those that use calendars. */
  readonly using: readonly number[];
}

interface Entry {
  readonly version: number;
  readonly definition: ScheduleDefinition;
  /** Which version of each of its calendars the meaning has. */
  readonly calendars: string;
  readonly meaning: Meaning | null;
}

/**
 * What all schedules mean to start, worked out once and kept by this process for as long as neither a schedule nor a calendar that it uses changes.
 * Schedules that mean the same moments share them.
 */
export class Outlook {
  readonly #zones: ZoneData;
  readonly #shelf: CalendarShelf;
  readonly #entries = new Map<string, Entry>();
  readonly #meanings = new Map<string, Meaning>();
  readonly #room = { kept: 0 };
  #forgot = 0;
  #fleet: Fleet = { stamp: '', schedules: [], meanings: [], using: [] };

  constructor(zones: ZoneData) {
    this.#zones = zones;
    this.#shelf = new CalendarShelf(zones);
  }

  /** All living schedules and what each means, in the same order; null for one whose zone the zone data do not have. Reads only what has changed. */
  async know(sql: Sql, project: string, pace: Pace): Promise<Fleet> {
    this.#makeRoom();
    const stamp = await standingStamp(sql, project);
    const fleet = stamp === this.#fleet.stamp ? this.#fleet : { stamp, ...(await this.#read(sql, project, pace)) };
    this.#fleet = fleet;
    if (fleet.using.length === 0) return fleet;
    await this.#shelf.refresh(sql, project);
    const { schedules, meanings } = fleet;
    const outdated = new Set(fleet.using.filter((index) => this.#isOutdated(schedules[index])));
    if (outdated.size === 0) return fleet;
    const again = { ...fleet, meanings: meanings.map((one, index) => (outdated.has(index) ? this.#again(schedules[index]) : one)) };
    // Another request may have read a newer one meanwhile.
    if (this.#fleet === fleet) this.#fleet = again;
    return again;
  }

  /** Reads how schedules stand, and the definitions of those that are new or have changed. */
  async #read(sql: Sql, project: string, pace: Pace): Promise<Omit<Fleet, 'stamp'>> {
    const schedules = await standingSchedules(sql, project);
    const unknown = schedules.filter(({ id, version }) => this.#entries.get(id)?.version !== version).map(({ id }) => id);
    const read = unknown.length === 0 ? [] : await definitionsOf(sql, unknown);
    if (read.some(({ definition }) => usesOf(definition).length > 0)) await this.#shelf.refresh(sql, project);
    for (const { id, version, definition } of read) {
      // Another request may have read a newer one meanwhile.
      if (version >= (this.#entries.get(id)?.version ?? 0)) this.#entries.set(id, this.#entryOf(version, definition));
      if (pace.isLong) await pace.breathe();
    }
    const living = new Set(schedules.map(({ id }) => id));
    for (const id of this.#entries.keys()) if (!living.has(id)) this.#entries.delete(id);
    return {
      schedules,
      meanings: schedules.map(({ id }) => this.#entries.get(id)?.meaning ?? null),
      using: schedules.flatMap(({ id }, index) => (usesOf(this.#entries.get(id)?.definition).length > 0 ? [index] : [])),
    };
  }

  #isOutdated(schedule: Standing | undefined): boolean {
    const entry = schedule && this.#entries.get(schedule.id);
    return entry !== undefined && entry.calendars !== this.#versionsOf(entry.definition);
  }

  #again(schedule: Standing | undefined): Meaning | null {
    const entry = schedule && this.#entries.get(schedule.id);
    if (!schedule || !entry) return null;
    const changed = this.#entryOf(entry.version, entry.definition);
    this.#entries.set(schedule.id, changed);
    return changed.meaning;
  }

  #entryOf(version: number, definition: ScheduleDefinition): Entry {
    const calendars = this.#versionsOf(definition);
    return { version, definition, calendars, meaning: this.#meaningOf(definition, calendars) };
  }

  #versionsOf(definition: ScheduleDefinition): string {
    return usesOf(definition)
      .map(({ name }) => this.#shelf.find(name)?.version ?? '')
      .join('|');
  }

  #meaningOf(definition: ScheduleDefinition, calendars: string): Meaning | null {
    const zone = this.#zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
    if (!zone) return null;
    const key = `${timesText(definition)} ${calendars}`;
    const known = this.#meanings.get(key);
    if (known) return known;
    const uses = usesOf(definition).map(({ name, use }) => ({ name, use, calendar: this.#shelf.find(name) }));
    const meaning = new Meaning(ruleOf(definition), zone, uses, this.#room);
    this.#meanings.set(key, meaning);
    return meaning;
  }

  /** Forgets all moments when there are too many, and the meanings that nobody has any more. */
  #makeRoom(): void {
    if (this.#room.kept < MOST_KEPT || Date.now() - this.#forgot < FORGET_MS) return;
    const meant = new Set([...this.#entries.values()].map(({ meaning }) => meaning));
    for (const [key, meaning] of this.#meanings) {
      meaning.forget();
      if (!meant.has(meaning)) this.#meanings.delete(key);
    }
    this.#room.kept = 0;
    this.#forgot = Date.now();
  }
}

const usesOf = (definition: ScheduleDefinition | undefined): NonNullable<ScheduleDefinition['calendars']> => definition?.calendars ?? [];
