import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { execScript, quote } from './remote-script.ts';

const shell = (script: string) => spawnSync('/bin/sh', ['-s'], { input: script });

test('any text reaches the command as it is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replaceAll('\0', '').toWellFormed());
  const nasty = fc.constantFrom(`'`, `'\\''`, '$(exit 9)', '`exit 9`', '\\', '\n', '\r\n', '!', '-n', '', ' ', '* ? [a]', '"', '#', '~');
  fc.assert(
    fc.property(
      fc.array(fc.oneof(text, nasty), { maxLength: 4 }).map((parts) => parts.join('')),
      (value) => {
        const { stdout, status } = shell(execScript({ command: 'printf %s "$VALUE"', environment: { VALUE: value } }, 'mark'));
        expect(status).toBe(0);
        expect(stdout.toString()).toBe(value);
      },
    ),
    { numRuns: 150 },
  );
});

test('a script cut short anywhere runs nothing', () => {
  const script = execScript({ command: 'echo ran', environment: { A: "it's" }, working_directory: '/' }, 'mark');
  const end = script.lastIndexOf('}');
  for (let length = 0; length <= end; length += 7) expect(shell(script.slice(0, length)).stdout.toString()).toBe('');
  expect(shell(script).stdout.toString()).toBe('ran\n');
});

test('the group is reported before the command starts, and the code is the command’s', () => {
  const { stderr, status } = shell(execScript({ command: 'exit 42' }, 'mark-7'));
  expect(stderr.toString()).toMatch(/^mark-7 group \d+\n$/);
  expect(status).toBe(42);
});

test('a variable of the command does not disturb the script around it', () => {
  const { stdout } = shell(execScript({ command: 'echo "$PATH"', environment: { PATH: '/nowhere' } }, 'mark'));
  expect(stdout.toString()).toBe('/nowhere\n');
});

test('NUL and values near the limit of the kernel are refused', () => {
  expect(() => quote('a\0b', 'x')).toThrow(/x holds a NUL/);
  expect(() => quote('x'.repeat(102_401), 'x')).toThrow(/102401 bytes/);
});
