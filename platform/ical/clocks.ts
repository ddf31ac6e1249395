import ICAL from 'ical.js';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import { type IcalComponent, type IcalComponents, IcalProblem, lineOf } from './components.ts';
import { parsed } from './parsed.ts';
import { type Budget, recurrences, wallOf } from './recurrences.ts';

/** By which clocks a time is meant: whole days, the wall of whoever reads, or those of a zone. */
export type Clock = 'date' | 'floating' | Pick<Zone, 'name' | 'offsetAt'>;

/** A time of a calendar: what its wall shows (epoch milliseconds as if it were UTC), and whose wall. */
export interface Moment {
  readonly wall: number;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;

/** The clocks of UTC. */
export const UTC: Clock = { name: 'UTC', offsetAt: () => 0 };

/** The moment on a clock at this instant. */
export const momentAt = (instant: number, clock: Clock): Moment => ({
  wall: typeof clock === 'string' ? instant : instant + clock.offsetAt(instant),
  clock,
});

/** When a wall shows this: the first time where it does twice; where it never does, as if its clocks had not yet been put forward. Of a date or a floating time the wall itself. */
export function instantOf({ wall, clock }: Moment): number {
  if (typeof clock === 'string') return wall;
  const before = clock.offsetAt(wall - DAY_MS);
  if (clock.offsetAt(wall - before) === before) return wall - before;
  const after = clock.offsetAt(wall + DAY_MS);
  return clock.offsetAt(wall - after) === after ? wall - after : wall - before;
}

/** As calendars keep it: `2026-12-25`, `2026-12-25T09:00:00`, `2026-12-25T08:00:00Z`. Two that mean the same moment have the same text. */
export function textOf(moment: Moment): string {
  const text = new Date(instantOf(moment)).toISOString();
  if (moment.clock === 'date') return text.slice(0, 10);
  return `${text.slice(0, 19)}${moment.clock === 'floating' ? '' : 'Z'}`;
}

/** The clocks that a TZID names. Throws IcalProblem for one that nobody knows. */
export type ClockOf = (tzid: string, line: number) => Clock;

/** Names of IANA mean the zone data of the product; others what the text itself says of them, or the name of IANA that they end with. */
export function clocksOf(zones: ZoneData, { zones: own }: IcalComponents, to: number, budget: Budget): ClockOf {
  const sources = new Map<string, IcalComponent>();
  for (const component of own) {
    const tzid = parsed(component).getFirstPropertyValue('tzid');
    if (typeof tzid === 'string') sources.set(tzid, component);
  }
  const known = new Map<string, Clock>();
  const find = (tzid: string): Clock | null => {
    const zone = zones.zone(tzid);
    if (zone) return zone;
    const source = sources.get(tzid);
    if (source) return clockIn(tzid, source, to, budget);
    const parts = tzid.split('/');
    for (let from = 1; from < parts.length; from += 1) {
      const last = zones.zone(parts.slice(from).join('/'));
      if (last) return last;
    }
    return null;
  };
  return (tzid, line) => {
    const clock = known.get(tzid) ?? find(tzid);
    if (!clock) {
      throw new IcalProblem(
        line,
        `TZID ${JSON.stringify(tzid.slice(0, 80))} is no time zone of IANA, and the text has no VTIMEZONE for it`,
      );
    }
    known.set(tzid, clock);
    return clock;
  };
}

/** The clocks that a VTIMEZONE describes, up to a moment. */
function clockIn(name: string, component: IcalComponent, to: number, budget: Budget): Clock {
  const changes = parsed(component)
    .getAllSubcomponents()
    .flatMap((observance) => [...changesOf(observance, component, to, budget)])
    .sort((a, b) => a.at - b.at);
  const [first] = changes;
  if (!first) throw new IcalProblem(component.line, `the VTIMEZONE ${JSON.stringify(name.slice(0, 80))} has neither STANDARD nor DAYLIGHT`);
  return {
    name,
    offsetAt: (moment) => {
      let [low, high] = [0, changes.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((changes[middle]?.at ?? 0) <= moment) low = middle + 1;
        else high = middle;
      }
      return changes[low - 1]?.offsetMs ?? first.beforeMs;
    },
  };
}

interface Change {
  readonly at: number;
  readonly offsetMs: number;
  readonly beforeMs: number;
}

/** What one STANDARD or DAYLIGHT says: its times are by the clocks before the change, its end in UTC. */
function* changesOf(observance: ICAL.Component, component: IcalComponent, to: number, budget: Budget): Generator<Change> {
  const start = observance.getFirstPropertyValue('dtstart');
  const [offsetMs, beforeMs] = ['tzoffsetto', 'tzoffsetfrom'].map((name) => {
    const offset = observance.getFirstPropertyValue(name);
    return offset instanceof ICAL.UtcOffset ? offset.toSeconds() * 1_000 : Number.NaN;
  }) as [number, number];
  if (!(start instanceof ICAL.Time) || Number.isNaN(wallOf(start) + offsetMs + beforeMs)) {
    throw new IcalProblem(component.line, 'a VTIMEZONE needs DTSTART, TZOFFSETFROM and TZOFFSETTO in each of its parts');
  }
  const change = (wall: number): Change => ({ at: wall - beforeMs, offsetMs, beforeMs });
  yield change(wallOf(start));
  for (const property of observance.getAllProperties('rdate'))
    for (const value of property.getValues()) if (value instanceof ICAL.Time) yield change(wallOf(value));
  for (const property of observance.getAllProperties('rrule')) {
    const rule = property.getFirstValue();
    if (!(rule instanceof ICAL.Recur)) throw new IcalProblem(lineOf(component, 'RRULE'), 'RRULE is no rule');
    const until = rule.until ? wallOf(rule.until) + beforeMs : null;
    for (const wall of recurrences(rule, wallOf(start), until, { from: Number.NEGATIVE_INFINITY, to }, budget)) yield change(wall);
  }
}
