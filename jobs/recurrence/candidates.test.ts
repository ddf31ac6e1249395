import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import type { ScheduleDefinition } from '../schedules/definition.ts';
import { ruleOf } from '../schedules/rule.ts';
import type { Zone } from '../zones/zone.ts';
import { candidates } from './candidates.ts';
import { nextStarts } from './next.ts';
import type { UsedCalendar } from './wanted.ts';

const berlin = zoneData().zone('Europe/Berlin') as Zone;

const at = (text: string): number => Date.parse(text);

/** What a rule comes to within a span, a line each: the moment, the wall time it stands for, marks, and why nothing starts. */
function lines(
  when: Partial<ScheduleDefinition>,
  from: string,
  to: string,
  calendars: readonly UsedCalendar[] = [],
  zone: Zone = zoneData().zone(when.timezone ?? 'Europe/Berlin') as Zone,
): readonly string[] {
  return [...candidates(ruleOf({ name: 'one', job: 'one', ...when }), zone, { from: at(from), to: at(to) }, calendars)].map(
    ({ at, wall, marks, reason }) =>
      [new Date(at).toISOString().slice(5, 16), 'for', wall.slice(5), ...marks, ...(reason ? [`(${reason})`] : [])].join(' '),
  );
}

const SPRING = ['2027-03-28T00:00:00Z', '2027-03-28T03:00:00Z'] as const;
const AUTUMN = ['2027-10-31T00:00:00Z', '2027-10-31T03:00:00Z'] as const;

test.each<[string, Partial<ScheduleDefinition>, readonly [string, string], readonly string[]]>([
  ['is moved ahead by the size of the jump', { cron: '30 2 * * *' }, SPRING, ['03-28T01:30 for 03-28T02:30 shifted']],
  ['or dropped', { cron: '30 2 * * *', dst: { gap: 'skip' } }, SPRING, ['03-28T01:30 for 03-28T02:30 gap-skipped (dst)']],
  [
    'and is one start with another that means the same moment',
    { cron: '30 0-3 * * *' },
    SPRING,
    ['03-28T00:30 for 03-28T01:30', '03-28T01:30 for 03-28T03:30'],
  ],
  [
    'also where it would be dropped',
    { cron: '30 0-3 * * *', dst: { gap: 'skip' } },
    SPRING,
    ['03-28T00:30 for 03-28T01:30', '03-28T01:30 for 03-28T03:30'],
  ],
  [
    'between those that the clocks do show',
    { cron: '5,50 2,3 * * *', start_at: '2027-03-28T01:10:00Z' },
    SPRING,
    ['03-28T01:50 for 03-28T03:50'],
  ],
  [
    'half an hour in Lord Howe',
    { cron: '15 2 * * *', timezone: 'Australia/Lord_Howe' },
    ['2027-10-02T15:00:00Z', '2027-10-02T16:00:00Z'],
    ['10-02T15:45 for 10-03T02:15 shifted'],
  ],
  [
    'at midnight in Santiago',
    { cron: '0 0 * * sun', timezone: 'America/Santiago' },
    ['2027-09-04T00:00:00Z', '2027-09-06T12:00:00Z'],
    ['09-05T04:00 for 09-05T00:00 shifted'],
  ],
])('a wall time that the clocks leave out: %s', (_, when, [from, to], expected) => {
  expect(lines(when, from, to)).toEqual(expected);
});

