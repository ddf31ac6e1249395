import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { askZoneinfo, pythonZoneinfoMissing, type ZoneAnswer } from '#test/peers/python-zoneinfo.ts';
import { ZONE_NAMES } from './names.ts';
import { readPosixTz } from './posix-tz.ts';
import { type TzifContent, tzifOf } from './tzif.fixture.ts';
import { readTzif } from './tzif.ts';
import type { Zone } from './zone.ts';
import { zoneOf } from './zone-of.ts';

const seconds = (text: string): number => Date.parse(text) / 1000;
const [FROM, TO] = [seconds('1970-01-01T00:00:00Z'), seconds('2100-01-01T00:00:00Z')];

/** What is asked of Python, with our own answer to it. */
interface Asked {
  readonly name: string;
  readonly moments: readonly number[];
  readonly ours: ZoneAnswer;
}

const asked = (zone: Zone, moments: readonly number[]): Asked => ({
  name: zone.name,
  moments,
  ours: {
    offsets: moments.map((moment) => zone.offsetAt(moment * 1000) / 1000),
    abbreviations: moments.map((moment) => zone.abbreviationAt(moment * 1000)),
  },
});

/** A second before, at and after each change of a zone's clocks. */
const aboutChanges = (zone: Zone, from: number, to: number): readonly number[] =>
  zone.transitions(from * 1000, to * 1000).flatMap(({ at }) => [at / 1000 - 1, at / 1000, at / 1000 + 1]);

const differences = (all: readonly Asked[], theirs: readonly ZoneAnswer[]): readonly string[] =>
  all.flatMap(({ name, moments, ours }, i) =>
    moments.flatMap((moment, j) => {
      const named = theirs[i]?.abbreviations[j] ?? ours.abbreviations[j];
      const [our, their] = [`${ours.offsets[j]} ${ours.abbreviations[j]}`, `${theirs[i]?.offsets[j]} ${named}`];
      return our === their ? [] : [`${name} at ${new Date(moment * 1000).toISOString()}: ${our}, Python has ${their}`];
    }),
  );

describe('Python’s zoneinfo', () => {
  beforeEach((context) => {
    if (pythonZoneinfoMissing !== null) context.skip(pythonZoneinfoMissing);
  });

  test('has the same clocks in every zone of the release, at random moments and about every change', { timeout: 240_000 }, () => {
    const random = fc.sample(fc.integer({ min: FROM, max: TO }), { numRuns: 150, seed: Date.now() });
    const zones = ZONE_NAMES.map((name) => zoneData().zone(name) as Zone);
    const questions = zones.map((zone) =>
      asked(zone, [...random, ...aboutChanges(zone, seconds('2020-01-01T00:00:00Z'), seconds('2060-01-01T00:00:00Z'))]),
    );
    const { version, answers } = askZoneinfo(questions.map(({ name, moments }) => ({ zone: name, moments })));
    expect(version).toBe(zoneData().version);
    expect(answers.filter(({ abbreviations }) => abbreviations.includes(null))).toEqual([]);
    expect(differences(questions, answers).slice(0, 20)).toEqual([]);
  });

  test('reads made-up files as ours does, whatever their table and rule', { timeout: 240_000 }, () => {
    const files = fc.sample(madeUp, { numRuns: 400, seed: Date.now() });
    const random = fc.sample(fc.integer({ min: FROM, max: TO }), { numRuns: 60, seed: Date.now() });
    const questions = files.map((content) => {
      const zone = zoneOf(JSON.stringify(content), readTzif(tzifOf(content)));
      return asked(zone, [
        ...random,
        ...aboutChanges(zone, FROM, FROM + 86_400 * 3000),
        ...aboutChanges(zone, seconds('2030-01-01T00:00:00Z'), seconds('2034-01-01T00:00:00Z')),
      ]);
    });
    const { answers } = askZoneinfo(
      questions.map(({ moments }, i) => ({ file: Buffer.from(tzifOf(files[i] as TzifContent)).toString('base64'), moments })),
    );
    expect(differences(questions, answers).slice(0, 20)).toEqual([]);
  });
});

const time = (least: number, most: number) =>
  fc
    .integer({ min: least * 60, max: most * 60 })
    .map((minutes) => `${minutes < 0 ? '-' : ''}${Math.floor(Math.abs(minutes) / 60)}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`);

/**
 * A day between two months: those of the rules' starts and ends are kept apart, since for rules that meet there is no one meaning.
 * Days as `n` are left to the tables: Python 3.11 counts them from 1, where POSIX and glibc count from 0.
 */
const day = (first: number, last: number) =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: first, max: last }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 6 }))
      .map((one) => `M${one.join('.')}`),
    fc.integer({ min: first * 30, max: last * 30 }).map((n) => `J${n}`),
  );

const footer = fc.oneof(
  fc.constant('EST5EDT,0/0,J365/25'),
  time(-14, 14).map((standard) => `AAA${standard}`),
  fc
    .record({
      standard: time(-14, 12),
      early: day(2, 4),
      earlyTime: time(-99, 99),
      late: day(7, 10),
      lateTime: time(-99, 99),
      isSouth: fc.boolean(),
    })
    .map(({ standard, early, earlyTime, late, lateTime, isSouth }) => {
      const edges = [`${early}/${earlyTime}`, `${late}/${lateTime}`];
      return `AAA${standard}BBB,${(isSouth ? edges.reverse() : edges).join(',')}`;
    }),
);

/** As RFC 9636 wants them: the last transition is to what the rule has at that moment. Days lie between transitions, since Python looks them up by the wall. */
const madeUp = fc
  .record({
    offsets: fc.array(fc.integer({ min: -15 * 3600, max: 15 * 3600 }), { minLength: 1, maxLength: 5 }),
    gaps: fc.array(fc.integer({ min: 4 * 86_400, max: 150 * 86_400 }), { maxLength: 20 }),
    kinds: fc.array(fc.nat(4), { minLength: 20, maxLength: 20 }),
    footer,
  })
  .map(({ offsets, gaps, kinds, footer }): TzifContent => {
    let at = FROM;
    const earlier = gaps.map((gap, i) => {
      at += gap;
      return [at, (kinds[i] ?? 0) % offsets.length] as const;
    });
    const last = at + 4 * 86_400;
    const { offsetMs, abbreviation } = readPosixTz(footer)(last * 1000);
    return {
      types: [...offsets.map((offset, i) => [offset, `T${i}T`] as const), [offsetMs / 1000, abbreviation]],
      transitions: [...earlier, [last, offsets.length]],
      footer,
      version: 3,
    };
  });
