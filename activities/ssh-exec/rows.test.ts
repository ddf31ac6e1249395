import { expect, test } from 'vitest';
import type { CommandResult } from '../contract.ts';
import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import { requestOf } from './request.ts';
import { CommandRows } from './rows.ts';

const answer = (stdout: string, more: Partial<RemoteAnswer>): RemoteAnswer => ({
  state: 'running',
  execution: '1',
  fresh: false,
  exitCode: null,
  tookMs: null,
  ageMs: 1000,
  why: '',
  text: '',
  verdict: '',
  detached: 'setsid',
  endsAtLogout: false,
  sizes: { stdout: stdout.length, stderr: 0 },
  stdout: Buffer.from(stdout),
  stderr: Buffer.alloc(0),
  commands: [],
  ...more,
});
const ended = (number: number, exitCode: number, stdoutEnd: number) => ({
  number,
  exitCode,
  startedMs: 0,
  endedMs: 20,
  stdoutEnd,
  stderrEnd: 0,
});
const rowsOf = (texts: readonly string[]) => {
  const told: CommandResult[] = [];
  return { told, rows: new CommandRows(texts, { command: (row) => told.push(row) }) };
};

test('each command gets its own piece of the output, in whatever pieces it comes, and its end once all of it is there', () => {
  const { told, rows } = rowsOf(['a', 'b']);
  rows.take(answer('on', { commands: [ended(1, 0, 4)], sizes: { stdout: 6, stderr: 0 } }), { stdout: 0, stderr: 0 });
  expect(told).toEqual([]);
  rows.take(answer('e\ntw', { commands: [ended(1, 0, 4), { ...ended(2, 0, 0), exitCode: null, endedMs: null }] }), {
    stdout: 2,
    stderr: 0,
  });
  rows.take(answer('o\n', { commands: [ended(1, 0, 4), ended(2, 3, 8)] }), { stdout: 6, stderr: 0 });
  expect(told.map(({ number, output, exit_code }) => [number, output, exit_code])).toEqual([
    [1, 'one\n', 0],
    [2, 'tw', null],
    [2, 'two\n', 3],
  ]);
  expect(rows.ends).toEqual([
    { number: 1, exit_code: 0, duration_ms: 20 },
    { number: 2, exit_code: 3, duration_ms: 20 },
  ]);
});

test('what had ended before it was taken up keeps the row it had', () => {
  const { told, rows } = rowsOf(['a', 'b']);
  rows.take(answer('two\n', { commands: [ended(1, 0, 4), ended(2, 0, 8)] }), { stdout: 4, stderr: 0 });
  expect(told.map(({ number }) => number)).toEqual([2]);
  expect(rows.ends).toHaveLength(2);
});

test('a script’s first line names its interpreter, unless the config does', () => {
  const none = new Map<string, string>();
  expect(requestOf({ script: '#!/usr/bin/env python3\n1' }, none).interpreter).toEqual(['/usr/bin/env', 'python3']);
  expect(requestOf({ script: '#!/bin/sh\ntrue' }, none).interpreter).toBeNull();
  expect(requestOf({ script: '#!/bin/sh\ntrue', interpreter: 'bash -eu' }, none).interpreter).toEqual(['bash', '-eu']);
  expect(requestOf({ command: '#!/bin/x' }, none).interpreter).toBeNull();
  expect(() => requestOf({ command: 'true', interpreter: 'bash', login_shell: true }, none)).toThrow(/either login_shell or interpreter/);
});
