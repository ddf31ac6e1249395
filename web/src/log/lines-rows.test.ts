import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldsOf } from './folds.ts';
import { Heights, LINE } from './heights.ts';
import { barOf, scrolled, TALLEST, type View } from './scale.ts';

test('rows stand below each other, however tall some of them were found to be', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 30 })), { maxLength: 60 }), fc.nat(3000), (found, y) => {
      const heights = new Heights();
      const tall = Array.from({ length: 100 }, () => LINE);
      for (const [row, lines] of found) {
        expect(heights.set(row, lines * LINE)).toBe(tall[row] !== lines * LINE);
        tall[row] = lines * LINE;
      }
      let offset = 0;
      for (const [row, height] of tall.entries()) {
        expect(heights.offsetOf(row)).toBe(offset);
        if (y >= offset && y < offset + height) expect(heights.rowAt(y, 100)).toBe(row);
        offset += height;
      }
    }),
  );
});

test('a log too tall for a browser is scrolled line by line and to any part, its ends included', () => {
  const total = 200_000_000;
  const size = 600;
  let view: View = { y: 0, size, shift: 0 };
  let bar = 0;
  const scroll = (to: number) => {
    bar = to;
    const { astray, ...next } = scrolled(view, bar, total);
    if (astray) bar = barOf(next.y, total, size);
    view = { ...next, shift: next.y - bar };
  };
  scroll(100);
  expect(view.y).toBe(100);
  scroll(TALLEST / 2);
  expect(view.y / total).toBeCloseTo(0.5, 3);
  const half = view.y;
  for (let step = 0; step < 10_000; step += 1) scroll(bar - 100);
  expect(half - view.y).toBeCloseTo(1_000_000, 0);
  scroll(TALLEST - size);
  expect(view.y).toBe(total - size);
  scroll(0);
  expect(view.y).toBe(0);
});

test('scrolling up line by line reaches the first line', () => {
  const total = 100_000_000;
  const size = 500;
  let bar = barOf(50_000, total, size);
  let view: View = { y: 50_000, size, shift: 50_000 - bar };
  for (let step = 0; step < 600 && view.y > 0; step += 1) {
    bar = Math.max(0, bar - 100);
    const { astray, ...next } = scrolled(view, bar, total);
    if (astray) bar = barOf(next.y, total, size);
    view = { ...next, shift: next.y - bar };
  }
  expect(view.y).toBe(0);
  expect(bar).toBe(0);
});

test('folded lines have no row, and every other line has its own', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), fc.integer({ min: 1, max: 80 }), (cuts, lines) => {
      const ends = cuts.toSorted((one, other) => one - other);
      const hidden = ends.flatMap((from, at) => (at % 2 === 0 && ends[at + 1] ? [{ from, to: (ends[at + 1] ?? 0) - 1 }] : []));
      const folds = foldsOf(hidden);
      const seen = Array.from({ length: lines }, (_, at) => at + 1).filter(
        (line) => !hidden.some(({ from, to }) => line >= from && line <= to),
      );
      expect(folds.rowsOf(lines)).toBe(seen.length);
      expect(seen.map((_, row) => folds.lineAt(row))).toEqual(seen);
      expect(seen.map((line) => folds.rowOf(line))).toEqual(seen.map((_, row) => row));
    }),
  );
});
