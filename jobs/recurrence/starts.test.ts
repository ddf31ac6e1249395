import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { neighboursOf } from '../schedules/neighbours.ts';
import { ruleOf } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { DEFER_MS } from './calendar-times.ts';
import { candidates, starts } from './candidates.ts';
import { nextStart, nextStarts } from './next.ts';
import type { Span, UsedCalendar } from './wanted.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2027-03-26T10:00:00Z');
const berlin = zoneData().zone('Europe/Berlin') as Zone;
const rule = (when: object) => ruleOf({ name: 'one', job: 'one', ...when });

const RULES = [
  { every: '7m' },
  { every: '10h', end_at: '2027-03-31T05:00:00Z' },
  { cron: '*/20 * * * *', dst: { gap: 'skip' } },
  { cron: '30 2 * * *' },
  { cron: '30 2 * * *', dst: { gap: 'skip' } },
  { scheduled_for: '2027-03-28T01:00:00Z' },
];

/** Stretches of some hours from a month and a half before now on, in order, none touching another. */
const spans = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 }), fc.constantFrom(0, 1, 30_000)), { maxLength: 40 })
  .map((parts) => {
    let at = NOW - 45 * DAY_MS;
    return parts.map(([wait, length, odd]): Span => {
      const from = at + wait * 3_600_000 + odd;
      at = from + length * 1_800_000;
      return { from, to: at };
    });
  });
const calendars = fc.array(
  fc.record({ name: fc.constant('some'), use: fc.constantFrom('block' as const, 'only' as const, 'defer' as const), spans }),
  { minLength: 1, maxLength: 3 },
);

/** What starts, by looking at each moment of the rule and each second that is open. */
function bySeconds(when: object, { from, to }: Span, used: readonly UsedCalendar[]): readonly number[] {
  const meant = rule(when);
  const isIn = (at: number) => (one: UsedCalendar) => one.spans.some((span) => at >= span.from && at < span.to);
  const edges = used.flatMap((one) => one.spans.flatMap((span) => [span.from, span.to])).map((at) => Math.ceil(at / 1000) * 1000);
  const isOpen = (at: number) => used.every((one) => isIn(at)(one) === (one.use === 'only'));
  const found = [...candidates(meant, berlin, { from: from - DEFER_MS, to })].flatMap(({ at, reason }) => {
    if (reason !== null || !used.every((one) => one.use === 'defer' || isIn(at)(one) === (one.use === 'only'))) return [];
    if (isOpen(at)) return [at];
    const next = Math.min(...edges.filter((edge) => edge > at && isOpen(edge)));
    const isOver = meant.kind !== 'once' && meant.endAt !== null && next >= meant.endAt;
    return next - at <= DEFER_MS && !isOver ? [next] : [];
  });
  return [...new Set(found)].filter((at) => at >= from && at < to).sort((a, b) => a - b);
}

test('what starts is what a look at every moment and every calendar finds', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RULES), calendars, fc.integer({ min: 0, max: 200 }), (when, used, hours) => {
      const span = { from: NOW + hours * 1_800_000, to: NOW + 5 * DAY_MS };
      const wanted = bySeconds(when, span, used);
      expect([...starts(rule(when), berlin, span, used)].map(({ at }) => at)).toEqual(wanted);
      const all = [...candidates(rule(when), berlin, span, used)].filter(({ reason }) => reason === null);
      expect(all.map(({ at }) => at)).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

/** A zone that counts how often it is asked, which is about once a moment. */
function counting(): { readonly zone: Zone; readonly asked: () => number } {
  let asked = 0;
  const offsetAt = (moment: number) => {
    asked += 1;
    return berlin.offsetAt(moment);
  };
  return { zone: { ...berlin, offsetAt }, asked: () => asked };
}

const often = rule({ every: '10s' });
const weekly: readonly Span[] = Array.from({ length: 160 }, (_, week) => {
  const from = NOW - 100 * DAY_MS + week * 7 * DAY_MS;
  return { from, to: from + 3_600_000 };
});

test.each<readonly [string, (zone: Zone) => unknown]>([
  [
    'calendars that close two years',
    (zone) => nextStarts(often, zone, NOW, 1, [{ name: 'c', use: 'block', spans: [{ from: 0, to: NOW * 2 }] }], NOW + 731 * DAY_MS),
  ],
  [
    'a calendar that opens once a year',
    (zone) => neighboursOf(often, zone, NOW, [{ name: 'c', use: 'only', spans: [{ from: NOW, to: NOW + 60_000 }] }]),
  ],
  [
    'a calendar that defers for an hour a week',
    (zone) => neighboursOf(often, zone, NOW + DAY_MS, [{ name: 'c', use: 'defer', spans: weekly }]),
  ],
  [
    'a calendar that defers for a month, of which this is the middle',
    (zone) => [
      ...candidates(often, zone, { from: NOW, to: NOW + 60_000 }, [
        { name: 'c', use: 'defer', spans: [{ from: NOW - 15 * DAY_MS, to: NOW + 15 * DAY_MS }] },
      ]),
    ],
  ],
])('a start every ten seconds is not gone through one by one because of %s', (_, look) => {
  const { zone, asked } = counting();
  look(zone);
  expect(asked()).toBeLessThan(2_000);
});

test('a calendar that is known for two years says nothing of a rule that means something only later', () => {
  const holidays: UsedCalendar = { name: 'c', use: 'block', spans: [{ from: NOW, to: NOW + DAY_MS }] };
  const closed: UsedCalendar = { name: 'c', use: 'block', spans: [{ from: NOW, to: NOW + 800 * DAY_MS }] };
  const later = rule({ cron: '0 0 * * *', start_at: '2030-01-01T00:00:00Z' });
  expect(nextStart(later, berlin, NOW, [holidays])?.at).toBe(Date.parse('2030-01-01T23:00:00Z'));
  expect(nextStart(rule({ cron: '0 0 * * *' }), berlin, NOW, [closed])).toBeNull();
  expect(nextStart(rule({ cron: '0 0 * * *', end_at: '2027-03-27T00:00:00Z' }), berlin, NOW, [holidays])).toBeNull();
  expect(nextStart(rule({ every: '3660d' }), berlin, NOW, [holidays])?.at).toBe(6 * 3_660 * DAY_MS);
});
