import { CALENDAR_LIMITS, type Instance } from '#jobs/calendars/definition.ts';
import type { Horizon } from '#jobs/calendars/refresh.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import { clocksOf, instantOf, type Moment, momentAt, textOf } from './clocks.ts';
import { componentsOf, IcalProblem, lineOf } from './components.ts';
import { eventOf, exceptionsOf, type IcalEvent } from './event.ts';
import { problemIn } from './parsed.ts';
import { type Budget, recurrences } from './recurrences.ts';

/** What an iCalendar text says of a span. */
export interface IcalRead {
  /** Events in the text, whenever they are. */
  readonly events: number;
  readonly instances: readonly Instance[];
}

const DAY_MS = 86_400_000;

/** All that happens in a span by an iCalendar text. Throws IcalProblem for what is none, for more than 20,000 instances, and when the budget does not last. */
export function instancesIn(text: string, zones: ZoneData, span: Horizon, budget: Budget): IcalRead {
  const components = componentsOf(text);
  // What floats may begin a day sooner or end a day later, by the zone of whoever reads.
  const wide = { from: span.from - DAY_MS, to: span.to + DAY_MS };
  const clockOf = clocksOf(zones, components, wide.to + DAY_MS, budget);
  const events = components.events.map((component) => eventOf(component, clockOf));
  const instances: Instance[] = [];
  const today = new Date(span.today).toISOString();
  let ahead = 0;
  for (const together of Map.groupBy(events, ({ uid }) => uid).values()) {
    for (const instance of occurrencesOf(newest(together), wide, budget)) {
      instances.push(instance);
      if (instance[1] > today) ahead += 1;
      // What is past is kept as well, and not without end either.
      if (ahead <= CALENDAR_LIMITS.icalInstances && instances.length <= 2 * CALENDAR_LIMITS.icalInstances) continue;
      throw new IcalProblem(
        together[0]?.component.line ?? null,
        `more than ${CALENDAR_LIMITS.icalInstances} instances from ${today.slice(0, 10)} to ${new Date(span.to).toISOString().slice(0, 10)}; this event is the one too many`,
      );
    }
  }
  return { events: events.length, instances: instances.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)) };
}

/** Of several that say the same occurrence, those of the highest number. */
function newest(events: readonly IcalEvent[]): readonly IcalEvent[] {
  return [...Map.groupBy(events, ({ replaces }) => (replaces ? textOf(replaces.of) : '')).values()].flatMap((alike) => {
    const highest = Math.max(...alike.map(({ sequence }) => sequence));
    return alike.filter(({ sequence }) => sequence === highest);
  });
}

/** The occurrences of what has one UID: of its event, but those that others stand for. */
function* occurrencesOf(events: readonly IcalEvent[], span: Span, budget: Budget): Generator<Instance> {
  const replacing = events.filter(({ replaces }) => replaces !== null);
  const isReplaced = exceptionsOf(replacing.flatMap(({ replaces }) => replaces?.of ?? []));
  const onward = replacing
    .filter(({ replaces }) => replaces?.andFuture)
    .sort((a, b) => instantOf(a.replaces?.of ?? a.start) - instantOf(b.replaces?.of ?? b.start));
  for (const event of events.filter(({ replaces }) => replaces === null)) {
    if (event.isCancelled) continue;
    for (const { start, end } of startsOf(event, span, budget)) {
      if (isReplaced(start)) continue;
      yield* within(span, ...shifted(onward, start, end ?? event.endOf(start)));
    }
  }
  for (const event of replacing) if (!event.isCancelled) yield* within(span, event.start, event.endOf(event.start));
}

type Times = readonly [start: Moment, end: Moment];

/** An occurrence after one that changed all that follow is changed as that one was; none when that was cancelled. */
function shifted(onward: readonly IcalEvent[], start: Moment, end: Moment): Times {
  const change = onward.findLast(({ replaces }) => replaces !== null && instantOf(replaces.of) <= instantOf(start));
  if (!change?.replaces) return [start, end];
  if (change.isCancelled) return [start, start];
  const { clock, wall } = change.start;
  const by = (moment: Moment): number => (moment.clock === clock ? moment.wall : momentAt(instantOf(moment), clock).wall);
  const moved = { wall: by(start) + wall - by(change.replaces.of), clock };
  return [moved, change.endOf(moved)];
}

function* within(span: Span, start: Moment, end: Moment): Generator<Instance> {
  const [from, to] = [instantOf(start), instantOf(end)];
  if (from < to && to > span.from && from < span.to) yield [textOf(start), textOf(end)];
}

/** When an event starts, as often as it does; each moment once. */
function* startsOf(event: IcalEvent, span: Span, budget: Budget): Generator<{ readonly start: Moment; readonly end: Moment | null }> {
  const isExcepted = exceptionsOf(event.except);
  const exceptRules = new Set([...ruled(event, event.exceptRules, span, budget)].map(textOf));
  const seen = new Set<string>();
  function* fresh(start: Moment, end: Moment | null): Generator<{ readonly start: Moment; readonly end: Moment | null }> {
    const text = textOf(start);
    if (seen.has(text)) return;
    seen.add(text);
    if (!isExcepted(start) && !exceptRules.has(text)) yield { start, end };
  }
  for (const { start, end } of event.more) if (end) yield* fresh(start, end);
  yield* fresh(event.start, null);
  for (const start of ruled(event, event.rules, span, budget)) yield* fresh(start, null);
  for (const { start } of event.more) yield* fresh(start, null);
}

/** Starts by rules, without those so early that they are over before the span begins. */
function* ruled(event: IcalEvent, rules: IcalEvent['rules'], span: Span, budget: Budget): Generator<Moment> {
  const { wall, clock } = event.start;
  const length = event.endOf(event.start).wall - wall;
  // Clocks are never as much as a day from those of UTC.
  const around = { from: span.from - length - 2 * DAY_MS, to: span.to + 2 * DAY_MS };
  for (const { rule, until } of rules) {
    try {
      for (const at of recurrences(rule, wall, until, around, budget)) yield { wall: at, clock };
    } catch (error) {
      throw problemIn(lineOf(event.component, 'RRULE'), error);
    }
  }
}
