import { expect, test } from 'vitest';
import { Echo } from './echo.ts';

test.each([
  ['word for word after the prompt', 'show version', ['edge1# show version'], 0],
  ['after what was still under way', 'show version', ['%SYS-5-CONFIG: changed', 'edge1# show version'], 1],
  ['broken over lines by redrawing', 'show interfaces description', ['edge1# show interf', 'aces description'], 1],
  ['with its words written out', 'sh ver', ['edge1# show version'], 0],
  ['with other blanks', 'show  ip   route', ['edge1# show ip route'], 0],
  ['only with its end, when it is long', `set ${'x'.repeat(600)} the very end of it`, [`$${'x'.repeat(40)} the very end of it`], 0],
])('an echo is found %s', (_what, command, lines, at) => {
  const echo = new Echo(command);
  expect(lines.findIndex((line) => echo.endsWith(line))).toBe(at);
});

test.each([
  ['a prompt alone', 'show version', ['edge1#']],
  ['a line that tells of another command', 'show version', ['edge1# show clock', 'show ver']],
])('%s is none', (_what, command, lines) => {
  const echo = new Echo(command);
  expect(lines.some((line) => echo.endsWith(line))).toBe(false);
});
