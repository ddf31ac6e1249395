import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import type { ScheduleDefinition } from '../schedules/definition.ts';
import { type EveryRule, type Rule, ruleOf } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { candidates } from './candidates.ts';
import { differences, expanded, holds, SAME } from './expanded.fixture.ts';
import { HARD_CASES, HARD_ZONES } from './hard-cases.fixture.ts';
import { toUtcCalendars } from './to-utc-calendars.ts';
import { type IntervalPlan, utcPlan } from './utc-plan.ts';
import type { Span, UsedCalendar, UtcCalendar } from './wanted.ts';

const DAY = 86_400_000;
const SPAN = { from: Date.parse('2026-11-22T13:37:00Z'), to: Date.parse('2028-11-22T13:37:00Z') };

const zoneOf = (name: string): Zone => zoneData().zone(name) as Zone;

const ruled = (when: Partial<ScheduleDefinition>): Rule => ruleOf({ name: 'one', job: 'one', ...when });

/** What starts within a span, in seconds, found moment by moment. */
const starts = (rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[] = []): readonly number[] =>
  [...candidates(rule, zone, span, calendars)].flatMap(({ at, reason }) => (reason === null ? [at / 1000] : []));

function compiled(rule: Rule, zone: Zone, span: Span, calendars: readonly UsedCalendar[] = [], most?: number) {
  if (rule.kind === 'every') throw new Error('elapsed time is not compiled');
  return toUtcCalendars(rule, zone, span, calendars, most);
}

test.each(HARD_ZONES)('every hard case of two years in %s is told in few calendars, which hold just its moments', (name) => {
  const zone = zoneOf(name);
  for (const when of HARD_CASES) {
    const { calendars, until } = compiled(ruled(when), zone, SPAN);
    expect([JSON.stringify(when), differences(expanded(calendars), starts(ruled(when), zone, SPAN))]).toEqual([JSON.stringify(when), SAME]);
    expect(until).toBe(SPAN.to);
    expect(calendars.length).toBeLessThanOrEqual(150);
    expect(JSON.stringify(calendars).length).toBeLessThan(70_000);
  }
});

test('every minute of two years are a handful of calendars', () => {
  const [rule, zone] = [ruled({ cron: '* * * * *' }), zoneOf('Europe/Berlin')];
  expect(compiled(rule, zone, SPAN).calendars.length).toBeLessThan(20);
  const autumn = { from: Date.parse('2027-10-20T00:00:00Z'), to: Date.parse('2027-11-05T00:00:00Z') };
  expect(differences(expanded(compiled(rule, zone, autumn).calendars), starts(rule, zone, autumn))).toEqual(SAME);
});

test('every range says where it ends, and every calendar which years it means', () => {
  const ranges = HARD_CASES.flatMap((when) => compiled(ruled(when), zoneOf('America/Havana'), SPAN).calendars).flatMap((calendar) => {
    expect(calendar.year.length).toBeGreaterThan(0);
    return Object.values(calendar).flat();
  });
  for (const range of ranges) {
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.step).toBeGreaterThanOrEqual(1);
  }
});

test('what would be too many calendars is told for a shorter time, and exactly for that', () => {
  const calendar = [
    { weekday: 'mon', hour: '*', minute: '1/7' },
    { day: '2-30/3', hour: '1-23/5', minute: [3, 8, 44] },
    { nth_weekday: '2nd tue', hour: '*/3', minute: '5/11' },
  ];
  const rule = ruled({ calendar });
  const zone = zoneOf('Europe/Berlin');
  const all = compiled(rule, zone, SPAN).calendars.length;
  for (const most of [all - 1, 60, 20, 5]) {
    const { calendars, until } = compiled(rule, zone, SPAN, [], most);
    expect(calendars.length).toBeLessThanOrEqual(most);
    expect(until).toBeLessThan(SPAN.to);
    expect(until).toBeGreaterThan(SPAN.from);
    expect(differences(expanded(calendars), starts(rule, zone, { from: SPAN.from, to: until }))).toEqual(SAME);
    const further = compiled(rule, zone, { from: SPAN.from, to: until + DAY }, [], Number.POSITIVE_INFINITY);
    expect(further.calendars.length).toBeGreaterThan(most);
  }
});

test('a rule that starts nothing within the span is told as that', () => {
  const zone = zoneOf('Asia/Tokyo');
  expect(utcPlan(ruled({ cron: '0 0 29 2 *' }), zone, { from: SPAN.from, to: SPAN.from + 300 * DAY })).toEqual({
    kind: 'never',
    until: SPAN.from + 300 * DAY,
  });
  const closed: UsedCalendar = { name: 'c', use: 'only', spans: [] };
  expect(utcPlan(ruled({ every: '10s' }), zone, SPAN, [closed])).toEqual({ kind: 'never', until: SPAN.to });
  const ended = { scheduled_for: '2026-11-01T00:00:00Z' };
  expect(utcPlan(ruled(ended), zone, SPAN)).toEqual({ kind: 'never', until: SPAN.to });
});

