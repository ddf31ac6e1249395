import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCutter, LONGEST_LINE } from './log-lines.ts';

const cut = (chunks: readonly Buffer[]) => {
  const cutter = new LineCutter();
  return [...chunks.flatMap((chunk) => cutter.push(chunk)), ...cutter.end()];
};

test('lines come out whole however the bytes were split', () => {
  const text = fc.array(fc.constantFrom('a', 'bé', '\n', '\r\n', '\0', '€', '🚀'), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.nat(), (whole, seed) => {
      const bytes = Buffer.from(whole);
      const at = bytes.length === 0 ? 0 : seed % bytes.length;
      const expected = whole.split('\n').map((line) => line.replace(/\r$/, ''));
      if (expected.at(-1) === '' && !whole.endsWith('\r')) expected.pop();
      expect(cut([bytes.subarray(0, at), bytes.subarray(at)]).map((line) => line.text)).toEqual(expected);
    }),
  );
});

test('a line without an end is stored in parts that tear no character', () => {
  const line = '€'.repeat(20_000);
  const parts = cut([...Buffer.from(line)].map((byte) => Buffer.of(byte)));
  expect(parts.map((part) => part.text).join('')).toBe(line);
  expect(parts.slice(0, -1).every((part) => part.continued)).toBe(true);
  expect(parts.at(-1)?.continued).toBe(false);
  expect(Math.max(...parts.map((part) => Buffer.byteLength(part.text)))).toBeLessThanOrEqual(LONGEST_LINE);
});

test('bytes that are no UTF-8 become replacement characters and harm no other line', () => {
  const lines = cut([Buffer.from([0xff, 0xfe, 10]), Buffer.from('fine\n'), Buffer.from([0xe2, 0x82])]);
  expect(lines.map((line) => line.text)).toEqual(['\uFFFD\uFFFD', 'fine', '\uFFFD']);
});

test('nothing but broken bytes without a newline is still cut', () => {
  const parts = cut([Buffer.alloc(100_000, 0x80)]);
  expect(parts.length).toBeGreaterThan(5);
});
