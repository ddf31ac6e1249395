import ICAL from 'ical.js';
import { type Clock, type ClockOf, instantOf, type Moment, momentAt, textOf, UTC } from './clocks.ts';
import { type IcalComponent, IcalProblem, lineOf } from './components.ts';
import { parsed, problemIn } from './parsed.ts';
import { wallOf } from './recurrences.ts';

/** An event as its component says it, its times with their clocks. */
export interface IcalEvent {
  readonly component: IcalComponent;
  readonly uid: string;
  readonly sequence: number;
  readonly start: Moment;
  /** When an occurrence that starts then ends. */
  readonly endOf: (start: Moment) => Moment;
  readonly isCancelled: boolean;
  /** The occurrence that it stands for, of the event with its UID; `andFuture`: and for those after it. */
  readonly replaces: { readonly of: Moment; readonly andFuture: boolean } | null;
  readonly rules: readonly Rule[];
  readonly exceptRules: readonly Rule[];
  readonly more: readonly { readonly start: Moment; readonly end: Moment | null }[];
  readonly except: readonly Moment[];
}

interface Rule {
  readonly rule: ICAL.Recur;
  /** Its last moment by the wall of the event; null: it goes on. */
  readonly until: number | null;
}

const DAY_MS = 86_400_000;
const LONGEST_MS = 365_000 * DAY_MS;

/** Reads one event. Throws IcalProblem with the line of what is wrong. */
export function eventOf(component: IcalComponent, clockOf: ClockOf): IcalEvent {
  const own = parsed(component);
  const at = (name: string) => lineOf(component, name.toUpperCase());
  const momentsOf = (name: string): readonly Moment[] =>
    guarded(at(name), () => own.getAllProperties(name).flatMap((property) => timesOf(property, clockOf, at(name))));
  const [start] = momentsOf('dtstart');
  if (!start) throw new IcalProblem(component.line, 'the event has no DTSTART');
  const [replaced] = momentsOf('recurrence-id').map((moment) => likeStart(moment, start));
  const text = (name: string) => guarded(at(name), () => String(own.getFirstPropertyValue(name) ?? ''));
  return {
    component,
    uid: text('uid') || `line ${component.line}`,
    sequence: Number.parseInt(text('sequence'), 10) || 0,
    start,
    endOf: guarded(at('dtend'), () => lengthOf(own, start, momentsOf('dtend')[0], component)),
    isCancelled: text('status').toUpperCase() === 'CANCELLED',
    replaces: replaced
      ? { of: replaced, andFuture: own.getFirstProperty('recurrence-id')?.getFirstParameter('range')?.toUpperCase() === 'THISANDFUTURE' }
      : null,
    rules: rulesOf(own, 'rrule', start, component),
    exceptRules: rulesOf(own, 'exrule', start, component),
    more: guarded(at('rdate'), () => own.getAllProperties('rdate').flatMap((property) => datesOf(property, start, clockOf, at('rdate')))),
    except: momentsOf('exdate').map((moment) => likeStart(moment, start)),
  };
}

/** Of whole days a time is meant as its day, and a bare time by the clocks of the start. */
function likeStart(moment: Moment, { clock }: Moment): Moment {
  if (clock === 'date') return { wall: moment.wall - timeOfDay(moment.wall), clock };
  return moment.clock === 'floating' ? { wall: moment.wall, clock } : moment;
}

const guarded = <T>(line: number, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw problemIn(line, error);
  }
};

function timesOf(property: ICAL.Property, clockOf: ClockOf, line: number): readonly Moment[] {
  return property.getValues().map((value, at) => {
    if (!(value instanceof ICAL.Time)) throw new IcalProblem(line, `${property.name.toUpperCase()} is no date and no time`);
    requireDay(property, at, line);
    return momentOf(value, property, clockOf, line);
  });
}

/** The library turns 30 February into 2 March. */
function requireDay(property: ICAL.Property, at: number, line: number): void {
  const text = String(property.jCal[3 + at]);
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text) ?? [];
  const found = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (year !== '' && found.getUTCMonth() + 1 === Number(month) && found.getUTCDate() === Number(day)) return;
  throw new IcalProblem(line, `${property.name.toUpperCase()}: ${JSON.stringify(text.slice(0, 40))} is no day of the calendar`);
}

const momentOf = (time: ICAL.Time, property: ICAL.Property, clockOf: ClockOf, line: number): Moment => ({
  wall: wallOf(time),
  clock: clockFor(time, property, clockOf, line),
});

