import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  filterQuery,
  hashOfLines,
  LEVELS,
  type LogPlace,
  linesOfHash,
  logPlace,
  MOST_ATTEMPTS,
  STREAMS,
  searchQuery,
  TIMES,
  WHOLE_LOG,
  withinLines,
} from './place.ts';

const anyPlace: fc.Arbitrary<LogPlace & { readonly step: string }> = fc.record({
  step: fc.string({ maxLength: 100, unit: 'grapheme' }),
  attempt: fc.option(fc.integer({ min: 1, max: MOST_ATTEMPTS })),
  streams: fc.subarray([...STREAMS]),
  level: fc.constantFrom(...LEVELS),
  command: fc.oneof(
    fc.constant(''),
    fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 9999 })).map((ids) => ids.join('.')),
  ),
  find: fc.string({ maxLength: 200 }),
  regexp: fc.boolean(),
  case: fc.boolean(),
  wrap: fc.boolean(),
  time: fc.constantFrom(...TIMES),
});

test('the address says what of a log is looked at, and how', () => {
  fc.assert(
    fc.property(anyPlace, (place) => {
      expect(logPlace.parse(logPlace.write(place))).toEqual({ value: place, dropped: [] });
    }),
  );
});

test('what the address says in other words is dropped and named', () => {
  expect(logPlace.parse('streams=stdout,loud&level=fatal&attempt=0&command=7').dropped).toEqual([
    'attempt=0',
    'streams=loud',
    'level=fatal',
    'command=7',
  ]);
});

test('lines of an address come back as they were, in either order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(1e6), (from, more) => {
      const lines = { from, to: from + more };
      expect(linesOfHash(hashOfLines(lines))).toEqual(lines);
      expect(linesOfHash(`#L${lines.to}-L${lines.from}`)).toEqual(lines);
    }),
  );
  for (const hash of ['', '#', '#L0', '#L1-L', '#Lx', '#L99999999999', '#steps']) expect(linesOfHash(hash)).toBeNull();
});

test('only what narrows the log is asked for', () => {
  const plain = WHOLE_LOG;
  expect(filterQuery(plain, null)).toBe('');
  expect(filterQuery({ ...plain, attempt: 2, streams: ['stderr'], level: 'warn' }, { from: 5, to: 9 })).toBe(
    'attempt=2&streams=stderr&level=warn&from_line=5&to_line=9',
  );
  expect(searchQuery(plain)).toBeNull();
  expect(searchQuery({ ...plain, find: 'a&b', case: true })).toBe('text=a%26b&regexp=false&match_case=true');
});

test('lines that are chosen and a command that is shown alone are asked for as what both mean', () => {
  const shown = filterQuery({ ...WHOLE_LOG, streams: ['stderr'] }, { from: 50, to: 80 });
  expect(withinLines(shown, { from: 1, to: 60 })).toBe('streams=stderr&from_line=50&to_line=60');
  expect(withinLines(shown, { from: 81, to: 90 })).toBeNull();
  expect(withinLines('', { from: 3, to: 4 })).toBe('from_line=3&to_line=4');
});
