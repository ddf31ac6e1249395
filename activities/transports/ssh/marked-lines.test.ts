import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MarkedLine, MarkedLines } from './marked-lines.ts';

const pass = (chunks: readonly Buffer[]) => {
  const seen: MarkedLine[] = [];
  const lines = new MarkedLines('mark', (line) => seen.push(line));
  const others = Buffer.concat([...chunks.map((chunk) => lines.pass(chunk)), lines.end()]).toString('latin1');
  return { seen, others };
};

test('the script’s own line is taken out wherever it stands and however it was split, and nothing else is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', 'motd\n', 'mark\n', 'xmark group 1\n'),
      fc.constantFrom('', 'err', 'mark group 2\n', '\n\0'),
      fc.nat(),
      (before, after, cut) => {
        const bytes = Buffer.from(`${before}mark group 77\n${after}`, 'latin1');
        const at = cut % bytes.length;
        const { seen, others } = pass([bytes.subarray(0, at), bytes.subarray(at)]);
        expect(seen).toEqual([{ word: 'group', value: '77' }]);
        expect(others).toBe(`${before}${after}`);
      },
    ),
  );
});

test('bytes without any marked line are not held back for ever', () => {
  const lines = new MarkedLines('mark', () => undefined);
  expect(lines.pass(Buffer.alloc(70_000, 120)).length).toBe(70_000);
});