function clockFor(time: ICAL.Time, property: ICAL.Property, clockOf: ClockOf, line: number): Clock {
  if (time.isDate) return 'date';
  if (time.zone === ICAL.Timezone.utcTimezone) return UTC;
  const tzid = property.getFirstParameter('tzid');
  return tzid ? clockOf(tzid, line) : 'floating';
}

/** An end says how long each occurrence is by the wall, unless it is by other clocks than the start. */
function lengthOf(own: ICAL.Component, start: Moment, end: Moment | undefined, component: IcalComponent): IcalEvent['endOf'] {
  const duration = own.getFirstPropertyValue('duration');
  if (end === undefined && duration !== null && !(duration instanceof ICAL.Duration))
    throw new IcalProblem(lineOf(component, 'DURATION'), 'DURATION is no duration');
  const isSameClock =
    end !== undefined && (end.clock === start.clock || (isZone(end.clock) && isZone(start.clock) && end.clock.name === start.clock.name));
  if (end !== undefined && (end.clock === 'date') !== (start.clock === 'date'))
    throw new IcalProblem(lineOf(component, 'DTEND'), 'DTSTART and DTEND must both be dates, or both times');
  if (end !== undefined && !isSameClock) {
    const exact = instantOf(end) - instantOf(start);
    requireLength(exact, component);
    return (from) => momentAt(instantOf(from) + exact, from.clock);
  }
  const ms = end !== undefined ? end.wall - start.wall : duration instanceof ICAL.Duration ? duration.toSeconds() * 1_000 : 0;
  requireLength(ms, component);
  // A day that ends on the day it begins is meant all the same.
  const length = start.clock === 'date' ? Math.max(DAY_MS, Math.ceil(ms / DAY_MS) * DAY_MS) : ms;
  return ({ wall, clock }) => ({ wall: wall + length, clock });
}

const isZone = (clock: Clock): clock is Exclude<Clock, string> => typeof clock !== 'string';

function requireLength(ms: number, component: IcalComponent): void {
  const line = lineOf(component, component.lines.some(({ text }) => /^DTEND[;:]/i.test(text)) ? 'DTEND' : 'DURATION');
  if (ms < 0) throw new IcalProblem(line, 'the event ends before it begins');
  // Later than that is no date that can be written.
  if (ms > LONGEST_MS) throw new IcalProblem(line, 'the event lasts longer than a thousand years');
}

function rulesOf(own: ICAL.Component, name: string, start: Moment, component: IcalComponent): readonly Rule[] {
  const line = lineOf(component, name.toUpperCase());
  return guarded(line, () =>
    own.getAllProperties(name).map((property) => {
      const rule = property.getFirstValue();
      if (!(rule instanceof ICAL.Recur) || !rule.freq) throw new IcalProblem(line, `${name.toUpperCase()} is no rule`);
      return { rule, until: rule.until ? untilOf(rule.until, start) : null };
    }),
  );
}

/** The end of a rule by the wall of its event: it is mostly given in UTC, and sometimes as a day, all of which counts. */
function untilOf(until: ICAL.Time, { clock }: Moment): number {
  const wall = wallOf(until);
  if (clock === 'date') return wall - timeOfDay(wall);
  if (until.isDate) return wall + DAY_MS - 1_000;
  return until.zone === ICAL.Timezone.utcTimezone ? momentAt(wall, clock).wall : wall;
}

/** Further occurrences, each with its own end where it is a period; a bare day takes the time of the event. */
function datesOf(property: ICAL.Property, start: Moment, clockOf: ClockOf, line: number): IcalEvent['more'] {
  return property.getValues().map((value, at) => {
    if (value instanceof ICAL.Period) {
      const from = momentOf(value.start, property, clockOf, line);
      return { start: from, end: momentOf(value.getEnd(), property, () => from.clock, line) };
    }
    if (!(value instanceof ICAL.Time)) throw new IcalProblem(line, 'RDATE is no date, time or period');
    requireDay(property, at, line);
    const from = momentOf(value, property, clockOf, line);
    const isBareDay = from.clock === 'date' && start.clock !== 'date';
    return { start: isBareDay ? { wall: from.wall + timeOfDay(start.wall), clock: start.clock } : from, end: null };
  });
}

const timeOfDay = (wall: number): number => ((wall % DAY_MS) + DAY_MS) % DAY_MS;

/** Whether a start is excepted by these: by the moment, or by the whole day where only that is named. */
export function exceptionsOf(except: readonly Moment[]): (start: Moment) => boolean {
  const texts = new Set(except.map(textOf));
  const days = new Set(except.filter(({ clock }) => clock === 'date').map(textOf));
  return (start) => texts.has(textOf(start)) || (days.size > 0 && days.has(new Date(start.wall).toISOString().slice(0, 10)));
}
