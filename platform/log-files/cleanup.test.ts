import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOG_CLASSES, type LogClass } from './classes.ts';
import { isClosed, leavingFiles, type StandingFile } from './cleanup.ts';
import { readLogFileName } from './names.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T18:00:00Z');
const RUN = '01890a5d-ac96-774b-bcce-b302099a8057';

const file = (name: string, bytes = 100, ageDays = 0): StandingFile => {
  const read = readLogFileName(name);
  if (!read) throw new Error(name);
  return { ...read, bytes, modifiedAt: NOW - ageDays * DAY };
};
const policies = (keepDays: number, maxBytes: number | null) =>
  Object.fromEntries(LOG_CLASSES.map((name) => [name, { keepMs: keepDays * DAY, maxBytes }])) as Parameters<typeof leavingFiles>[1];
const leaving = (files: readonly StandingFile[], keepDays: number, maxBytes: number | null = null) =>
  leavingFiles(files, policies(keepDays, maxBytes), NOW).map(({ name, reason }) => `${name} ${reason}`);

describe('by age', () => {
  test('a file goes when its day is over for longer than its class keeps it, whenever it was touched', () => {
    const files = [
      file('timezones/Asia_Tokyo/2026-11-11.log.gz', 1, 0),
      file('timezones/Asia_Tokyo/2026-11-12.log.gz', 1, 99),
      file('audit/2026-11-10.log', 1, 0),
    ];
    expect(leaving(files, 10)).toEqual(['audit/2026-11-10.log age', 'timezones/Asia_Tokyo/2026-11-11.log.gz age']);
  });

  test('a run’s file goes by when the run was last heard of', () => {
    expect(leaving([file(`runs/2023/06/${RUN}.log`, 1, 9.9)], 10)).toEqual([]);
    expect(leaving([file(`runs/2023/06/${RUN}.log`, 1, 10.1)], 10)).toEqual([`runs/2023/06/${RUN}.log age`]);
  });
});

describe('by size', () => {
  test('the oldest go until the rest fits, each class for itself', () => {
    const files = ['2026-11-18', '2026-11-19', '2026-11-20'].flatMap((date) => [
      file(`performance/${date}.log.gz`, 100),
      file(`timezones/UTC/${date}.log.gz`, 40),
    ]);
    expect(leaving(files, 30, 150)).toEqual(['performance/2026-11-18.log.gz size', 'performance/2026-11-19.log.gz size']);
  });

  test('of one day those that were full first go first, and the one that is written to stays though it alone is too large', () => {
    const files = [file('performance/2026-11-22.log', 900), file('performance/2026-11-22.log.2'), file('performance/2026-11-22.log.1.gz')];
    expect(leaving(files, 30, 1)).toEqual(['performance/2026-11-22.log.1.gz size', 'performance/2026-11-22.log.2 size']);
  });
});

test.each([
  ['timezones/Pacific_Pago_Pago/2026-11-21.log', '2026-11-22T11:59:00Z', false],
  ['timezones/Pacific_Pago_Pago/2026-11-21.log', '2026-11-22T12:01:00Z', true],
  ['timezones/Asia_Tokyo/2026-11-23.log', '2026-11-22T18:00:00Z', false],
  ['performance/2026-11-22.log.1', '2026-11-22T18:00:00Z', true],
])('%s at %s is closed: %s', (name, at, closed) => expect(isClosed(file(name), Date.parse(at))).toBe(closed));

test('whatever lies there: what is written to stays, nothing young goes while its class has room, and afterwards each class fits or has nothing left to give', () => {
  const date = fc.integer({ min: 0, max: 40 }).map((ago) => new Date(NOW - ago * DAY).toISOString().slice(0, 10));
  const name = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('performance', 'audit', 'timezones/UTC', 'timezones/Asia_Tokyo'),
        date,
        fc.constantFrom('', '.1', '.2.gz', '.gz'),
      )
      .map(([folder, day, rest]) => `${folder}/${day}.log${rest}`),
    fc.constant(`runs/2023/06/${RUN}.log`),
  );
  const some = fc.uniqueArray(fc.tuple(name, fc.nat(1_000), fc.nat(40)), { selector: ([one]) => one, maxLength: 40 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 40 }), fc.option(fc.integer({ min: 1, max: 5_000 })), (given, keepDays, maxBytes) => {
      const files = given.map(([one, bytes, age]) => file(one, bytes, age));
      const going = leavingFiles(files, policies(keepDays, maxBytes), NOW);
      const stay = files.filter((one) => !going.some((other) => other.name === one.name));
      const bytesOf = (name: LogClass, of: readonly StandingFile[]) =>
        of.filter((one) => one.class === name).reduce((sum, one) => sum + one.bytes, 0);
      expect(going.every((one) => isClosed(one, NOW))).toBe(true);
      for (const one of LOG_CLASSES) {
        const fits = maxBytes === null || bytesOf(one, stay) <= maxBytes;
        expect(fits || stay.every((left) => left.class !== one || !isClosed(left, NOW))).toBe(true);
        const bySize = going.filter((left) => left.class === one && left.reason === 'size');
        const last = bySize.at(-1);
        if (last && maxBytes !== null) expect(bytesOf(one, stay) + last.bytes).toBeGreaterThan(maxBytes);
      }
    }),
  );
});
