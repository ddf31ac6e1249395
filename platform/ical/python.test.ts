import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { askIcalendar, pythonIcalendarMissing } from '#test/peers/python-icalendar.ts';
import { instancesIn } from './instances.ts';

const FROM = '2027-01-01';
const TO = '2028-06-01';
const DAY = 86_400_000;

const two = (n: number) => String(n).padStart(2, '0');
const dateText = (day: number) => new Date(Date.UTC(2026, 0, 1) + day * DAY).toISOString().slice(0, 10).replaceAll('-', '');
const some = <T>(values: readonly T[], max: number) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: max });
const numbers = (from: number, to: number, max: number) =>
  fc.uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: max }).map((list) => list.sort((a, b) => a - b));
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const maybe = (name: string, list: fc.Arbitrary<readonly (string | number)[]>) =>
  fc.option(list, { nil: null, freq: 2 }).map((values) => (values === null ? '' : `;${name}=${values.join(',')}`));
const NONE = fc.constant('');

/** What each frequency may be told, by the standard. */
const PARTS = {
  YEARLY: fc.tuple(
    maybe('BYMONTH', numbers(1, 12, 3)),
    fc.oneof(
      // Python takes every and a certain weekday together for both at once.
      maybe('BYDAY', fc.oneof(some(['1TU', '-1FR', '2SU'], 2), some(DAYS, 2))),
      maybe('BYMONTHDAY', fc.constantFrom([1], [-1], [29, 30, 31], [15, -15])),
      NONE,
    ),
  ),
  MONTHLY: fc.tuple(
    maybe('BYMONTH', numbers(1, 12, 4)),
    fc.oneof(
      maybe('BYDAY', fc.oneof(some(['1TU', '-1FR', '5SU', '-2WE'], 3), some(DAYS, 3))),
      maybe('BYMONTHDAY', fc.constantFrom([1], [-1], [29, 30, 31], [15, -15])),
      fc.constantFrom(';BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ';BYDAY=FR;BYMONTHDAY=13', ';BYDAY=SA,SU;BYSETPOS=1,3'),
    ),
  ),
  WEEKLY: fc.tuple(maybe('BYDAY', some(DAYS, 3)), fc.constantFrom('', ';WKST=SU', ';WKST=WE'), maybe('BYMONTH', numbers(1, 12, 5))),
  DAILY: fc.tuple(maybe('BYDAY', some(DAYS, 3)), maybe('BYMONTH', numbers(1, 12, 5)), maybe('BYMONTHDAY', numbers(1, 31, 5))),
  // In UTC: hours of days on which clocks change are read differently.
  HOURLY: fc.tuple(fc.constant(';BYDAY=SU'), fc.constant(';BYMONTH=3,10')),
} as const;

const rule = fc.constantFrom(...(Object.keys(PARTS) as (keyof typeof PARTS)[])).chain((frequency) =>
  fc
    .tuple(
      PARTS[frequency] as fc.Arbitrary<readonly string[]>,
      fc.integer({ min: 1, max: 4 }),
      fc.oneof(
        NONE,
        fc.integer({ min: 1, max: 200 }).map((count) => `;COUNT=${count}`),
        fc.integer({ min: 701, max: 1000 }).map((day) => `;UNTIL=${dateText(day)}`),
      ),
    )
    .map(([parts, interval, end]) => ({
      text: `FREQ=${frequency};INTERVAL=${interval}${parts.join('')}`,
      end,
      isSubDaily: frequency === 'HOURLY',
    })),
);

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'Africa/Cairo',
  'America/Havana',
];
type Clock = { readonly kind: 'date' | 'floating' | 'utc' } | { readonly kind: 'zone'; readonly name: string };
const clock: fc.Arbitrary<Clock> = fc.oneof(
  fc.constantFrom({ kind: 'date' } as const, { kind: 'floating' } as const, { kind: 'utc' } as const),
  fc.constantFrom(...ZONES).map((name) => ({ kind: 'zone', name }) as const),
);

/** A property with a time on a clock. */
function timed(name: string, day: number, minutes: number, own: Clock): string {
  if (own.kind === 'date') return `${name};VALUE=DATE:${dateText(day)}`;
  const time = `${dateText(day)}T${two(Math.floor(minutes / 60))}${two(minutes % 60)}00`;
  return own.kind === 'zone' ? `${name};TZID=${own.name}:${time}` : `${name}:${time}${own.kind === 'utc' ? 'Z' : ''}`;
}

