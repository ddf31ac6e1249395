import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { InvalidInput } from '../problem.ts';
import type { ScheduleDefinition } from './definition.ts';
import { readSchedule } from './read-schedule.ts';

const NOW = Date.parse('2026-11-22T15:00:00Z');

/** What is said of a schedule with these lines, and `!` in front of what is only a warning. */
function said(lines: string, before: ScheduleDefinition | null = null): readonly string[] {
  try {
    return readSchedule(`name: nightly\njob: backup\n${lines}`, zoneData(), NOW, before).warnings.map(
      ({ pointer, message }) => `! ${pointer} ${message}`,
    );
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(
      ({ line, column, pointer, message, severity }) => `${severity === 'warning' ? '! ' : ''}${line}:${column} ${pointer} ${message}`,
    );
  }
}

const KINDS = 'cron, calendar, every, every_days, scheduled_for';

test.each<[string, string, readonly string[]]>([
  ['nothing that says when', 'timezone: UTC', [`1:1  needs one of ${KINDS}`]],
  ['two things that say when', 'cron: 0 2 * * *\nevery: 6h', [`1:1  may have only one of ${KINDS}`]],
  ['an unknown field', 'cron: 0 2 * * *\ntimezon: UTC', ['4:10 /timezon timezon: unknown field; did you mean "timezone"?']],
  [
    'a misspelt zone',
    'cron: 0 2 * * *\ntimezone: Europe/Berln',
    ['4:11 /timezone timezone: "Europe/Berln" is not an IANA time zone; did you mean "Europe/Berlin"?'],
  ],
  [
    'a policy that is none',
    'cron: 0 2 * * *\noverlap: skipp',
    [
      '4:10 /overlap overlap: "skipp" is not one of skip, buffer_one, buffer_all, cancel_other, terminate_other, allow_all; did you mean "skip"?',
    ],
  ],
  ['a gap policy that is none', 'cron: 0 2 * * *\ndst: { gap: fold }', ['4:13 /dst/gap dst.gap: "fold" is not one of skip, shift']],
  ['a priority out of range', 'cron: 0 2 * * *\npriority: 11', ['4:11 /priority priority: 11 is not at most 10']],
  [
    'a client of too many bytes',
    `cron: 0 2 * * *\nclient: ${'é'.repeat(33)}`,
    [`4:9 /client client: ${JSON.stringify('é'.repeat(33))} has more than 64 bytes`],
  ],
  [
    'a calendar used twice',
    'cron: 0 2 * * *\ncalendars: [{ name: a, use: block }, { name: a, use: only }]',
    ['4:46 /calendars/1/name calendars[1].name: "a" is used twice; one calendar has one use'],
  ],
  [
    'a use that is none',
    'cron: 0 2 * * *\ncalendars: [{ name: a, use: blok }]',
    ['4:29 /calendars/0/use calendars[0].use: "blok" is not one of block, only, defer; did you mean "block"?'],
  ],
  ['no version', 'cron: 0 2 * * *\nversion: newest', ['4:10 /version version: "newest" is not a version; write its number, or latest']],
])('%s is told with its place', (_, lines, problems) => {
  expect(said(lines)).toEqual(problems);
});

