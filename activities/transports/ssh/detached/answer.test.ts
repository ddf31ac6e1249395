import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from './answer.ts';
import { encodedKey } from './place.ts';
import { exported, quote } from './quote.ts';
import { readEnded } from './reap.ts';

const MARK = 'capstan-m';
const NOWHERE = { stdout: 0, stderr: 0 };
const answer = (stdout: Uint8Array, stderr: Uint8Array, noise = '', fields = '') => ({
  code: 0,
  stdout: Buffer.concat([
    Buffer.from(
      `${noise}${MARK} state=running execution=2 fresh=0 code= took= age=150 out_size=${stdout.length} err_size=${stderr.length} out=${stdout.length} err=${stderr.length} ${fields}\n`,
    ),
    stdout,
  ]),
  stderr: Buffer.concat([Buffer.from(`${noise}${MARK}\n`), stderr]),
});

test('exactly the promised bytes are read, whatever they are and whatever a login shell says first', () => {
  const bytes = fc.uint8Array({ maxLength: 50 });
  fc.assert(
    fc.property(bytes, bytes, fc.constantFrom('', 'motd\n', 'no newline at its end', `capstan\n`), (out, err, noise) => {
      const read = readAnswer(answer(out, err, noise), MARK, NOWHERE);
      expect(read).toMatchObject({ state: 'running', execution: '2', ageMs: 1500, exitCode: null, fresh: false });
      expect([read?.stdout, read?.stderr]).toEqual([Buffer.from(out), Buffer.from(err)]);
    }),
  );
});

test('an answer cut short anywhere is none at all', () => {
  const whole = answer(Buffer.from('out'), Buffer.from('err'));
  for (let length = 0; length < whole.stdout.length; length += 1)
    expect(readAnswer({ ...whole, stdout: whole.stdout.subarray(0, length) }, MARK, NOWHERE)).toBeNull();
  for (let length = 0; length < whole.stderr.length; length += 1)
    expect(readAnswer({ ...whole, stderr: whole.stderr.subarray(0, length) }, MARK, NOWHERE)).toBeNull();
});

test('what it says about processes counts only when it was said to the end', () => {
  const text = [`${MARK} tier marker`, `${MARK} signals TERM KILL`, `${MARK} pids 12 13`, `${MARK} left 13 root`, `${MARK} done`].join(
    '\n',
  );
  expect(readEnded(`motd\n${text}\n`, MARK)).toEqual({
    tier: 'marker',
    signals: ['TERM', 'KILL'],
    pids: [12, 13],
    left: [{ pid: 13, owner: 'root' }],
  });
  expect(readEnded(text.slice(0, -5), MARK)).toBeNull();
});

test('keys become names that no shell, path or pattern can take for its own, and no two become the same', () => {
  expect(encodedKey('show[3]')).toBe('show%5B3%5D');
  const nasty = fc.string({ unit: fc.constantFrom('a', '.', '/', '[', ']', '%', '5', 'B', '*', ' ', 'é'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(nasty, nasty, (one, other) => {
      expect(encodedKey(one)).toMatch(/^[A-Za-z0-9_%-]+$/);
      if (one !== other) expect(encodedKey(one)).not.toBe(encodedKey(other));
    }),
  );
});

test('NUL, values near the limit of the kernel and names that are none are refused by name', () => {
  expect(() => quote('a\0b', 'stdin')).toThrow(/stdin holds a NUL/);
  expect(() => exported({ A: 'x'.repeat(102_401) })).toThrow(/environment.A is 102401 bytes long; .*use stdin/);
  expect(() => exported({ 'A B': 'x' })).toThrow(/"A B" is no variable name/);
  const many = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`V${index}`, 'x'.repeat(100_000)]));
  expect(() => exported(many)).toThrow(/bytes of variables are more than a process can be given/);
});