const event = fc
  .record({
    clock,
    day: fc.integer({ min: 0, max: 700 }),
    // Between one and four at night clocks change, where the two of us read walls that are none differently.
    minutes: fc.integer({ min: 5 * 4, max: 22 * 4 }).map((quarter) => quarter * 15),
    hours: fc.integer({ min: 1, max: 60 }),
    rule: fc.option(rule, { nil: null, freq: 6 }),
    except: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
    more: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 3 }),
    moved: fc.option(fc.record({ by: fc.integer({ min: 1, max: 9 }), cancelled: fc.boolean() }), { nil: null, freq: 2 }),
  })
  .map((made) => ({ ...made, clock: made.rule?.isSubDaily ? ({ kind: 'utc' } as const) : made.clock }))
  .map((made) => ({ ...made, minutes: made.clock.kind === 'zone' ? Math.min(Math.max(made.minutes, 300), 1_300) : made.minutes }));

function textOf(
  uid: number,
  { clock: own, day, minutes, hours, rule: repeats, except, more, moved }: Parameters<Parameters<typeof event.map>[0]>[0],
): string {
  const length = own.kind === 'date' ? `P${Math.ceil(hours / 24)}D` : `PT${hours}H`;
  const until =
    repeats?.end.startsWith(';UNTIL') && own.kind !== 'date' ? `${repeats.end}T120000${own.kind === 'floating' ? '' : 'Z'}` : repeats?.end;
  const lines = [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    timed('DTSTART', day, minutes, own),
    `DURATION:${length}`,
    ...(repeats ? [`RRULE:${repeats.text}${until}`] : []),
    ...except.map((n) => timed('EXDATE', day + n, minutes, own)),
    ...more.map((n) => timed('RDATE', day + n * 5, minutes, own)),
    'END:VEVENT',
  ];
  if (!moved || !repeats) return lines.join('\r\n');
  const change = [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'SEQUENCE:1',
    timed('RECURRENCE-ID', day, minutes, own),
    timed('DTSTART', day + moved.by, minutes, own),
    `DURATION:${length}`,
    ...(moved.cancelled ? ['STATUS:CANCELLED'] : []),
    'END:VEVENT',
  ];
  return [...lines, ...change].join('\r\n');
}

const calendar = fc
  .array(event, { minLength: 1, maxLength: 3 })
  .map((events) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//test//EN', ...events.map((one, n) => textOf(n, one)), 'END:VCALENDAR'].join('\r\n'),
  );

test.skipIf(pythonIcalendarMissing !== null)(
  `what calendars come to is what Python's icalendar makes of them${pythonIcalendarMissing === null ? '' : ` (${pythonIcalendarMissing})`}`,
  { timeout: 240_000 },
  () => {
    const texts = fc.sample(calendar, { numRuns: 120, seed: 20_261_122 });
    const answers = askIcalendar(texts.map((text) => ({ text, from: FROM, to: TO })));
    const span = { from: Date.parse(FROM) - 40 * DAY, today: Date.parse(FROM), to: Date.parse(TO) + 40 * DAY };
    // At the ends of the range what floats counts by other clocks.
    const isWell = ([start]: readonly [string, string]) => start.slice(0, 10) > '2027-01-05' && start.slice(0, 10) < '2028-05-25';
    let compared = 0;
    const differing = texts.flatMap((text, at): readonly object[] => {
      const theirs = answers[at] ?? { error: 'no answer' };
      if ('error' in theirs) return [{ text, theirs }];
      const budget = { looks: 1e8, deadline: performance.now() + 60_000 };
      const ours = instancesIn(text, zoneData(), span, budget)
        .instances.filter(isWell)
        .map(([from, to]) => `${from}/${to}`);
      const expected = theirs.occurrences.filter(isWell).map(([from, to]) => `${from}/${to}`);
      compared += expected.length;
      const [missing, extra] = [expected.filter((one) => !ours.includes(one)), ours.filter((one) => !expected.includes(one))];
      return missing.length + extra.length === 0 ? [] : [{ text, missing: missing.slice(0, 5), extra: extra.slice(0, 5) }];
    });
    if (process.env.SHOW_DIFFERENCES) console.log(compared, differing.length, JSON.stringify(differing.slice(0, 6), null, 1));
    expect(differing.slice(0, 3)).toEqual([]);
    expect(compared).toBeGreaterThan(3_000);
  },
);
