import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { zoneData } from '../zone-data.ts';
import { isLocalDate, localDate, localTime, overEverywhere } from './dates.ts';
import { dayFile, numbered, packed, processFile, readLogFileName, runFile, timezoneFile } from './names.ts';

const HOSTILE = [
  '../../etc/passwd',
  '..',
  'Asia/Tokyo/../../..',
  'Asia\\Tokyo',
  'Asia/To\0kyo',
  'Asia/Tokyo\n',
  '',
  '.',
  '%2e%2e%2f',
  'a'.repeat(65),
  'Ａsia',
];

describe('a file gets its name', () => {
  test('from zone and date, from the id of a run, from a day, and from a process', () => {
    expect(timezoneFile('Asia/Tokyo', '2026-11-22')).toBe('timezones/Asia_Tokyo/2026-11-22.log');
    expect(timezoneFile('America/Argentina/Buenos_Aires', '2026-11-22')).toBe('timezones/America_Argentina_Buenos_Aires/2026-11-22.log');
    const run = uuidv7({ msecs: Date.UTC(2026, 10, 30, 23, 59, 59) });
    expect(runFile(run)).toBe(`runs/2026/11/${run}.log`);
    expect(runFile('ffffffff-ffff-4fff-bfff-ffffffffffff')).toBe('runs/9999/12/ffffffff-ffff-4fff-bfff-ffffffffffff.log');
    expect(dayFile('audit', '2026-11-22')).toBe('audit/2026-11-22.log');
    const file = processFile('system', '2026-11-22', { program: 'worker', host: 'db-1.example.org', pid: 47 });
    expect(file).toBe('system/2026-11-22.worker.db-1-example-org.47.log');
    expect(packed(numbered(file, 3))).toBe(`${file}.3.gz`);
  });

  test('that is different for every zone of the zone data, also where case does not count', () => {
    const names = Intl.supportedValuesOf('timeZone').concat('UTC', 'Etc/GMT+5', 'Etc/GMT-14', 'Asia/Calcutta', 'US/Pacific');
    const known = [...new Set(names)].filter((name) => zoneData().zone(name) !== null);
    expect(known.length).toBeGreaterThan(400);
    expect(new Set(known.map((name) => timezoneFile(name, '2026-11-22').toLowerCase())).size).toBe(known.length);
  });
});