test.each<[string, Partial<ScheduleDefinition>, readonly string[]]>([
  ['at its first copy', { cron: '30 2 * * *' }, ['10-31T00:30 for 10-31T02:30 fold-first']],
  ['at its second', { cron: '30 2 * * *', dst: { fold: 'second' } }, ['10-31T01:30 for 10-31T02:30 fold-second']],
  [
    'at both',
    { cron: '30 2 * * *', dst: { fold: 'both' } },
    ['10-31T00:30 for 10-31T02:30 fold-first', '10-31T01:30 for 10-31T02:30 fold-second'],
  ],
  [
    'so what starts many times a day does nothing for an hour',
    { cron: '*/30 * * * *' },
    [
      '10-31T00:00 for 10-31T02:00 fold-first',
      '10-31T00:30 for 10-31T02:30 fold-first',
      '10-31T02:00 for 10-31T03:00',
      '10-31T02:30 for 10-31T03:30',
    ],
  ],
  [
    'nothing but the days count for days',
    { every_days: 2, at: '02:00', from: '2027-10-29', dst: { fold: 'second' } },
    ['10-31T01:00 for 10-31T02:00 fold-second'],
  ],
  [
    'and elapsed time goes on',
    { every: '1h' },
    ['10-31T00:00 for 10-31T02:00', '10-31T01:00 for 10-31T02:00', '10-31T02:00 for 10-31T03:00'],
  ],
])('a wall time that the clocks show twice starts something %s', (_, when, expected) => {
  expect(lines(when, ...AUTUMN)).toEqual(expected);
});

test('London at midnight is once a day all year, whichever way the clocks change', () => {
  expect(lines({ cron: '0 0 * * *', timezone: 'Europe/London' }, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
    '10-24T23:00 for 10-25T00:00',
    '10-26T00:00 for 10-26T00:00',
  ]);
});

test('a schedule starts from its first moment on, and not at its last', () => {
  const bounds = { start_at: '2027-01-02T01:00:00Z', end_at: '2027-01-04T01:00:00Z' };
  expect(lines({ cron: '0 2 * * *', ...bounds }, '2027-01-01T00:00:00Z', '2027-01-09T00:00:00Z')).toEqual([
    '01-02T01:00 for 01-02T02:00',
    '01-03T01:00 for 01-03T02:00',
  ]);
  expect(
    lines({ every: '1d', anchor: '2027-01-03T01:00:00Z', end_at: '2027-01-05T01:00:00Z' }, '2027-01-01T00:00:00Z', '2027-01-09T00:00:00Z'),
  ).toHaveLength(2);
  expect(lines({ every_days: 2, at: '02:00', from: '2027-01-03' }, '2027-01-01T00:00:00Z', '2027-01-09T00:00:00Z')).toEqual([
    '01-03T01:00 for 01-03T02:00',
    '01-05T01:00 for 01-05T02:00',
    '01-07T01:00 for 01-07T02:00',
  ]);
});

const used = (use: UsedCalendar['use'], ...spans: readonly (readonly [string, string])[]): UsedCalendar => ({
  name: use,
  use,
  spans: spans.map(([from, to]) => ({ from: at(`2027-01-${from}:00Z`), to: at(`2027-01-${to}:00Z`) })),
});