test.each<[string, readonly string[]]>([
  ['30 2 31 2 *', ['3:7 /cron cron: "30 2 31 2 *" never fires: no year has such a day']],
  ['30 2 31 4,6,9,11 *', ['3:7 /cron cron: "30 2 31 4,6,9,11 *" never fires: no year has such a day']],
  ['30 2 29 2 *', []],
  [
    '30 2 29 2 1',
    ['! /cron cron: both day fields must hold, so this starts only on such a day of the week that is also such a day of the month'],
  ],
  ['"0 60 * * *"', ['3:7 /cron cron: hour: "60" is no hour; write 0 to 23']],
  ['"*/0 * * * *"', ['3:7 /cron cron: minute: "*/0" has no step behind its "/"; write for example */15']],
  [
    '0 2 * * fri-mon',
    ['3:7 /cron cron: day of the week: "fri-mon" ends before it begins; write it as two ranges with a comma between them'],
  ],
  ['0 2 * foo *', ['3:7 /cron cron: month: "foo" is no month; write 1 to 12 or jan to dec']],
  ['0 2 * * xyz', ['3:7 /cron cron: day of the week: "xyz" is no day of the week; write 0 to 7 or sun to sat']],
  ['0 2 1,,3 * *', ['3:7 /cron cron: day of the month: "" is no day of the month; write 1 to 31']],
  ['0 2 * *', ['3:7 /cron cron: has 4 fields; write five: minute, hour, day of the month, month, day of the week']],
  [
    '"0 2 * * * 2027"',
    [
      '3:7 /cron cron: has 6 fields, and five are taken: minute, hour, day of the month, month, day of the week; instead of a year write start_at and end_at, instead of seconds every: 30s, or the calendar form, calendar: { hour: 2, minute: 0 }',
    ],
  ],
  [
    '"0 30 2 * * * *"',
    [
      '3:7 /cron cron: has 7 fields, and five are taken: minute, hour, day of the month, month, day of the week; instead of a year write start_at and end_at, instead of seconds every: 30s, or the calendar form, calendar: { hour: 2, minute: 30 }',
    ],
  ],
  ['0 18 L * *', ['3:7 /cron cron: "L" is not taken in cron; write the calendar form, calendar: { day: last, hour: 18, minute: 0 }']],
  ['0 18 L-2 * *', ['3:7 /cron cron: "L-2" is not taken in cron; write the calendar form, calendar: { day: last-2, hour: 18, minute: 0 }']],
  [
    '0 18 15W * *',
    [
      '3:7 /cron cron: "15W" is not taken in cron; write the calendar form, calendar: { day: 15, weekday: mon-fri, hour: 18, minute: 0 }, which is that day only when it is a weekday; the nearest one has no form',
    ],
  ],
  [
    '0 18 LW * *',
    [
      '3:7 /cron cron: "LW" is not taken in cron; write the calendar form, calendar: { day: last, weekday: mon-fri, hour: 18, minute: 0 }, which is that day only when it is a weekday; the nearest one has no form',
    ],
  ],
  [
    '0 18 * * 5L',
    ['3:7 /cron cron: "5L" is not taken in cron; write the calendar form, calendar: { nth_weekday: last fri, hour: 18, minute: 0 }'],
  ],
  [
    '"*/5 18 * * mon#1"',
    ['3:7 /cron cron: "mon#1" is not taken in cron; write the calendar form, calendar: { nth_weekday: 1st mon, hour: 18, minute: "*/5" }'],
  ],
  [
    '"0 18 * * 0#3"',
    ['3:7 /cron cron: "0#3" is not taken in cron; write the calendar form, calendar: { nth_weekday: 3rd sun, hour: 18, minute: 0 }'],
  ],
  [
    '"0 18 * * * # note"',
    [
      '3:7 /cron cron: "#" is not taken in cron; write note: beside it for what people should know, and the calendar form for the nth weekday, calendar: { nth_weekday: 1st mon, hour: 18, minute: 0 }',
    ],
  ],
  [
    '0 18 ? * 2',
    [
      '3:7 /cron cron: "?" is not taken in cron; write * for any day, or the calendar form, where an absent field agrees with all, calendar: { hour: 18, minute: 0 }',
    ],
  ],
  ['CRON_TZ=Europe/Berlin 0 2 * * *', ['3:7 /cron cron: names a time zone; write it beside cron as timezone']],
  ['"@every 6h"', ['3:7 /cron cron: counts elapsed time; write every: 6h instead of cron']],
  [
    '"@reboot"',
    [
      '3:7 /cron cron: "@reboot" is not known; write five fields or one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly',
    ],
  ],
  ['"@daily"', []],
  ['0 2 * * 7', []],
  ['0 2 * jan-mar mon-fri', []],
  ['0 2 * * Wed-Thurs', []],
])('cron: %s', (cron, problems) => {
  expect(said(`cron: ${cron}`)).toEqual(problems);
});

