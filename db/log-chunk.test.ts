import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLines, encodeLines, type LogLine } from './log-chunk.ts';

const line = fc.record(
  {
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    stream: fc.constantFrom('stdout' as const, 'stderr' as const, 'system' as const),
    level: fc.constantFrom('debug' as const, 'info' as const, 'warn' as const, 'error' as const),
    text: fc.string({ unit: 'binary' }),
    context: fc.dictionary(fc.string(), fc.integer()),
  },
  { requiredKeys: ['at', 'stream', 'level', 'text'], noNullPrototype: true },
);

test('what is packed comes out again, whatever the lines, also when the clock was set back between them', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines: readonly LogLine[]) => {
      const { data, started_at, line_count } = encodeLines(lines);
      expect(decodeLines(data, started_at)).toEqual(lines);
      expect(line_count).toBe(lines.length);
    }),
  );
});

test('an ordinary line takes less than 20 bytes', () => {
  const lines = Array.from({ length: 1_000 }, (_, n) => ({
    at: 1_790_000_000_000 + n * 7 + ((n * 7919) % 5),
    stream: 'stdout' as const,
    level: 'info' as const,
    text: `2026-11-22 10:${n % 60}:00 INFO worker-${n % 7} handled request ${(n * 7_919_993) % 1_000_003} for /api/orders in ${(n * 31) % 211} ms`,
  }));
  expect(encodeLines(lines).data.length / lines.length).toBeLessThan(20);
});

test('a chunk knows its times, its bytes and its first error', () => {
  const at = Date.parse('2026-11-22T10:00:00.000Z');
  const lines = ['fine', 'größer', 'bad', 'worse'].map((text, n) => ({
    at: at + n * 10,
    stream: 'stdout' as const,
    level: n < 2 ? ('info' as const) : ('error' as const),
    text,
  }));
  expect(encodeLines(lines)).toMatchObject({
    started_at: '2026-11-22T10:00:00.000Z',
    ended_at: '2026-11-22T10:00:00.030Z',
    line_count: 4,
    byte_count: 4 + 8 + 3 + 5,
    first_error: 2,
  });
  expect(encodeLines(lines.slice(0, 2)).first_error).toBeNull();
});

test('an empty chunk is refused', () => {
  expect(() => encodeLines([])).toThrow('at least one line');
});
