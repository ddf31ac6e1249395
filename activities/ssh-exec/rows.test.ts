import { expect, test } from 'vitest';
import type { CommandResult, StepLog } from '../contract.ts';
import type { RemoteAnswer } from '../transports/ssh/detached/answer.ts';
import { piecesOf } from './command-pieces.ts';
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
  const lines: string[] = [];
  const log = {
    stored: { stdout: 0, stderr: 0 },
    get lines() {
      return lines.length;
    },
    line: async (_: string, text: string) => void lines.push(text),
  } as unknown as StepLog;
  return { told, lines, rows: new CommandRows(texts, { command: (row) => told.push(row), log }) };
};

test('each of several commands is shown in the log before its output, and its row says where its lines stand', async () => {
  const { told, lines, rows } = rowsOf(['uname', 'df -h\ndf -i', 'true']);
  const offsets = { stdout: 0, stderr: 0 };
  const now = answer('Linux\nfull\n', { commands: [ended(1, 0, 6), ended(2, 1, 11), ended(3, 0, 11)] });
  for (const piece of piecesOf(now, offsets, offsets)) {
    await rows.begin(piece);
    lines.push(...piece.stdout.toString().split('\n').slice(0, -1));
    rows.reach(piece.number);
  }
  rows.take(now, offsets);
  expect(lines).toEqual(['$ uname', 'Linux', '$ df -h …', 'full', '$ true']);
  expect(told.map(({ number, first_line, last_line }) => [number, first_line, last_line])).toEqual([
    [1, 1, 2],
    [2, 3, 4],
    [3, 5, 5],
  ]);
});

test('an answer is cut into the output of its commands, without what is known of it', () => {
  const cut = (more: Partial<RemoteAnswer>, offset: number, known: number) =>
    piecesOf(answer('abcdef', more), { stdout: offset, stderr: 0 }, { stdout: known, stderr: 0 }).map(({ number, stdout }) => [
      number,
      stdout.toString(),
    ]);
  const two = { ...ended(2, 0, 0), exitCode: null, endedMs: null };
  expect(cut({ commands: [ended(1, 0, 4), two] }, 0, 0)).toEqual([
    [1, 'abcd'],
    [2, 'ef'],
  ]);
  expect(cut({ commands: [ended(1, 0, 4), two] }, 2, 1)).toEqual([
    [1, 'b'],
    [2, 'cdef'],
  ]);
  expect(cut({ commands: [ended(1, 0, 6)] }, 0, 0)).toEqual([[1, 'abcdef']]);
  expect(cut({ commands: [ended(1, 0, 4)] }, 0, 0)).toEqual([
    [1, 'abcd'],
    [2, 'ef'],
  ]);
  expect(cut({}, 0, 2)).toEqual([[1, 'cdef']]);
});

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
