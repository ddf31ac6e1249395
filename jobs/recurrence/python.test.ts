import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { askRecurrence, type PythonCandidate, type RecurrenceQuestion } from '#test/peers/python-recurrence.ts';
import { pythonZoneinfoMissing } from '#test/peers/python-zoneinfo.ts';
import { CALENDAR_USES, type CalendarRule, FOLD_POLICIES, GAP_POLICIES, type ScheduleDefinition } from '../schedules/definition.ts';
import { ruleOf } from '../schedules/rule.ts';
import { ZONE_NAMES } from '../zones/names.ts';
import type { Zone } from '../zones/zone.ts';
import { candidates } from './candidates.ts';
import { expanded } from './expanded.fixture.ts';
import { utcPlan } from './utc-plan.ts';
import type { UsedCalendar } from './wanted.ts';

const DAY = 86_400;
const [FROM, TO] = [Date.parse('2005-01-01T00:00:00Z') / 1000, Date.parse('2038-01-01T00:00:00Z') / 1000];

const zoneOf = (name: string): Zone => zoneData().zone(name) as Zone;

/** The changes of a zone's clocks in the years that are looked at, in seconds. */
const changesOf = (name: string): readonly number[] =>
  zoneOf(name)
    .transitions(FROM * 1000, TO * 1000)
    .map(({ at }) => at / 1000);

const CHANGING = ZONE_NAMES.filter((name) => changesOf(name).length > 0);

const list = (values: fc.Arbitrary<number | string>) => fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map((all) => all.join(','));

/** Words of a field: all, one, a range, a step, some of them. */
const field = (low: number, high: number, mostly: fc.Arbitrary<string> = fc.constant('*')) => {
  const one = fc.integer({ min: low, max: high });
  const range = fc.tuple(one, one).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: high });
  return fc.oneof(
    { weight: 7, arbitrary: mostly },
    { weight: 1, arbitrary: list(fc.oneof(one, range)) },
    { weight: 1, arbitrary: fc.tuple(fc.oneof(fc.constant('*'), range), step).map(([part, size]) => `${part}/${size}`) },
  );
};

const minutes = field(0, 59, fc.oneof(fc.constantFrom('0', '30', '*/15', '*'), fc.nat(59).map(String)));
/** Clocks change at night. */
const hours = field(0, 23, fc.constantFrom('*', '0', '1', '2', '3', '0-3', '23'));
const months = fc.oneof({ weight: 4, arbitrary: field(1, 12) }, { weight: 1, arbitrary: fc.constantFrom('mar-apr', 'sep-nov', 'oct') });
const weekdays = fc.oneof(
  { weight: 3, arbitrary: field(0, 7) },
  { weight: 2, arbitrary: fc.constantFrom('sun', 'mon-fri', '7', '5-7', '1-7', 'sat') },
);

const cron = fc.tuple(minutes, hours, field(1, 31), months, weekdays).map((fields) => ({ cron: fields.join(' ') }));

const nth = fc
  .tuple(fc.constantFrom('1st', '2nd', '3rd', '4th', '5th', 'last'), fc.constantFrom('sun', 'mon', 'fri', 'sat'))
  .map((both) => both.join(' '));

const calendar: fc.Arbitrary<CalendarRule> = fc.record(
  {
    month: months,
    day: fc.oneof(field(1, 31), fc.constantFrom('last', 'last-1', '1,last', 'last-3,15')),
    weekday: weekdays,
    nth_weekday: fc.oneof(nth, fc.array(nth, { minLength: 1, maxLength: 3 })),
    hour: hours,
    minute: minutes,
  },
  { requiredKeys: ['hour'] },
);

const everyDays = fc.record({
  every_days: fc.integer({ min: 1, max: 40 }),
  at: fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
  from: fc.constantFrom('1970-01-01', '2025-02-28', '2026-10-25'),
});

/** Mostly about a change of the clocks. */
const window = (zone: string) =>
  fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...changesOf(zone)) }, { weight: 1, arbitrary: fc.integer({ min: FROM, max: TO }) }),
      fc.integer({ min: -3 * DAY, max: DAY }),
      fc.integer({ min: DAY / 4, max: 4 * DAY }),
    )
    .map(([near, before, length]) => [near + before, near + before + length] as const);

