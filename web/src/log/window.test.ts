import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../api/views.ts';
import { BLOCK, EMPTY_WINDOW, grown, lineAt, missing, PART, partOf, withLines } from './window.ts';

const lines = (from: number, count: number): LogLine[] =>
  Array.from({ length: count }, (_, at) => ({
    n: from + at,
    at: '',
    stream: 'stdout',
    level: 'info',
    text: `line ${from + at}`,
    attempt: 1,
  }));

test('asking for what is missing and adding it ends with every line there, in any order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.array(fc.tuple(fc.nat(5000), fc.nat(300)), { maxLength: 8 }), (total, views) => {
      let window = grown(EMPTY_WINDOW, total);
      for (const [from, length] of views) {
        for (let gap = missing(window, from, from + length); gap; gap = missing(window, from, from + length)) {
          expect(gap.limit).toBeGreaterThan(0);
          expect(gap.limit).toBeLessThanOrEqual(BLOCK);
          window = withLines(window, lines(gap.from, gap.limit), total);
        }
        for (let line = Math.max(1, from); line <= Math.min(total, from + length); line++) expect(lineAt(window, line)?.n).toBe(line);
      }
    }),
  );
});

test('a long walk keeps a bounded part of the log', () => {
  let window = grown(EMPTY_WINDOW, 1_000_000);
  for (let from = 1; from < 100_000; from += BLOCK) window = withLines(window, lines(from, BLOCK), 1_000_000);
  expect(window.blocks.size).toBeLessThanOrEqual(40);
  expect(lineAt(window, 99_999)?.n).toBe(99_999);
  expect(lineAt(window, 1)).toBeUndefined();
});

test('lines that arrive at the end join those already there', () => {
  const window = withLines(withLines(EMPTY_WINDOW, lines(1, 3), 3), lines(4, 2), 5);
  expect(missing(window, 1, 5)).toBeNull();
  expect(window.total).toBe(5);
});

test('adding lines changes no window already handed out', () => {
  const before = withLines(EMPTY_WINDOW, lines(1, 3), 3);
  withLines(before, lines(4, 3), 6);
  expect(lineAt(before, 4)).toBeUndefined();
});

test('a log of a million lines is drawn in parts', () => {
  expect(partOf(1, 10)).toEqual({ first: 1, last: 10 });
  expect(partOf(1, 1_000_002)).toEqual({ first: 1, last: PART });
  expect(partOf(1_000_002, 1_000_002)).toEqual({ first: 700_001, last: 1_000_002 });
  expect(partOf(1, 0)).toEqual({ first: 1, last: 0 });
});

test('a part always holds its line, with much before it and behind it where there is any', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.nat(), (total, seed) => {
      const line = (seed % total) + 1;
      const { first, last } = partOf(line, total);
      expect(last - first).toBeLessThan(PART);
      expect(Math.min(line - 1, PART / 4)).toBeLessThanOrEqual(line - first);
      expect(Math.min(total - line, PART / 4)).toBeLessThanOrEqual(last - line);
    }),
  );
});
