import { expect, test } from 'vitest';
import { Screen } from './screen.ts';

function shown(parts: readonly string[], columns = 511): { lines: string[]; line: string } {
  const lines: string[] = [];
  const screen = new Screen(columns, (line) => lines.push(line));
  for (const part of parts) screen.feed(Buffer.from(part));
  return { lines, line: screen.line };
}

const FRR_PAGER = ' --More-- \0\b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b';

test.each([
  ['lines end with any mix of CR and LF', ['a\r\nb\r\r\nc\nd'], ['a', 'b', 'c'], 'd'],
  ['colours are left out', ['\x1b[1;32mgreen\x1b[0m\n'], ['green'], ''],
  ['a carriage return writes over the line', ['50%\r100%\n'], ['100%'], ''],
  ['a backspace goes back', ['abx\b \bc\n'], ['abc'], ''],
  ['a pager takes itself away', [`one\r\n${FRR_PAGER}two\r\n`], ['one', 'two'], ''],
  ['a short line over an erased pager has no tail', [`${FRR_PAGER}!\r\n`], ['!'], ''],
  ['less clears its line', ['one\r\n:\x1b[K\r\x1b[Ktwo\r\n\x1b[7m(END)\x1b[m\x1b[K'], ['one', 'two'], '(END)'],
  ['a switch that positions its cursor', ['\x1b[24;1H\x1b[2K\x1b[?25h\x1b[24;1Hsw1# '], [], 'sw1# '],
  ['a pager erased by moves to the left', [`  ---- More ----\x1b[16D                \x1b[16Dnext\n`], ['next'], ''],
  ['titles and keypad modes are left out', ['\x1b]0;host\x07\x1b=\x1b>\x1b(Bx\n'], ['x'], ''],
  ['bells and deletes are left out', ['\x07a\x7fb\n'], ['ab'], ''],
])('%s', (_what, parts, lines, line) => {
  expect(shown(parts)).toEqual({ lines, line });
  expect(shown([...parts.join('')])).toEqual({ lines, line });
});

test('what only the width broke stays one line', () => {
  expect(shown(['x'.repeat(25), '\r\n'], 10).lines).toEqual(['x'.repeat(25)]);
});

test('an editor that wraps by a blank and a return leaves no blank', () => {
  expect(shown(['0123456789', ' \rabc\r\n'], 10).lines).toEqual(['0123456789abc']);
});

test('a character split over two reads is whole', () => {
  const lines: string[] = [];
  const screen = new Screen(80, (line) => lines.push(line));
  for (const byte of Buffer.from('Zürich ✓\n')) screen.feed(Uint8Array.of(byte));
  expect(lines).toEqual(['Zürich ✓']);
});

test('a line without end and an escape without end are bounded', () => {
  let longest = 0;
  const screen = new Screen(511, (line) => {
    longest = Math.max(longest, line.length);
  });
  for (let n = 0; n < 64; n += 1) screen.feed(Buffer.alloc(65_536, 'x'));
  expect(longest).toBeLessThan(70_000);
  expect(screen.line.length).toBeLessThan(70_000);
  for (let n = 0; n < 64; n += 1) screen.feed(Buffer.from(`\x1b]${'y'.repeat(1000)}`));
  screen.feed(Buffer.from('\r\nend'));
  expect(screen.line).toContain('end');
});
