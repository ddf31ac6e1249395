import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../api/views.ts';
import { BLOCK, EMPTY_WINDOW, grown, lineAt, missing, withLines } from './window.ts';

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
          window = withLines(window, gap.from, lines(gap.from, gap.limit), total);
        }
        for (let line = Math.max(1, from); line <= Math.min(total, from + length); line++) expect(lineAt(window, line)?.n).toBe(line);
      }
    }),
  );
});

test('a long walk keeps a bounded part of the log', () => {
  let window = grown(EMPTY_WINDOW, 1_000_000);
  for (let from = 1; from < 100_000; from += BLOCK) window = withLines(window, from, lines(from, BLOCK), 1_000_000);
  expect(window.blocks.size).toBeLessThanOrEqual(40);
  expect(lineAt(window, 99_999)?.n).toBe(99_999);
  expect(lineAt(window, 1)).toBeUndefined();
});

test('a walk through lines as long as lines can be keeps no more than a page can hold', () => {
  const text = 'x'.repeat(16_384);
  let window = grown(EMPTY_WINDOW, 100_000);
  for (let from = 1; from < 10_000; from += BLOCK) {
    const long = lines(from, BLOCK).map((line) => ({ ...line, text }));
    window = withLines(window, from, long, 100_000);
  }
  expect(window.blocks.size).toBeLessThanOrEqual(3);
  expect(lineAt(window, 9_999)?.n).toBe(9_999);
});

test('lines that arrive at the end join those already there', () => {
  const window = withLines(withLines(EMPTY_WINDOW, 1, lines(1, 3), 3), 4, lines(4, 2), 5);
  expect(missing(window, 1, 5)).toBeNull();
  expect(window.total).toBe(5);
});

test('adding lines changes no window already handed out', () => {
  const before = withLines(EMPTY_WINDOW, 1, lines(1, 3), 3);
  withLines(before, 4, lines(4, 3), 6);
  expect(lineAt(before, 4)).toBeUndefined();
});

test('lines that match stand by their place among them, whatever their numbers are', () => {
  const window = withLines(EMPTY_WINDOW, 7, lines(1000, 2), 9);
  expect(lineAt(window, 8)?.n).toBe(1001);
  expect(missing(window, 1, 9)).toEqual({ from: 1, limit: 9 });
});
