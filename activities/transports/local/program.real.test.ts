import { expect, test } from 'vitest';
import { type ProgramOptions, runProgram } from './program.ts';

const run = (command: string, onData: ProgramOptions['onData']) =>
  runProgram(
    {
      argv: ['/bin/sh', '-c', command],
      working_directory: null,
      environment: { PATH: process.env.PATH ?? '' },
      stdin: null,
    },
    { signal: new AbortController().signal, onData },
  );

test('a taker that is busy for longer than output is awaited after the end still gets all of it', async () => {
  let taken = 0;
  let busy: Promise<void> | undefined;
  const end = await run('echo first; sleep 0.3; head -c 60000 /dev/zero', (_stream, bytes) => {
    taken += bytes.length;
    busy ??= new Promise((resolve) => setTimeout(resolve, 5000));
    return busy;
  });
  expect(end).toEqual({ exit_code: 0, killed: null });
  expect(taken).toBe(60_006);
});

test('the end comes only after the last output is taken', async () => {
  let taken = false;
  await run('echo once', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    taken = true;
  });
  expect(taken).toBe(true);
});

test('output held by something the program left behind does not keep the step waiting', async () => {
  const began = Date.now();
  let text = '';
  await run('setsid sleep 20 & echo left', (_stream, bytes) => {
    text += bytes.toString();
  });
  expect(text).toBe('left\n');
  expect(Date.now() - began).toBeLessThan(15_000);
});