test('once is one calendar, to the second', () => {
  const plan = utcPlan(ruled({ scheduled_for: '2027-03-28T02:30' }), zoneOf('Europe/Berlin'), SPAN);
  expect(plan.kind === 'calendars' && expanded(plan.calendars)).toEqual([Date.parse('2027-03-28T01:30:00Z') / 1000]);
  const second = utcPlan(ruled({ scheduled_for: '2027-01-31T22:00:07Z' }), zoneOf('UTC'), SPAN);
  expect(second.kind === 'calendars' && expanded(second.calendars)).toEqual([Date.parse('2027-01-31T22:00:07Z') / 1000]);
});

test('elapsed time stays an interval without end, between its bounds', () => {
  const zone = zoneOf('Europe/Berlin');
  const nothingElse = { skip: [], also: [], until: null };
  expect(utcPlan(ruled({ every: '6h' }), zone, SPAN)).toEqual({
    kind: 'interval',
    everyMs: 21_600_000,
    offsetMs: 0,
    startAt: null,
    endAt: null,
    ...nothingElse,
  });
  const bounded = { every: '90s', anchor: '2027-01-01T00:00:07Z', start_at: '2027-02-01T00:00:00.500Z', end_at: '2027-03-01T00:00:00Z' };
  expect(utcPlan(ruled(bounded), zone, SPAN)).toEqual({
    kind: 'interval',
    everyMs: 90_000,
    offsetMs: 7_000,
    startAt: Date.parse('2027-02-01T00:00:01Z'),
    endAt: Date.parse('2027-02-28T23:59:59.999Z'),
    ...nothingElse,
  });
});

test('an interval ends with what is known of its calendars', () => {
  const block: UsedCalendar = { name: 'c', use: 'block', spans: [{ from: SPAN.from, to: SPAN.from + DAY }] };
  const plan = (when: Partial<ScheduleDefinition>) => utcPlan(ruled({ every: '6h', ...when }), zoneOf('UTC'), SPAN, [block]);
  expect(plan({})).toMatchObject({ kind: 'interval', endAt: SPAN.to - 1, until: SPAN.to });
  expect(plan({ end_at: '2027-06-01T00:00:00Z' })).toMatchObject({ endAt: Date.parse('2027-06-01T00:00:00Z') - 1, until: SPAN.to });
});

/** What the server starts by an interval, as it reckons. */
function served(plan: IntervalPlan, span: Span): readonly number[] {
  const isSkipped = holds(plan.skip);
  const from = Math.max(span.from, plan.startAt ?? span.from) / 1000;
  const to = Math.min(span.to, plan.endAt === null ? span.to : plan.endAt + 1) / 1000;
  const [every, offset] = [plan.everyMs / 1000, plan.offsetMs / 1000];
  const found = new Set(expanded(plan.also));
  for (let at = offset + Math.ceil((from - offset) / every) * every; at < to; at += every) if (!isSkipped(at)) found.add(at);
  return [...found].filter((at) => at >= from && at < to).sort((a, b) => a - b);
}

const near = SPAN.from + 40 * DAY;
const spans = (unit: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: (2 * DAY) / unit }), fc.integer({ min: 1, max: DAY / unit })), { maxLength: 8 })
    .map((parts) => {
      let end = near - 4 * DAY;
      return parts.map(([gap, length]) => {
        const from = end + gap * unit;
        end = from + length * unit;
        return { from, to: end };
      });
    });

const used = fc.array(
  fc.record({
    name: fc.constant('c'),
    use: fc.constantFrom('block', 'only', 'defer'),
    spans: fc.oneof(spans(60_000), spans(1_000), spans(900_000)),
  }),
  { minLength: 1, maxLength: 3 },
) as fc.Arbitrary<readonly UsedCalendar[]>;

const around = { from: near, to: near + 5 * DAY };

test('calendars close an interval to the second, and what they defer is added', () => {
  fc.assert(
    fc.property(
      used,
      fc.integer({ min: 200, max: 20_000 }),
      fc.nat(100_000),
      fc.option(fc.integer({ min: near, max: near + 6 * DAY })),
      (calendars, every, anchor, end) => {
        const rule: EveryRule = { kind: 'every', everyMs: every * 1000, anchor: anchor * 1000, startAt: null, endAt: end };
        const plan = utcPlan(rule, zoneOf('UTC'), around, calendars);
        const wanted = starts(rule, zoneOf('UTC'), around, calendars);
        expect(differences(plan.kind === 'interval' ? served(plan, around) : [], wanted)).toEqual(SAME);
        expect(plan.kind === 'never').toBe(wanted.length === 0);
      },
    ),
    { numRuns: 100 },
  );
});

test('calendars with edges at any second are told exactly', () => {
  const tokyo = zoneOf('Asia/Tokyo');
  fc.assert(
    fc.property(used, fc.constantFrom('*/7 * * * *', '0 * * * *', '0 3 * * *', '* 0-5 * * *'), (calendars, cron) => {
      const rule = ruled({ cron });
      const told = compiled(rule, tokyo, around, calendars).calendars satisfies readonly UtcCalendar[];
      expect(differences(expanded(told), starts(rule, tokyo, around, calendars))).toEqual(SAME);
    }),
    { numRuns: 100 },
  );
});