test.each<[string, Partial<ScheduleDefinition>, readonly UsedCalendar[], readonly string[]]>([
  [
    'block: its end is free',
    {},
    [used('block', ['05T02:00', '05T04:00'])],
    ['01-05T02:00 for 01-05T02:00 blackout (blackout)', '01-05T04:00 for 01-05T04:00', '01-05T06:00 for 01-05T06:00'],
  ],
  [
    'only: its end is not',
    {},
    [used('only', ['05T02:00', '05T04:00'])],
    ['01-05T02:00 for 01-05T02:00', '01-05T04:00 for 01-05T04:00 window (window)', '01-05T06:00 for 01-05T06:00 window (window)'],
  ],
  [
    'two that say only: both must',
    {},
    [used('only', ['05T01:00', '05T05:00']), used('only', ['05T03:00', '05T07:00'])],
    ['01-05T02:00 for 01-05T02:00 window (window)', '01-05T04:00 for 01-05T04:00', '01-05T06:00 for 01-05T06:00 window (window)'],
  ],
  [
    'defer: to its end',
    {},
    [used('defer', ['05T02:00', '05T03:30'])],
    ['01-05T03:30 for 01-05T02:00 deferred', '01-05T04:00 for 01-05T04:00', '01-05T06:00 for 01-05T06:00'],
  ],
  [
    'several that wait for one moment are one start',
    {},
    [used('defer', ['05T02:00', '05T05:00'])],
    ['01-05T05:00 for 01-05T02:00 deferred', '01-05T06:00 for 01-05T06:00'],
  ],
  ['with one that starts then anyway', {}, [used('defer', ['05T02:00', '05T06:00'])], ['01-05T06:00 for 01-05T06:00']],
  [
    'from before the span into it',
    {},
    [used('defer', ['04T20:00', '05T01:30'])],
    ['01-05T01:30 for 01-04T20:00 deferred', '01-05T02:00 for 01-05T02:00', '01-05T04:00 for 01-05T04:00', '01-05T06:00 for 01-05T06:00'],
  ],
  [
    'to the next moment that all allow',
    {},
    [
      used('defer', ['05T02:00', '05T03:00']),
      used('block', ['05T03:00', '05T03:20']),
      used('only', ['05T00:00', '05T03:10'], ['05T03:40', '06T00:00']),
    ],
    ['01-05T03:40 for 01-05T02:00 deferred', '01-05T04:00 for 01-05T04:00', '01-05T06:00 for 01-05T06:00'],
  ],
  [
    'what is blocked does not wait',
    {},
    [used('defer', ['05T01:00', '05T03:00']), used('block', ['05T02:00', '05T02:30'])],
    ['01-05T02:00 for 01-05T02:00 blackout (blackout)', '01-05T04:00 for 01-05T04:00', '01-05T06:00 for 01-05T06:00'],
  ],
  [
    'nor does it wait past the end',
    { end_at: '2027-01-05T03:00:00Z' },
    [used('defer', ['05T02:00', '05T03:30'])],
    ['01-05T02:00 for 01-05T02:00 blackout (blackout)'],
  ],
])('calendars: %s', (_, more, calendars, expected) => {
  const when = { cron: '0 */2 * * *', timezone: 'UTC', ...more };
  expect(lines(when, '2027-01-05T01:00:00Z', '2027-01-05T07:00:00Z', calendars)).toEqual(expected);
});

test('a start waits a month at most for a calendar', () => {
  const long: UsedCalendar = {
    name: 'freeze',
    use: 'defer',
    spans: [{ from: at('2027-01-01T00:00:00Z'), to: at('2027-02-15T00:00:00Z') }],
  };
  const found = lines({ cron: '0 0 * * *', timezone: 'UTC' }, '2027-01-14T00:00:00Z', '2027-02-16T00:00:00Z', [long]);
  expect(found.slice(0, 2)).toEqual(['01-14T00:00 for 01-14T00:00 blackout (blackout)', '02-15T00:00 for 02-15T00:00']);
  const shifted = lines({ cron: '30 0 * * *', timezone: 'UTC' }, '2027-01-14T00:00:00Z', '2027-02-16T00:00:00Z', [long]);
  expect(shifted.slice(0, 3)).toEqual([
    '01-14T00:30 for 01-14T00:30 blackout (blackout)',
    '02-15T00:00 for 01-15T00:30 deferred',
    '02-15T00:30 for 02-15T00:30',
  ]);
});

test('the next starts are found however far they are, and none where there are none', () => {
  const leap = ruleOf({ name: 'one', job: 'one', cron: '0 3 29 2 mon' });
  expect(nextStarts(leap, berlin, at('2026-11-22T00:00:00Z'), 2).map(({ wall }) => wall)).toEqual(['2044-02-29T03:00']);
  const once = ruleOf({ name: 'one', job: 'one', scheduled_for: '2027-01-31T22:00:00Z' });
  expect(nextStarts(once, berlin, at('2027-01-31T21:59:59Z'), 9)).toHaveLength(1);
  expect(nextStarts(once, berlin, at('2027-01-31T22:00:00Z'), 9)).toEqual([]);
  const minutely = ruleOf({ name: 'one', job: 'one', cron: '* * * * *' });
  expect(nextStarts(minutely, berlin, at('2026-11-22T00:00:00Z'), 500).at(-1)?.at).toBe(at('2026-11-22T08:20:00Z'));
});