test.each<[string, readonly string[]]>([
  ['{ day: 31, month: [feb, apr] }', ['3:11 /calendar calendar: never fires: no year has such a day']],
  ['{ day: last-30, month: feb }', ['3:11 /calendar calendar: never fires: no year has such a day']],
  ['{ nth_weekday: 5th mon, day: 1-7 }', ['3:11 /calendar calendar: never fires: no year has such a day']],
  ['{ nth_weekday: 5th mon, month: feb }', []],
  [
    '{ nth_weekday: 6th mon }',
    ['3:26 /calendar/nth_weekday calendar.nth_weekday: "6th mon" is no day; write 1st mon, 2nd tue, 3rd wed, 4th thu, 5th fri or last sat'],
  ],
  ['{ day: first }', ['3:18 /calendar/day calendar.day: "first" is no day of the month; write 1 to 31, last or last-1']],
  ['{ day: last-31 }', ['3:18 /calendar/day calendar.day: "last-31" is no day of the month; write last, last-1 and so on to last-30']],
  ['[{ hour: 6 }, { hour: 24 }]', ['3:33 /calendar/1/hour calendar[1].hour: "24" is no hour; write 0 to 23']],
  ['{}', ['3:11 /calendar calendar: has 0 entries; at least 1 needed']],
  ['{ hours: 6 }', ['3:20 /calendar/hours calendar.hours: unknown field; did you mean "hour"?']],
  ['{ hour: 6.5 }', ['3:19 /calendar/hour calendar.hour: 6.5 is not a number, a name or a range or a list']],
  ['{ day: [1, last], hour: 8-18, minute: "*/20", weekday: [mon, 5-7] }', []],
])('calendar: %s', (calendar, problems) => {
  expect(said(`calendar: ${calendar}`)).toEqual(problems);
});

test.each<[string, readonly string[]]>([
  ['every: 5s', ['3:8 /every every: "5s" is shorter than 10 s']],
  ['every: 10500ms', ['3:8 /every every: "10500ms" is not a number of whole seconds']],
  ['every: soon', ['3:8 /every every: "soon" is not a duration; write 500ms, 2s, 5m or 1h']],
  ['every: 10s', []],
  [
    'every: 6h\nanchor: yesterday',
    ['4:9 /anchor anchor: "yesterday" is not a moment with its offset; write 2027-01-31T23:00:00+01:00 or 2027-01-31T22:00:00Z'],
  ],
  [
    'every: 6h\nanchor: 2027-02-30T00:00:00Z',
    ['4:9 /anchor anchor: "2027-02-30T00:00:00Z" is not a moment with its offset; write 2027-01-31T23:00:00+01:00 or 2027-01-31T22:00:00Z'],
  ],
  ['every: 6h\nanchor: 2027-01-01T00:00:00.500Z', ['4:9 /anchor anchor: "2027-01-01T00:00:00.500Z" is not at a whole second']],
  ['every: 6h\ndst: { gap: skip }', ['4:6 /dst dst: does not belong to every: elapsed time knows no clocks that change']],
  ['cron: 0 2 * * *\nanchor: 2027-01-01T00:00:00Z', ['4:9 /anchor anchor: does not belong to cron: it is a part of every']],
  ['cron: 0 2 * * *\nat: "02:00"', ['4:5 /at at: does not belong to cron: it is a part of every_days']],
  ['every_days: 3\nat: "24:00"', ['4:5 /at at: "24:00" is not a time of day; write 00:00 to 23:59']],
  ['every_days: 3\nat: "02:30"\nfrom: 2027-02-29', ['5:7 /from from: "2027-02-29" is not a day; write 2027-01-31']],
  ['every_days: 0', ['3:13 /every_days every_days: 0 is not at least 1']],
  ['every_days: 3\nat: "02:30"\nfrom: 2027-02-28', []],
  ['cron: 0 2 * * *\ncatchup_window: 5s', ['4:17 /catchup_window catchup_window: "5s" is shorter than 10 s']],
  ['cron: 0 2 * * *\ncatchup_window: 8d', ['4:17 /catchup_window catchup_window: "8d" is longer than 7 d']],
  ['cron: 0 2 * * *\ncatchup_window: 7d', []],
  ['cron: 0 2 * * *\njitter: 1d', ['4:9 /jitter jitter: "1d" is not shorter than the time between two starts, 1 d']],
  ['cron: 0 2,3 * * *\njitter: 1h', ['4:9 /jitter jitter: "1h" is not shorter than the time between two starts, 1 h']],
  ['cron: 0 2,3 * * *\njitter: 59m', []],
  [
    'calendar: [{ hour: 0 }, { month: feb, day: 29, minute: 5 }]\njitter: 5m',
    ['4:9 /jitter jitter: "5m" is not shorter than the time between two starts, 5 m'],
  ],
  ['cron: 59 23 31 12 *\njitter: 25h', ['4:9 /jitter jitter: "25h" is longer than 1 d']],
  [
    'calendar: [{ month: dec, day: 31, hour: 23, minute: 59 }, { month: jan, day: 1 }]\njitter: 1m',
    ['4:9 /jitter jitter: "1m" is not shorter than the time between two starts, 1 m'],
  ],
  ['every: 1m\njitter: 1m', ['4:9 /jitter jitter: "1m" is not shorter than the time between two starts, 1 m']],
  [
    'cron: 0 2 * * *\nstart_at: 2027-03-01T00:00:00Z\nend_at: 2027-03-01T00:00:00Z',
    ['5:9 /end_at end_at: "2027-03-01T00:00:00Z" is not after start_at'],
  ],
  ['cron: 0 2 * * *\nend_at: 2026-11-01T00:00:00Z', ['4:9 /end_at end_at: nothing starts before "2026-11-01T00:00:00Z"']],
  [
    'cron: 0 2 1 * *\nstart_at: 2027-03-02T00:00:00Z\nend_at: 2027-03-31T00:00:00Z',
    ['5:9 /end_at end_at: nothing starts before "2027-03-31T00:00:00Z"'],
  ],
  ['cron: 0 2 1 * *\nstart_at: 2027-03-02T00:00:00Z\nend_at: 2027-04-01T02:00:01Z', []],
  [
    'calendar: { month: mar, nth_weekday: last sun, hour: 2, minute: 30 }\ntimezone: Europe/Berlin\ndst: { gap: skip }',
    ['3:11 /calendar calendar: never fires: the clocks of its zone leave out every such time'],
  ],
])('%s', (lines, problems) => {
  expect(said(lines)).toEqual(problems);
});

