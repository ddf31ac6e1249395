import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axis, withRoom } from './axis.ts';

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

test('the time at a place is the time that stands there, squeezed or not', () => {
  const work = [
    { from: 0, to: 5000 },
    { from: HOUR, to: HOUR + 8000 },
    { from: 3 * HOUR, to: 3 * HOUR + 5000 },
  ];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 * HOUR + 5000 }), fc.boolean(), (at, squeeze) => {
      const { place, timeAt } = axis({ from: 0, to: 3 * HOUR + 5000 }, work, squeeze);
      expect(timeAt(place(at))).toBeCloseTo(at, 2);
    }),
  );
});

test('ten pauses of minutes between attempts of seconds leave most of the line to the attempts', () => {
  const work = Array.from({ length: 11 }, (_, n) => ({ from: n * 600_000, to: n * 600_000 + 2000 }));
  const { gaps } = axis({ from: 0, to: 10 * 600_000 + 2000 }, work);
  expect(gaps).toHaveLength(10);
  expect(gaps.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(0.4);
});

test('words of ticks never meet: those without room are left out', () => {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8].map((place) => ({ place, words: `${place * 1000} ms` }));
  expect(withRoom(ticks, 1000)).toEqual(ticks);
  expect(withRoom(ticks, 160).map(({ place }) => place)).toEqual([0, 0.4]);
  expect(withRoom(ticks, 0)).toEqual([]);
});
