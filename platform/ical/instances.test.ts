import { describe, expect, test } from 'vitest';
import { zoneData } from '../zone-data.ts';
import { IcalProblem } from './components.ts';
import { instancesIn } from './instances.ts';

const SPAN = {
  from: Date.parse('2027-01-01T00:00:00Z'),
  today: Date.parse('2027-01-01T00:00:00Z'),
  to: Date.parse('2028-01-01T00:00:00Z'),
};
const calendar = (...components: readonly string[]) => ['BEGIN:VCALENDAR', ...components, 'END:VCALENDAR'].join('\n');
const event = (...lines: readonly string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\n');
const read = (text: string, looks = 1e7) => instancesIn(text, zoneData(), SPAN, { looks, deadline: performance.now() + 20_000 });
const timesOf = (...lines: readonly string[]) => read(calendar(event('UID:1', ...lines))).instances.map(([from, to]) => `${from} ${to}`);

describe('an event happens', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['all day', ['DTSTART;VALUE=DATE:20270501'], ['2027-05-01 2027-05-02']],
    ['for several days, the last not included', ['DTSTART;VALUE=DATE:20270501', 'DTEND;VALUE=DATE:20270504'], ['2027-05-01 2027-05-04']],
    ['for a day that ends when it begins', ['DTSTART;VALUE=DATE:20270501', 'DTEND;VALUE=DATE:20270501'], ['2027-05-01 2027-05-02']],
    ['in UTC', ['DTSTART:20270501T080000Z', 'DTEND:20270501T093000Z'], ['2027-05-01T08:00:00Z 2027-05-01T09:30:00Z']],
    ['by the clocks of whoever reads', ['DTSTART:20270501T080000', 'DURATION:PT90M'], ['2027-05-01T08:00:00 2027-05-01T09:30:00']],
    ['by those of a zone', ['DTSTART;TZID=Europe/Berlin:20270501T080000', 'DURATION:PT1H'], ['2027-05-01T06:00:00Z 2027-05-01T07:00:00Z']],
    [
      'by those of a zone that is named behind others',
      ['DTSTART;TZID=/example.org/2024/Europe/Berlin:20270501T080000', 'DURATION:PT1H'],
      ['2027-05-01T06:00:00Z 2027-05-01T07:00:00Z'],
    ],
    [
      'from one zone into another',
      ['DTSTART;TZID=Europe/Berlin:20270501T080000', 'DTEND;TZID=America/New_York:20270501T100000'],
      ['2027-05-01T06:00:00Z 2027-05-01T14:00:00Z'],
    ],
    ['never, where it has no length', ['DTSTART:20270501T080000Z'], []],
    ['never, where it is cancelled', ['DTSTART;VALUE=DATE:20270501', 'STATUS:CANCELLED'], []],
    ['also while nobody is busy', ['DTSTART;VALUE=DATE:20270501', 'TRANSP:TRANSPARENT'], ['2027-05-01 2027-05-02']],
    ['from before the span into it', ['DTSTART:20261231T230000Z', 'DURATION:P2D'], ['2026-12-31T23:00:00Z 2027-01-02T23:00:00Z']],
    [
      'where its clocks leave it out, as if they had not been put forward',
      ['DTSTART;TZID=Europe/Berlin:20270328T023000', 'DURATION:PT15M'],
      ['2027-03-28T01:30:00Z 2027-03-28T01:45:00Z'],
    ],
    [
      'where they show it twice, the first time',
      ['DTSTART;TZID=Europe/Berlin:20271031T023000', 'DURATION:PT15M'],
      ['2027-10-31T00:30:00Z 2027-10-31T00:45:00Z'],
    ],
    [
      'on further dates',
      ['DTSTART;VALUE=DATE:20270501', 'RDATE;VALUE=DATE:20270601,20270701'],
      ['2027-05-01 2027-05-02', '2027-06-01 2027-06-02', '2027-07-01 2027-07-02'],
    ],
    [
      'for further periods, each with its own end',
      ['DTSTART:20270501T080000Z', 'DURATION:PT1H', 'RDATE;VALUE=PERIOD:20270502T080000Z/PT3H,20270503T080000Z/20270503T083000Z'],
      [
        '2027-05-01T08:00:00Z 2027-05-01T09:00:00Z',
        '2027-05-02T08:00:00Z 2027-05-02T11:00:00Z',
        '2027-05-03T08:00:00Z 2027-05-03T08:30:00Z',
      ],
    ],
    [
      'again and again, with the same wall on both sides of a clock change',
      ['DTSTART;TZID=Europe/Berlin:20270327T220000', 'DTEND;TZID=Europe/Berlin:20270328T060000', 'RRULE:FREQ=DAILY;COUNT=2'],
      ['2027-03-27T21:00:00Z 2027-03-28T04:00:00Z', '2027-03-28T20:00:00Z 2027-03-29T04:00:00Z'],
    ],
    [
      'but not when it is excepted',
      ['DTSTART:20270501T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=4', 'EXDATE:20270502T080000Z,20270503T080000Z'],
      ['2027-05-01T08:00:00Z 2027-05-01T09:00:00Z', '2027-05-04T08:00:00Z 2027-05-04T09:00:00Z'],
    ],
    [
      'nor on a day that is excepted as a whole',
      ['DTSTART:20270501T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE;VALUE=DATE:20270502'],
      ['2027-05-01T08:00:00Z 2027-05-01T09:00:00Z'],
    ],
    [
      'nor when a rule excepts it',
      ['DTSTART;VALUE=DATE:20270501', 'RRULE:FREQ=DAILY;COUNT=4', 'EXRULE:FREQ=DAILY;INTERVAL=2'],
      ['2027-05-02 2027-05-03', '2027-05-04 2027-05-05'],
    ],
    [
      'up to an end that is told in UTC',
      ['DTSTART;TZID=Asia/Tokyo:20270501T080000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20270501T230000Z'],
      ['2027-04-30T23:00:00Z 2027-05-01T00:00:00Z', '2027-05-01T23:00:00Z 2027-05-02T00:00:00Z'],
    ],
    [
      'up to an end that is told as a day, which counts',
      ['DTSTART:20270501T080000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20270502'],
      ['2027-05-01T08:00:00 2027-05-01T09:00:00', '2027-05-02T08:00:00 2027-05-02T09:00:00'],
    ],
    [
      'but not on a whole day that is excepted by a time',
      ['DTSTART;VALUE=DATE:20270501', 'RRULE:FREQ=DAILY;COUNT=4', 'EXDATE;TZID=Europe/Berlin:20270502T000000', 'EXDATE:20270503T000000Z'],
      ['2027-05-01 2027-05-02', '2027-05-04 2027-05-05'],
    ],
    [
      'nor when it is excepted by its clocks without their name',
      ['DTSTART;TZID=Europe/Berlin:20270501T080000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE:20270502T080000'],
      ['2027-05-01T06:00:00Z 2027-05-01T07:00:00Z'],
    ],
    [
      'all day where that is only to be seen from its dates',
      ['DTSTART:20270501', 'DTEND:20270502', 'RDATE:20270601,20270701', 'EXDATE:20270601'],
      ['2027-05-01 2027-05-02', '2027-07-01 2027-07-02'],
    ],
    [
      'whatever else is wrong with its text',
      ['DTSTART;VALUE=DATE:20270501', 'ATTENDEE;CN="Ann:mailto:ann@example.com', 'DESCRIPTION:first', 'second line', 'EXDATE:', 'RRULE:'],
      ['2027-05-01 2027-05-02'],
    ],
    ['on 29 February in leap years only', ['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'], []],
    [
      'on the last working day of a month',
      ['DTSTART;VALUE=DATE:20271029', 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2'],
      ['2027-10-29 2027-10-30', '2027-11-30 2027-12-01'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(timesOf(...lines)).toEqual(expected);
  });
});

test('one occurrence is moved, another cancelled, and from a third on all are changed', () => {
  const series = event('UID:1', 'DTSTART:20270501T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=5');
  const moved = event('UID:1', 'RECURRENCE-ID:20270502T080000Z', 'DTSTART:20270520T100000Z', 'DURATION:PT2H');
  const cancelled = event('UID:1', 'RECURRENCE-ID;TZID=Europe/Berlin:20270503T100000', 'DTSTART:20270503T080000Z', 'STATUS:CANCELLED');
  const onward = event('UID:1', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20270504T080000Z', 'DTSTART:20270504T090000Z', 'DURATION:PT30M');
  expect(read(calendar(series, moved, cancelled, onward)).instances).toEqual([
    ['2027-05-01T08:00:00Z', '2027-05-01T09:00:00Z'],
    ['2027-05-04T09:00:00Z', '2027-05-04T09:30:00Z'],
    ['2027-05-05T09:00:00Z', '2027-05-05T09:30:00Z'],
    ['2027-05-20T10:00:00Z', '2027-05-20T12:00:00Z'],
  ]);
});

test('a change of all that follow counts by clocks, whichever it and its series are told in', () => {
  const series = event('UID:1', 'DTSTART;TZID=Europe/Berlin:20270501T080000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3');
  const onward = event('UID:1', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20270502T060000Z', 'DTSTART:20270502T070000Z', 'DURATION:PT1H');
  expect(read(calendar(series, onward)).instances).toEqual([
    ['2027-05-01T06:00:00Z', '2027-05-01T07:00:00Z'],
    ['2027-05-02T07:00:00Z', '2027-05-02T08:00:00Z'],
    ['2027-05-03T07:00:00Z', '2027-05-03T08:00:00Z'],
  ]);
});

test('an occurrence is told by its day alone', () => {
  const series = event('UID:1', 'DTSTART;TZID=Europe/Berlin:20270501T080000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2');
  const moved = event('UID:1', 'RECURRENCE-ID;VALUE=DATE:20270502', 'DTSTART;TZID=Europe/Berlin:20270504T080000', 'DURATION:PT1H');
  expect(read(calendar(series, moved)).instances).toEqual([
    ['2027-05-01T06:00:00Z', '2027-05-01T07:00:00Z'],
    ['2027-05-04T06:00:00Z', '2027-05-04T07:00:00Z'],
  ]);
});

test('of several texts for one event the one of the highest number counts', () => {
  const old = event('UID:1', 'SEQUENCE:1', 'DTSTART;VALUE=DATE:20270501');
  const young = event('UID:1', 'SEQUENCE:2', 'DTSTART;VALUE=DATE:20270601');
  expect(read(calendar(young, old))).toMatchObject({ events: 2, instances: [['2027-06-01', '2027-06-02']] });
});

test('a VTIMEZONE says what a zone is that IANA does not know, and nothing of one that it does', () => {
  const zone = (tzid: string) =>
    [
      'BEGIN:VTIMEZONE',
      `TZID:${tzid}`,
      'BEGIN:STANDARD',
      'DTSTART:16010101T030000',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
      'TZOFFSETFROM:+0430',
      'TZOFFSETTO:+0330',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
      'TZOFFSETFROM:+0330',
      'TZOFFSETTO:+0430',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ].join('\n');
  const at = (tzid: string, day: string) => event(`UID:${day}`, `DTSTART;TZID=${tzid}:${day}T120000`, 'DURATION:PT1H');
  const starts = (tzid: string) => read(calendar(zone(tzid), at(tzid, '20270110'), at(tzid, '20270710'))).instances.map(([from]) => from);
  expect(starts('Own Time')).toEqual(['2027-01-10T08:30:00Z', '2027-07-10T07:30:00Z']);
  expect(starts('Europe/Berlin')).toEqual(['2027-01-10T11:00:00Z', '2027-07-10T10:00:00Z']);
});

test('folded lines are one, alarms are not events, and what else stands in a calendar is passed over', () => {
  const alarm = 'BEGIN:VALARM\nTRIGGER:-PT15M\nDTSTART:20270101T000000Z\nEND:VALARM';
  const text = calendar(
    `BEGIN:VTODO\nDTSTART:20270301T000000Z\nEND:VTODO`,
    event('UID:1', 'DTSTART;VALUE=\n DATE:2027\n\t0501', alarm),
  ).replaceAll('\n', '\r\n');
  expect(read(text)).toEqual({ events: 1, instances: [['2027-05-01', '2027-05-02']] });
});

describe('a text is refused', () => {
  test.each<[string, string, number | null, string]>([
    ['that ends an event it has not begun', calendar('END:VEVENT'), 2, 'END:VCALENDAR is expected'],
    ['whose components stand too deep', 'BEGIN:VCALENDAR\n'.repeat(12), 11, 'deep'],
    [
      'whose event ends after all that can be written',
      calendar(event('DTSTART;VALUE=DATE:20270501', 'DURATION:P99999999D')),
      4,
      'longer than a thousand years',
    ],
    ['with a NUL character', calendar(event('UID:\0')), 3, 'NUL'],
    ['whose event does not begin', calendar(event('UID:1')), 2, 'has no DTSTART'],
    [
      'whose end is a day and its start a time',
      calendar(event('DTSTART:20270501T080000Z', 'DTEND;VALUE=DATE:20270502')),
      4,
      'both be dates',
    ],
    [
      'with a VTIMEZONE that says nothing',
      calendar('BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE', event('DTSTART;TZID=x:20270501T080000')),
      2,
      'neither STANDARD nor DAYLIGHT',
    ],
    [
      'of more than 20,000 instances',
      calendar(event('DTSTART:20270101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=MINUTELY')),
      2,
      'more than 20000 instances',
    ],
    [
      'that chooses among too many times',
      calendar(
        event(
          'DTSTART:20270101T000000Z',
          'DURATION:PT1S',
          'RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9;BYSETPOS=1',
        ),
      ),
      5,
      'chooses among',
    ],
    [
      'whose rules cost more than there is for them',
      calendar(event('DTSTART:19700101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY;COUNT=2000000000')),
      5,
      'too long',
    ],
  ])('%s', (_, text, line, says) => {
    try {
      read(text, 1e6);
      expect.unreachable('it was read');
    } catch (error) {
      expect(error).toBeInstanceOf(IcalProblem);
      expect(error).toMatchObject({ line, message: expect.stringContaining(says) });
    }
  });
});

test.each([
  'FREQ=SECONDLY;UNTIL=99991231T235959Z;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
  'FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=15',
  'FREQ=WEEKLY;INTERVAL=100000000;BYMONTH=2',
  'FREQ=YEARLY;INTERVAL=999999999999',
  'FREQ=HOURLY;INTERVAL=87654321;BYMONTH=2;BYMONTHDAY=30',
])('a rule that never comes true costs next to nothing: %s', (rule) => {
  const text = calendar(event('UID:1', 'DTSTART:19700101T000000Z', 'DURATION:PT1M', `RRULE:${rule}`));
  expect(read(text, 100_000)).toEqual({ events: 1, instances: [] });
});
