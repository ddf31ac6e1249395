import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { takeLock, withLock } from './lock.ts';
import { birthOf } from './process-facts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'capstan-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = () => path.join(folder, `lock-${++count}`);

const deadProcess = async (): Promise<{ pid: number; birth: string }> => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  const birth = birthOf(pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { pid, birth };
};

test('a lock is held until it is released', () => {
  const file = fresh();
  const first = takeLock(file);
  expect(takeLock(file)).toMatchObject({ holder: { pid: process.pid } });
  if ('release' in first) first.release();
  expect(existsSync(file)).toBe(false);
  expect(takeLock(file)).toHaveProperty('release');
});

test('a lock whose holder was killed is taken over', async () => {
  const file = fresh();
  writeFileSync(file, JSON.stringify(await deadProcess()));
  expect(takeLock(file)).toHaveProperty('release');
});

test('a stranger who got the id of a dead holder does not keep its lock', () => {
  const file = fresh();
  writeFileSync(file, JSON.stringify({ pid: process.pid, birth: 'long ago' }));
  expect(takeLock(file)).toHaveProperty('release');
});

test('a lock file that a crash left empty is taken over', () => {
  const file = fresh();
  writeFileSync(file, '');
  expect(takeLock(file)).toHaveProperty('release');
});

test('work under one lock is never done twice at a time', async () => {
  const file = fresh();
  let inside = 0;
  const waited: number[] = [];
  const work = async (): Promise<void> => {
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, ({ pid }) => waited.push(pid), work)));
  expect(waited).toEqual([process.pid, process.pid]);
});

test('the lock is released when the work fails', async () => {
  const file = fresh();
  await expect(
    withLock(
      file,
      () => {},
      () => Promise.reject(new Error('no')),
    ),
  ).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
