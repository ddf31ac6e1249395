import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ansiPieces } from './ansi.ts';
import { markPieces } from './marks.ts';

const hits = (line: string, text: string, matchCase = false) =>
  markPieces(ansiPieces(line), text, matchCase)
    .filter(({ hit }) => hit)
    .map((piece) => piece.text);

test('every place of the text is marked, across colours too', () => {
  expect(hits('Error: no error', 'error')).toEqual(['Error', 'error']);
  expect(hits('Error: no error', 'error', true)).toEqual(['error']);
  expect(hits('\u001b[31mer\u001b[0mror', 'error')).toEqual(['er', 'ror']);
  expect(hits('nothing', '')).toEqual([]);
});

test('marking changes no text and no look', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '\u001b[1m', 'İ', ' ') }), fc.constantFrom('a', 'ab', 'b a'), (line, text) => {
      const pieces = ansiPieces(line);
      const whole = (all: readonly { text: string; look: string }[]) =>
        all.flatMap((piece) => [...piece.text].map((one) => `${one}${piece.look}`));
      expect(whole(markPieces(pieces, text, false))).toEqual(whole(pieces));
    }),
  );
});
