import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axis } from './axis.ts';

const HOUR = 3_600_000;

test('without gaps time is laid out evenly', () => {
  const { place, gaps } = axis({ from: 1000, to: 2000 }, [{ from: 1000, to: 2000 }]);
  expect([place(1000), place(1500), place(2000)]).toEqual([0, 0.5, 1]);
  expect(gaps).toEqual([]);
});

test('two hours without work between steps of seconds take a sliver, and the steps the rest', () => {
  const work = [
    { from: 0, to: 5000 },
    { from: 2 * HOUR, to: 2 * HOUR + 5000 },
  ];
  const { place, gaps } = axis({ from: 0, to: 2 * HOUR + 5000 }, work);
  expect(gaps).toHaveLength(1);
  expect(place(5000)).toBeCloseTo(0.48);
  expect(place(2 * HOUR)).toBeCloseTo(0.52);
});

test('later is never left of earlier, and everything stays on the line', () => {
  const spans = fc.array(
    fc
      .record({ from: fc.nat(10_000_000), length: fc.integer({ min: 1, max: 100_000 }) })
      .map(({ from, length }) => ({ from, to: from + length })),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(spans, fc.array(fc.nat(10_100_000), { minLength: 2 }), (work, times) => {
      const { place, ticks } = axis({ from: 0, to: 10_100_000 }, work);
      const places = times.toSorted((one, other) => one - other).map(place);
      places.forEach((x, at) => {
        expect(x).toBeGreaterThanOrEqual(at === 0 ? 0 : (places[at - 1] ?? 0) - 1e-9);
        expect(x).toBeLessThanOrEqual(1);
      });
      expect(ticks.length).toBeLessThanOrEqual(40);
    }),
  );
});

test('ticks fall on round times since the start', () => {
  const { ticks } = axis({ from: 0, to: 47_000 }, [{ from: 0, to: 47_000 }]);
  expect(ticks.map((tick) => tick.at / 1000)).toEqual([0, 10, 20, 30, 40]);
});