/** Closed or open stretches of minutes near a moment. */
const spansNear = (at: number) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 1500 })), { maxLength: 5 }).map((parts) => {
    let end = Math.floor(at / 60) * 60 - 3 * DAY;
    return parts.map(([gap, length]) => {
      const begin = end + gap * 60;
      end = begin + length * 60;
      return [begin, end] as const;
    });
  });

const question: fc.Arbitrary<RecurrenceQuestion> = fc.constantFrom(...CHANGING).chain((zone) =>
  window(zone).chain(([from, to]) =>
    fc
      .record({
        rules: fc.oneof(fc.tuple(cron), fc.array(calendar, { minLength: 1, maxLength: 3 }), fc.tuple(everyDays)),
        gap: fc.constantFrom(...GAP_POLICIES),
        fold: fc.constantFrom(...FOLD_POLICIES),
        start_at: fc.option(fc.integer({ min: from - DAY, max: to }), { nil: undefined, freq: 8 }),
        end_at: fc.option(fc.integer({ min: from, max: to + DAY }), { nil: undefined, freq: 8 }),
        calendars: fc.oneof(
          fc.constant([]),
          fc.array(fc.record({ use: fc.constantFrom(...CALENDAR_USES), spans: spansNear(from) }), { maxLength: 3 }),
        ),
      })
      .map(({ start_at, end_at, ...rest }) => ({
        ...rest,
        ...(start_at !== undefined && { start_at }),
        ...(end_at !== undefined && { end_at }),
        zone,
        from,
        to,
        // No stretch of a calendar is longer than eleven days.
        begin: rest.calendars.length > 0 ? from - 12 * DAY : from,
        until: to,
        step: 1,
      })),
  ),
);

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The question as a schedule says it. */
function asSchedule({ rules, zone, gap, fold, start_at, end_at }: RecurrenceQuestion): ScheduleDefinition {
  const [first] = rules;
  const when = first && ('cron' in first || 'every_days' in first) ? first : { calendar: rules as readonly CalendarRule[] };
  return {
    name: 'one',
    job: 'one',
    ...when,
    timezone: zone,
    dst: { gap, fold },
    ...(start_at !== undefined && { start_at: iso(start_at) }),
    ...(end_at !== undefined && { end_at: iso(end_at) }),
  };
}

const usedBy = ({ calendars = [] }: RecurrenceQuestion): readonly UsedCalendar[] =>
  calendars.map(({ use, spans }, at) => ({
    name: `c${at}`,
    use,
    spans: spans.map(([from, to]) => ({ from: from * 1000, to: to * 1000 })),
  }));

const spanOf = ({ from, to }: RecurrenceQuestion) => ({ from: from * 1000, to: to * 1000 });

const ours = (asked: RecurrenceQuestion): readonly PythonCandidate[] =>
  [...candidates(ruleOf(asSchedule(asked)), zoneOf(asked.zone), spanOf(asked), usedBy(asked))].map(
    ({ at, wall, marks, reason }) => [at / 1000, wall, marks, reason] as const,
  );

describe.skipIf(pythonZoneinfoMissing !== null)(
  `Python, which looks at every minute${pythonZoneinfoMissing === null ? '' : ` (${pythonZoneinfoMissing})`}`,
  () => {
    const asked = fc.sample(question, { numRuns: Number(process.env.RECURRENCE_CASES ?? 120), seed: Date.now() });

    test('finds the same moments, marks and reasons for random rules, zones, policies, windows and calendars', { timeout: 240_000 }, () => {
      const theirs = askRecurrence(asked);
      const different = asked.flatMap((one, at) => {
        const [our, their] = [ours(one), theirs[at]].map((found) => JSON.stringify(found));
        return our === their ? [] : [{ asked: JSON.stringify(one), our, their }];
      });
      expect(different.slice(0, 3)).toEqual([]);
      // Some rules mean few moments or none.
      expect(theirs.flat().length).toBeGreaterThan(asked.length / 4);
    });

    test('and what Temporal is told of them are the same moments', () => {
      for (const one of asked) {
        const starts = ours(one).flatMap(([at, , , reason]) => (reason === null ? [at] : []));
        const plan = utcPlan(ruleOf(asSchedule(one)), zoneOf(one.zone), spanOf(one), usedBy(one));
        expect([JSON.stringify(one), plan.kind === 'calendars' ? expanded(plan.calendars) : []]).toEqual([JSON.stringify(one), starts]);
      }
    });
  },
);
