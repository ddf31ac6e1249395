import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountSmallDisk, smallDiskMissing } from '#test/small-disk.ts';
import { ProcessFile, type ProcessFileOptions } from './process-file.ts';

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'capstan-process-file-'));
});
afterAll(() => rm(root, { recursive: true }));

const linesIn = async (dir: string): Promise<readonly string[]> => {
  if (!existsSync(path.join(dir, 'system'))) return [];
  const names = (await readdir(path.join(dir, 'system'))).sort();
  return (await Promise.all(names.map((name) => readFile(path.join(dir, 'system', name), 'utf8')))).join('').split('\n').slice(0, -1);
};

function made(options: Partial<ProcessFileOptions> = {}) {
  const dir = options.dir ?? path.join(root, String(count++));
  const troubles: (string | null)[] = [];
  const file = new ProcessFile({
    dir,
    name: 'system',
    program: 'worker',
    rotateBytes: 1_000_000,
    gatherMs: 60_000,
    onTrouble: (problem) => troubles.push(problem),
    ...options,
  });
  return { dir, file, troubles };
}

test('lines are gathered and written by themselves, to a file that bears the process', async () => {
  const { dir, file } = made({ gatherMs: 1 });
  for (const line of ['one\n', 'two']) file.write(line);
  await expect.poll(() => linesIn(dir)).toEqual(['one', 'two']);
  expect((await readdir(path.join(dir, 'system')))[0]).toMatch(
    new RegExp(`^\\d{4}-\\d\\d-\\d\\d\\.worker\\.[A-Za-z0-9-]+\\.${process.pid}\\.log$`),
  );
});

test('the last words of a process are written at once', async () => {
  const { dir, file } = made();
  file.write('one');
  await file.flush();
  file.write('last');
  file.flushNow();
  expect(await linesIn(dir)).toEqual(['one', 'last']);
});

test('while nothing can be written lines wait, so many at most; then they are written in order, with how many were dropped', async () => {
  const dir = path.join(root, String(count++));
  await writeFile(dir, 'a file in the place of the folder');
  const { file, troubles } = made({ dir, maxLines: 3, patienceMs: 1, gatherMs: 1 });
  file.write('1');
  await file.flush();
  for (let line = 2; line <= 9; line++) file.write(String(line));
  await file.flush();
  expect(troubles).toEqual([expect.stringContaining('ENOTDIR')]);
  await rm(dir);
  await expect.poll(() => linesIn(dir)).toHaveLength(4);
  const [first, second, third, told] = await linesIn(dir);
  expect([first, second, third, JSON.parse(told ?? '')]).toMatchObject(['1', '2', '3', { event: 'log.dropped', dropped: 6 }]);
  expect(troubles).toEqual([expect.stringContaining('ENOTDIR'), null]);
});

test('what is too much to hold is dropped by its size too', async () => {
  const { dir, file } = made({ maxChars: 10 });
  for (const line of ['12345678', '9', 'x'.repeat(50)]) file.write(line);
  await file.flush();
  expect((await linesIn(dir)).slice(0, 2)).toEqual(['12345678', '9']);
  expect(await linesIn(dir)).toHaveLength(3);
});

describe.skipIf(smallDiskMissing !== null)(`a disk that is full${smallDiskMissing === null ? '' : ` (${smallDiskMissing})`}`, () => {
  test('is said once, loses nothing that there is room to hold, and is written to again when it has room', async ({ skip }) => {
    const disk = mountSmallDisk() ?? skip('no right to mount a small disk here');
    try {
      const { file, troubles } = made({ dir: disk.place, patienceMs: 1, gatherMs: 1 });
      await writeFile(path.join(disk.place, 'filler'), Buffer.alloc(240 * 1024));
      for (let line = 0; line < 200; line++) file.write(`${line} ${'x'.repeat(500)}`);
      await file.flush();
      await file.flush();
      expect(troubles).toEqual([expect.stringContaining('ENOSPC')]);
      await rm(path.join(disk.place, 'filler'));
      await expect.poll(() => linesIn(disk.place)).toHaveLength(200);
      expect((await linesIn(disk.place)).map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: 200 }, (_, at) => at));
      expect(troubles.at(-1)).toBeNull();
    } finally {
      disk.remove();
    }
  });
});
