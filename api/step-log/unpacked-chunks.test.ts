import { expect, test } from 'vitest';
import { encodeLines } from '#db/log-chunk.ts';
import { UnpackedChunks } from './unpacked-chunks.ts';

const chunk = (first_line: number, texts: readonly string[], attempt = 1) => {
  const { data, started_at, line_count } = encodeLines(texts.map((text) => ({ at: 0, stream: 'stdout', level: 'info', text })));
  return { first_line, line_count, attempt, started_at, data };
};

test('a chunk is kept as it was, and found no more once it has grown or another attempt wrote it', () => {
  const chunks = new UnpackedChunks(1_000_000);
  const one = chunk(1, ['a', 'b']);
  expect(chunks.keep('log', one).json.toString()).toContain('["a","b"]');
  expect(chunks.find('log', one)?.json.toString()).toContain('["a","b"]');
  expect(chunks.find('other', one)).toBeUndefined();
  expect(chunks.find('log', { ...one, line_count: 3 })).toBeUndefined();
  expect(chunks.find('log', { ...one, attempt: 2 })).toBeUndefined();
  chunks.keep('log', chunk(1, ['a', 'b', 'c']));
  expect(chunks.find('log', { ...one, line_count: 3 })?.json.toString()).toContain('["a","b","c"]');
});

test('those looked at longest ago make room', () => {
  const [one, two, three] = [1, 2, 3].map((first) => chunk(first, ['x'.repeat(1000)]));
  if (!one || !two || !three) throw new Error('three chunks');
  const chunks = new UnpackedChunks(3_500);
  chunks.keep('log', one);
  chunks.keep('log', two);
  chunks.find('log', one);
  chunks.keep('log', three);
  expect([one, two, three].map((each) => chunks.find('log', each) !== undefined)).toEqual([true, false, true]);
});
