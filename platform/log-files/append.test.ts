import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mountSmallDisk, smallDiskMissing } from '#test/small-disk.ts';
import { Appender } from './append.ts';
import { dayFile, type LogFileName, timezoneFile } from './names.ts';

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'capstan-append-'));
});
afterAll(() => rm(root, { recursive: true }));

const folder = () => path.join(root, String(count++));
const file = dayFile('audit', '2026-11-22');
const linesIn = async (dir: string, name: string = file) => (await readFile(path.join(dir, name), 'utf8')).split('\n').slice(0, -1);
const idOf = (line: string) => /^\d+/.exec(line)?.[0] ?? null;

test('lines are added whole, the folder is made, and no more files are open than allowed', async () => {
  const dir = folder();
  const appender = new Appender({ dir, rotateBytes: 1_000_000, maxOpen: 3 });
  for (let round = 0; round < 2; round++) {
    for (let day = 1; day <= 9; day++)
      await appender.append({ file: timezoneFile('UTC', `2026-11-0${day}`), lines: [`${round} a`, `${round} b`] });
  }
  expect(appender.open).toBe(3);
  expect(await linesIn(dir, 'timezones/UTC/2026-11-01.log')).toEqual(['0 a', '0 b', '1 a', '1 b']);
  await appender.close();
  expect(appender.open).toBe(0);
});

test('a file that is full gets the next number, and no line is torn or lost on the way', async () => {
  const dir = folder();
  const appender = new Appender({ dir, rotateBytes: 100 });
  const all = Array.from({ length: 40 }, (_, at) => `${at} ${'x'.repeat(at)}`);
  for (const line of all) await appender.append({ file, lines: [line] });
  await appender.close();
  const names = await readdir(path.join(dir, 'audit'));
  const inOrder = names.sort((a, b) => Number(a.split('.')[2] ?? 1e9) - Number(b.split('.')[2] ?? 1e9));
  expect(inOrder.length).toBeGreaterThan(5);
  expect(inOrder.at(-1)).toBe('2026-11-22.log');
  expect((await Promise.all(inOrder.map((name) => linesIn(dir, `audit/${name}`)))).flat()).toEqual(all);
});

test('half a line that a crash left is cut off, also where it is long', async () => {
  for (const whole of ['', '1 whole\n']) {
    const dir = folder();
    await mkdir(path.join(dir, 'audit'), { recursive: true });
    await writeFile(path.join(dir, file), `${whole}2 half ${'x'.repeat(200_000)}`);
    const appender = new Appender({ dir, rotateBytes: 1_000_000 });
    await appender.append({ file, lines: ['2 whole'] });
    await appender.close();
    expect(await linesIn(dir)).toEqual([...(whole ? ['1 whole'] : []), '2 whole']);
  }
});

test('wherever a writer died, who goes on from where it was noted writes each line once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-z]{0,60}$/), { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 50, max: 2_000 }),
      async (texts, died, noted, rotateBytes) => {
        const dir = folder();
        const all = texts.map((text, at) => `${at + 100} ${text}`);
        const writer = new Appender({ dir, rotateBytes });
        const written = died % (all.length + 1);
        await writer.append({ file, lines: all.slice(0, noted % (written + 1)) });
        await writer.append({ file, lines: all.slice(noted % (written + 1), written) });
        await writer.close();
        if (written < all.length && written > 0) await appendFile(path.join(dir, file), all[written]?.slice(0, 4) ?? '');
        const from = 100 + (noted % (written + 1));
        const next = new Appender({ dir, rotateBytes });
        const mayStand = (line: string) => (Number(idOf(line)) >= from ? idOf(line) : null);
        await next.append({ file, lines: all.slice(from - 100), mayStand });
        await next.close();
        const names = existsSync(path.join(dir, 'audit')) ? await readdir(path.join(dir, 'audit')) : [];
        const found = (await Promise.all(names.map((name) => linesIn(dir, `audit/${name}`)))).flat();
        expect(found.sort()).toEqual([...all].sort());
        await rm(dir, { recursive: true });
      },
    ),
    { numRuns: 60 },
  );
});

test('a file, or the whole folder, that was moved or deleted under the writer is made anew', async () => {
  const dir = folder();
  const appender = new Appender({ dir, rotateBytes: 1_000_000 });
  await appender.append({ file, lines: ['1'] });
  await rename(path.join(dir, file), path.join(dir, 'audit', 'taken-away'));
  await appender.append({ file, lines: ['2'] });
  expect(await linesIn(dir)).toEqual(['2']);
  await rm(dir, { recursive: true });
  await appender.append({ file, lines: ['3'] });
  expect(await linesIn(dir)).toEqual(['3']);
  await appender.close();
});

test('a link in the place of a file is not followed', async () => {
  const dir = folder();
  await mkdir(path.join(dir, 'audit'), { recursive: true });
  await writeFile(path.join(dir, 'precious'), 'precious');
  await symlink(path.join(dir, 'precious'), path.join(dir, file));
  await expect(new Appender({ dir, rotateBytes: 100 }).append({ file, lines: ['1'] })).rejects.toThrow('ELOOP');
  expect(await readFile(path.join(dir, 'precious'), 'utf8')).toBe('precious');
});

test.each(['../escaped.log', '/tmp/escaped.log', 'audit/2026-11-22.log.1', 'notes.txt'])('%s is not written to', async (name) => {
  const appender = new Appender({ dir: folder(), rotateBytes: 100 });
  await expect(appender.append({ file: name as LogFileName, lines: ['1'] })).rejects.toThrow('is no log file that is written to');
});

describe.skipIf(smallDiskMissing !== null)(`a disk that is full${smallDiskMissing === null ? '' : ` (${smallDiskMissing})`}`, () => {
  test('takes nothing in halves, and everything once it has room; one that is read-only takes nothing', async ({ skip }) => {
    const disk = mountSmallDisk() ?? skip('no right to mount a small disk here');
    try {
      const appender = new Appender({ dir: disk.place, rotateBytes: 10_000_000 });
      await appender.append({ file, lines: ['1 before'] });
      const large = Array.from({ length: 400 }, (_, at) => `${at + 2} ${'x'.repeat(1_000)}`);
      await expect(appender.append({ file, lines: large })).rejects.toThrow('ENOSPC');
      expect(await linesIn(disk.place)).toEqual(['1 before']);
      await appender.append({ file, lines: ['2 small'] });
      await appender.close();
      disk.remount('ro');
      await expect(appender.append({ file, lines: ['3'] })).rejects.toThrow('EROFS');
      disk.remount('rw');
      await appender.append({ file, lines: ['3 again'] });
      expect(await linesIn(disk.place)).toEqual(['1 before', '2 small', '3 again']);
      await appender.close();
    } finally {
      disk.remove();
    }
  });
});