test.each<[string, readonly string[]]>([
  ['2026-11-22T15:00:01Z', []],
  ['2026-11-22T15:00:00Z', ['3:16 /scheduled_for scheduled_for: "2026-11-22T15:00:00Z" has passed']],
  ['2026-11-22T16:00\ntimezone: Europe/Berlin', ['3:16 /scheduled_for scheduled_for: "2026-11-22T16:00" has passed']],
  ['2026-11-22T16:01\ntimezone: Europe/Berlin', []],
  [
    'tomorrow',
    [
      '3:16 /scheduled_for scheduled_for: "tomorrow" is neither a moment nor a time on the wall; write 2027-01-31T22:00:00Z, 2027-01-31T23:00:00+01:00 or 2027-01-31T23:00',
    ],
  ],
  [
    '2027-03-28T02:30\ntimezone: Europe/Berlin',
    [
      '3:16 /scheduled_for scheduled_for: "2027-03-28T02:30" in Europe/Berlin is left out by the clocks; write 2027-03-28T03:30, or dst: { gap: shift } which means the same',
    ],
  ],
  ['2027-03-28T02:30\ntimezone: Europe/Berlin\ndst: { gap: shift }', []],
  [
    '2027-03-28T02:30\ntimezone: Europe/Berlin\ndst: { gap: skip }',
    [
      '3:16 /scheduled_for scheduled_for: "2027-03-28T02:30" in Europe/Berlin is left out by the clocks; write 2027-03-28T03:30, or dst: { gap: shift } which means the same',
    ],
  ],
  [
    '2027-10-31T02:30\ntimezone: Europe/Berlin',
    [
      '3:16 /scheduled_for scheduled_for: "2027-10-31T02:30" in Europe/Berlin comes twice, at 2027-10-31T00:30:00Z and at 2027-10-31T01:30:00Z; write one of them, or dst: { fold: first } or { fold: second }',
    ],
  ],
  ['2027-10-31T02:30\ntimezone: Europe/Berlin\ndst: { fold: second }', []],
  [
    '2027-10-31T02:30\ntimezone: Europe/Berlin\ndst: { fold: both }',
    [
      '3:16 /scheduled_for scheduled_for: "2027-10-31T02:30" in Europe/Berlin comes twice, at 2027-10-31T00:30:00Z and at 2027-10-31T01:30:00Z; write one of them, or dst: { fold: first } or { fold: second }',
    ],
  ],
  ['2027-10-31T02:30:00+01:00\ntimezone: Europe/Berlin', []],
  [
    '2027-01-31T22:00:00Z\nend_at: 2028-01-01T00:00:00Z',
    ['4:9 /end_at end_at: does not belong to scheduled_for: what happens once begins and ends with it'],
  ],
])('scheduled_for: %s', (lines, problems) => {
  expect(said(`scheduled_for: ${lines}`)).toEqual(problems);
});

