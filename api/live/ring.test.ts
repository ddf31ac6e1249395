import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRing, type Frame } from './ring.ts';

const frame = (number: number, size = 1): Frame => ({ number, topic: 'runs', bytes: Buffer.alloc(size) });
const numbers = (frames: readonly Frame[] | null) => frames?.map((kept) => kept.number) ?? null;

test('a reader who comes back gets exactly what came after', () => {
  const ring = createRing({ frames: 10, bytes: 1e6 });
  for (let n = 1; n <= 5; n++) ring.push(frame(n));
  expect(numbers(ring.after(3))).toEqual([4, 5]);
  expect(numbers(ring.after(5))).toEqual([]);
  expect(numbers(ring.after(0))).toEqual([1, 2, 3, 4, 5]);
});

test('a reader whose gap is longer than what is kept is told so', () => {
  const ring = createRing({ frames: 3, bytes: 1e6 });
  for (let n = 1; n <= 5; n++) ring.push(frame(n));
  expect(ring.after(1)).toBeNull();
  expect(numbers(ring.after(2))).toEqual([3, 4, 5]);
});

test('large frames push out older ones before the memory grows', () => {
  const ring = createRing({ frames: 100, bytes: 1000 });
  for (let n = 1; n <= 10; n++) ring.push(frame(n, 400));
  expect(numbers(ring.after(8))).toEqual([9, 10]);
  expect(ring.after(7)).toBeNull();
});

test('whatever was pushed, an answer is gapless and ends with the newest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 200 }), fc.nat(200), (frames, pushed, from) => {
      const ring = createRing({ frames, bytes: 1e9 });
      for (let n = 1; n <= pushed; n++) ring.push(frame(n));
      const seen = Math.min(from, pushed);
      const wanted = Array.from({ length: pushed - seen }, (_, i) => seen + 1 + i);
      expect(numbers(ring.after(seen))).toEqual(wanted.length > frames ? null : wanted);
    }),
  );
});