describe('nothing else becomes a name', () => {
  test.each(HOSTILE)('a zone that is called %j is refused', (zone) => {
    expect(() => timezoneFile(zone, '2026-11-22')).toThrow('is no name of a log file');
  });

  test('a zone that begins at the root is a folder below all the same', () => {
    expect(timezoneFile('/etc/passwd', '2026-11-22')).toBe('timezones/_etc_passwd/2026-11-22.log');
  });

  test.each([...HOSTILE, '2026-02-30', '2026-1-1', '99999-01-01', '2026-11-22/../x'])('a date %j', (date) => {
    expect(() => dayFile('audit', date)).toThrow('is no name of a log file');
  });

  test.each([...HOSTILE, '00000000-0000-0000-0000-00000000000G', `${uuidv7()}/..`])('a run %j', (run) => {
    expect(() => runFile(run)).toThrow('is no name of a log file');
  });

  test.each(HOSTILE)('a host %j is made harmless, a program of that name is refused', (text) => {
    const name = processFile('system', '2026-11-22', { program: 'api', host: text, pid: 1 });
    expect(name).toMatch(/^system\/2026-11-22\.api\.[A-Za-z0-9-]+\.1\.log$/);
    expect(() => processFile('system', '2026-11-22', { program: text, host: 'h', pid: 1 })).toThrow('is no name of a log file');
  });

  test.each([
    ...HOSTILE,
    'timezones/../audit/2026-11-22.log',
    'timezones/Asia_Tokyo/2026-11-22.log/../../x',
    'audit/2026-11-22.log.0',
    'audit/2026-11-22.log.gz.1',
    'audit/2026-11-22.txt',
    'audit/2026-13-01.log',
    'runs/2026/11/01890a5d-ac96-774b-bcce-b302099a8057.log',
    'system/2026-11-22.log',
    'system/notes.txt',
    './audit/2026-11-22.log',
    'audit//2026-11-22.log',
    'AUDIT/2026-11-22.log',
  ])('%j is read as no name', (text) => expect(readLogFileName(text)).toBeNull());

  test('whatever text is read, only what these functions make is a name, and it stays within the folder', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^(audit|runs|system|timezones)\/[./A-Za-z0-9-]{0,40}$/)),
        (text) => {
          const file = readLogFileName(text);
          return file === null || (!text.includes('..') && !text.startsWith('/') && /^[A-Za-z0-9/._+-]+$/.test(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('a name says what it is about', () => {
  expect(readLogFileName('timezones/Asia_Tokyo/2026-11-22.log.12.gz')).toEqual({
    name: 'timezones/Asia_Tokyo/2026-11-22.log.12.gz',
    class: 'timezones',
    base: 'timezones/Asia_Tokyo/2026-11-22.log',
    number: 12,
    isPacked: true,
    date: '2026-11-22',
    zone: 'Asia_Tokyo',
    run: null,
  });
  expect(readLogFileName('audit/2026-11-22.api.host.7.log')).toMatchObject({ class: 'audit', number: null, isPacked: false });
});

describe('the date is that of the zone', () => {
  const on = (text: string, zone: string) => {
    const found = zoneData().zone(zone);
    if (!found) throw new Error(zone);
    return [localDate(Date.parse(text), found), localTime(Date.parse(text), found)];
  };

  test.each([
    ['2026-11-22T14:59:59.999Z', 'Asia/Tokyo', '2026-11-22', '2026-11-22T23:59:59.999+09:00'],
    ['2026-11-22T15:00:00Z', 'Asia/Tokyo', '2026-11-23', '2026-11-23T00:00:00.000+09:00'],
    ['2026-03-29T00:59:59Z', 'Europe/London', '2026-03-29', '2026-03-29T00:59:59.000+00:00'],
    ['2026-03-29T01:00:00Z', 'Europe/London', '2026-03-29', '2026-03-29T02:00:00.000+01:00'],
    // The day after the clocks went back is an hour later in UTC than the day before it.
    ['2026-10-24T22:30:00Z', 'Europe/Berlin', '2026-10-25', '2026-10-25T00:30:00.000+02:00'],
    ['2026-10-25T22:30:00Z', 'Europe/Berlin', '2026-10-25', '2026-10-25T23:30:00.000+01:00'],
    ['2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26', '2026-10-26T00:00:00.000+01:00'],
    ['2026-11-22T13:15:00Z', 'Pacific/Chatham', '2026-11-23', '2026-11-23T03:00:00.000+13:45'],
    ['2026-11-22T09:59:00Z', 'Pacific/Pago_Pago', '2026-11-21', '2026-11-21T22:59:00.000-11:00'],
    ['2026-11-22T02:00:00Z', 'America/St_Johns', '2026-11-21', '2026-11-21T22:30:00.000-03:30'],
  ])('%s in %s', (text, zone, date, local) => expect(on(text, zone)).toEqual([date, local]));

  test('and is what another reckoner says, in any zone at any time, where both know the zone alike', () => {
    const zones = [
      'Asia/Tokyo',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
      'America/Santiago',
      'UTC',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(2020), max: Date.UTC(2027) }), (name, at) => {
        const zone = zoneData().zone(name);
        if (!zone) throw new Error(name);
        const date = localDate(at, zone);
        const parts = new Intl.DateTimeFormat('en-CA', { timeZone: name, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
        return date === parts && isLocalDate(date) && at < overEverywhere(date) && Date.parse(localTime(at, zone)) === at;
      }),
      { numRuns: 500 },
    );
  });
});