test('who starts something every few minutes is told of the hour that comes twice, until they say what is to happen then', () => {
  const warning =
    '! /dst/fold dst.fold: nothing starts from 2027-10-31T01:00Z to 2027-10-31T02:00Z, when the clocks show the same times again; write dst: { fold: both } if it is to go on';
  expect(said('cron: "*/15 * * * *"\ntimezone: Europe/Berlin')).toEqual([warning]);
  expect(said('cron: "*/15 * * * *"\ntimezone: Europe/Berlin\ndst: { fold: first }')).toEqual([]);
  expect(said('cron: "*/15 * * * *"\ntimezone: Asia/Tokyo')).toEqual([]);
  expect(said('cron: "*/15 8-18 * * *"\ntimezone: Europe/Berlin')).toEqual([]);
  expect(said('cron: "30 2 * * *"\ntimezone: Europe/Berlin')).toEqual([]);
});

test('a schedule whose time has passed can still be changed in everything but its time', () => {
  const before: ScheduleDefinition = { name: 'nightly', job: 'backup', scheduled_for: '2026-11-01T00:00:00Z' };
  expect(said('scheduled_for: 2026-11-01T00:00:00Z\nnote: done', before)).toEqual([
    '! /scheduled_for scheduled_for: "2026-11-01T00:00:00Z" has passed',
  ]);
  expect(said('scheduled_for: 2026-11-02T00:00:00Z', before)).toEqual([
    '3:16 /scheduled_for scheduled_for: "2026-11-02T00:00:00Z" has passed',
  ]);
  const ended: ScheduleDefinition = { name: 'nightly', job: 'backup', cron: '0 2 * * *', end_at: '2026-11-01T00:00:00Z' };
  expect(said('cron: 0 2 * * *\nend_at: 2026-11-01T00:00:00Z\npriority: 1', ended)).toHaveLength(1);
  expect(said('cron: 0 3 * * *\nend_at: 2026-11-01T00:00:00Z', ended)[0]).toContain('4:9 /end_at');
});

test('everything wrong is told at once, in the order of the text', () => {
  const lines = 'cron: 0 25 * * *\ntimezone: Mars/Olympus\ncatchup_window: 1s\njitter: 2h30\nstart_at: now\npriority: 0';
  expect(said(lines).map((problem) => problem.split(' ')[1])).toEqual([
    '/cron',
    '/timezone',
    '/catchup_window',
    '/jitter',
    '/start_at',
    '/priority',
  ]);
});

test.each<[string, string]>([
  [
    'scheduled_for: 2070-01-01T00:00',
    '3:16 /scheduled_for scheduled_for: "2070-01-01T00:00" is too far ahead; nothing starts in the coming 40 years',
  ],
  [
    'cron: 0 2 * * *\nstart_at: 2070-01-01T00:00:00Z',
    '4:11 /start_at start_at: "2070-01-01T00:00:00Z" is too far ahead; nothing starts in the coming 40 years',
  ],
  [
    'every: 6h\nanchor: 2070-01-01T00:00:00Z',
    '4:9 /anchor anchor: "2070-01-01T00:00:00Z" is too far ahead; nothing starts in the coming 40 years',
  ],
  ['every_days: 2\nfrom: 2070-01-01', '4:7 /from from: "2070-01-01" is too far ahead; nothing starts in the coming 40 years'],
])('%s is a slip of the pen', (lines, problem) => {
  expect(said(lines)).toEqual([problem]);
});

test('JSON is read like YAML, and it is known which it was', () => {
  const definition = { name: 'nightly', job: 'backup', cron: '0 2 * * *' };
  expect(readSchedule(JSON.stringify(definition), zoneData(), NOW)).toEqual({ definition, format: 'json', warnings: [] });
  expect(readSchedule('name: nightly\njob: backup\ncron: 0 2 * * *', zoneData(), NOW)).toEqual({
    definition,
    format: 'yaml',
    warnings: [],
  });
});
