import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ansiPieces } from './ansi.ts';

const E = '\x1b[';
const shown = (line: string) => ansiPieces(line).map(({ text, look }) => [text, look]);

test('plain text is one plain piece', () => {
  expect(shown('show version')).toEqual([['show version', '']]);
});

test('colours become classes and end where they are reset', () => {
  expect(shown(`${E}31mred${E}0m and ${E}1;32mbold green${E}m.`)).toEqual([
    ['red', 'ansi-1'],
    [' and ', ''],
    ['bold green', 'ansi-2 ansi-bold'],
    ['.', ''],
  ]);
});

test('bright colours are the same hue, bolder', () => {
  expect(shown(`${E}91mx`)).toEqual([['x', 'ansi-1 ansi-bold']]);
});

test('256 and true colours fall on the nearest of the sixteen', () => {
  expect(shown(`${E}38;5;196ma${E}38;2;0;90;0mb${E}38;5;240mc`)).toEqual([
    ['a', 'ansi-1 ansi-bold'],
    ['b', 'ansi-2'],
    ['c', 'ansi-0 ansi-bold'],
  ]);
});

test('a background becomes an underline of that hue', () => {
  expect(shown(`${E}41mx${E}49my`)).toEqual([
    ['x', 'ansi-under ansi-under-1'],
    ['y', ''],
  ]);
});

test('control characters, direction overrides and lone surrogates are visible', () => {
  expect(
    ansiPieces('a\0b\x07\u202e\ud800c')
      .map(({ text }) => text)
      .join(''),
  ).toBe('a⟨NUL⟩b⟨BEL⟩⟨202E⟩⟨D800⟩c');
});

test('moving the cursor, titles and hyperlink escapes leave only their text', () => {
  expect(shown(`${E}2K${E}1Gdone\x1b]0;title\x07!\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\`)).toEqual([['done!click', '']]);
});

test('what hides the cursor or sets up an emulator is no text and paints nothing', () => {
  expect(shown(`${E}?25l${E}>4;31mdone${E}?25h${E}0 q${E}1$r`)).toEqual([['done', '']]);
});

test('colours written with colons are the same colours', () => {
  expect(shown(`${E}38:5:196ma${E}0m${E}38:2::0:90:0mb${E}0m${E}38:2:0:90:0mc${E}0m${E}4:3md`)).toEqual([
    ['a', 'ansi-1 ansi-bold'],
    ['bc', 'ansi-2'],
    ['d', 'ansi-under'],
  ]);
});

test('what takes no room, or would break the line, is visible', () => {
  const text = ansiPieces('a\u200bb\u2028c\ufeffd')
    .map((piece) => piece.text)
    .join('');
  expect(text).toBe('a⟨200B⟩b⟨2028⟩c⟨FEFF⟩d');
});

test('an escape cut short is shown, and swallows nothing behind it', () => {
  expect(
    ansiPieces('a\x1b]0;title b')
      .map(({ text }) => text)
      .join(''),
  ).toBe('a⟨ESC⟩]0;title b');
  expect(
    ansiPieces('a\x1b[31')
      .map(({ text }) => text)
      .join(''),
  ).toBe('a⟨ESC⟩[31');
});

test('only http and https addresses are links, without the full stop after them', () => {
  expect(ansiPieces('see https://a.example/x?y=1. or javascript:alert(1)').filter(({ href }) => href)).toEqual([
    { text: 'https://a.example/x?y=1', look: '', href: 'https://a.example/x?y=1' },
  ]);
});

test('a carriage return at the end is not shown, one inside is', () => {
  expect(shown('10%\r20%\r')).toEqual([
    ['10%', ''],
    ['⟨CR⟩', 'ansi-control'],
    ['20%', ''],
  ]);
});

test('a flood of escapes stays a bounded number of pieces and loses no text', () => {
  const flood = Array.from({ length: 5000 }, (_, at) => `${E}${31 + (at % 7)}mx`).join('');
  const pieces = ansiPieces(flood);
  expect(pieces.length).toBeLessThanOrEqual(400);
  expect(pieces.map(({ text }) => text).join('')).toBe('x'.repeat(5000));
});

test('no text a process can print is lost or left as a raw control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '\x1b', '[', '3', '1', 'm', ';', '\0', '\x07', '漢', ' ') }), (line) => {
      const text = ansiPieces(line)
        .map((piece) => piece.text)
        .join('');
      expect([...text].every((one) => one >= ' ')).toBe(true);
      expect([...text].filter((one) => one === '漢')).toHaveLength([...line].filter((one) => one === '漢').length);
    }),
  );
});

test('behind the last piece that a line may have stands plain text, not a longer link', () => {
  const link = 'https://a.example/x ';
  const pieces = ansiPieces(link.repeat(400));
  expect(pieces.length).toBeLessThanOrEqual(400);
  expect(pieces.flatMap(({ href }) => href ?? []).every((href) => href === 'https://a.example/x')).toBe(true);
  expect(pieces.at(-1)?.href).toBeUndefined();
  expect(pieces.map(({ text }) => text).join('')).toBe(link.repeat(400));
});
