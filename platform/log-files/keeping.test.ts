import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkSettings } from '../config.ts';
import { keepPolicies } from './classes.ts';
import { cleanLogFiles } from './clean.ts';
import { packing } from './pack.ts';
import { logFileNames, standingFiles } from './standing-files.ts';

const NOW = Date.parse('2026-11-22T18:00:00Z');
const RUN = '019ab3c4-5d6e-7f80-9a0b-1c2d3e4f5061';
const RUN_FILE = `runs/2025/11/${RUN}.log`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-keeping-'));
});
afterEach(() => rm(dir, { recursive: true }));

const put = async (name: string, content: string | Buffer = 'line\n', daysAgo = 3) => {
  await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
  await writeFile(path.join(dir, name), content);
  await utimes(path.join(dir, name), NOW / 1_000 - daysAgo * 86_400, NOW / 1_000 - daysAgo * 86_400);
};
const names = async (after?: string) => (await Array.fromAsync(logFileNames(dir, after))).map(({ name }) => name);
const unpacked = async (name: string) => gunzipSync(await readFile(path.join(dir, name))).toString();
/** The files that were packed. */
const pack = async () => (await Array.fromAsync(packing(dir, NOW))).flatMap(({ name, problem }) => (problem === null ? [name] : []));
const policies = (settings: object) => keepPolicies(checkSettings({ values: { logging: settings }, origins: new Map() }).logging);

describe('what lies in the folder', () => {
  test('is listed by name, from any name on, and what is none of ours is passed over', async () => {
    const ours = [
      'audit/2026-11-20.log.gz',
      'audit/2026-11-21.log',
      'performance/2026-11-22.log',
      RUN_FILE,
      'timezones/Asia_Tokyo/2026-11-22.log',
      'timezones/Asia_Tokyo/2026-11-22.log.1.gz',
      'timezones/Asia_Tokyo-x/2026-11-22.log',
      'timezones/UTC/2026-11-22.log',
    ];
    for (const name of ours) await put(name);
    for (const name of [
      'capstan.toml',
      'audit/notes.txt',
      'audit/2026-11-20.log.gz.part',
      'timezones/2026-11-22.log',
      'other/2026-11-22.log',
    ])
      await put(name);
    await symlink(path.join(dir, 'capstan.toml'), path.join(dir, 'audit/2026-11-19.log'));
    await symlink('/etc', path.join(dir, 'timezones', 'Etc'));
    const sorted = [...ours].sort();
    expect(await names()).toEqual(sorted);
    for (const [at, name] of sorted.entries()) expect(await names(name)).toEqual(sorted.slice(at + 1));
    expect(await names('timezones/B')).toEqual(['timezones/UTC/2026-11-22.log']);
    expect((await Array.fromAsync(standingFiles(dir)))[1]).toMatchObject({ name: 'audit/2026-11-21.log', bytes: 5 });
  });

  test('is nothing where there is no folder', async () => {
    expect(await Array.fromAsync(logFileNames(path.join(dir, 'none')))).toEqual([]);
  });
});

describe('packing', () => {
  test('takes closed files, keeps their time, and leaves those that are written to', async () => {
    const open = ['timezones/Asia_Tokyo/2026-11-22.log', 'performance/2026-11-22.log'];
    for (const name of open) await put(name, 'line\n', 0.5);
    await put(RUN_FILE, 'young\n', 0.5);
    await put('performance/2026-11-22.log.1', 'full\n', 0.5);
    await put('timezones/Asia_Tokyo/2026-11-20.log', 'old\n', 1);
    await put('performance/2026-11-20.log', 'touched just now\n', 0);
    expect(await pack()).toHaveLength(2);
    expect(await unpacked('performance/2026-11-22.log.1.gz')).toBe('full\n');
    expect(await unpacked('timezones/Asia_Tokyo/2026-11-20.log.gz')).toBe('old\n');
    expect(await names()).toEqual(
      [...open, RUN_FILE, 'performance/2026-11-22.log.1.gz', 'timezones/Asia_Tokyo/2026-11-20.log.gz', 'performance/2026-11-20.log'].sort(),
    );
    const [seen] = (await Array.fromAsync(standingFiles(dir))).filter(({ isPacked }) => isPacked);
    expect(seen?.modifiedAt).toBe(NOW - 0.5 * 86_400_000);
  });

  test('goes on later where there is much', async () => {
    for (let day = 10; day < 15; day++) await put(`audit/2026-11-${day}.log`);
    const walk = packing(dir, NOW);
    for (let count = 1; count <= 5; count++) {
      expect((await walk.next()).done).toBe(false);
      expect((await names()).filter((name) => name.endsWith('.gz'))).toHaveLength(count);
    }
    expect((await walk.next()).done).toBe(true);
  });

  test('passes over a file that it cannot pack, and says why', async () => {
    for (const day of [10, 11]) await put(`audit/2026-11-${day}.log`);
    await mkdir(path.join(dir, 'audit/2026-11-10.log.gz.part'));
    expect(await Array.fromAsync(packing(dir, NOW))).toEqual([
      { name: 'audit/2026-11-10.log', problem: expect.stringContaining('EISDIR') },
      { name: 'audit/2026-11-11.log', problem: null },
    ]);
    expect(await names()).toEqual(['audit/2026-11-10.log', 'audit/2026-11-11.log.gz']);
  });

  test('that was cut short before the file was removed, or before it was packed whole, is finished and doubles nothing', async () => {
    const text = 'line\n'.repeat(50_000);
    await put('audit/2026-11-10.log', text);
    await put('audit/2026-11-10.log.gz', gzipSync(text));
    await put('audit/2026-11-11.log', text);
    await put('audit/2026-11-11.log.gz.part', gzipSync(text).subarray(0, 100));
    await pack();
    expect(await names()).toEqual(['audit/2026-11-10.log.gz', 'audit/2026-11-11.log.gz']);
    for (const name of await names()) expect(await unpacked(name)).toBe(text);
  });

  test('of a run that was heard of again keeps both parts, in order', async () => {
    await put(`${RUN_FILE}.gz`, gzipSync('first\n'));
    await put(RUN_FILE, 'second\n');
    await pack();
    await pack();
    expect(await names()).toEqual([`${RUN_FILE}.1.gz`, `${RUN_FILE}.gz`]);
    expect(await unpacked(`${RUN_FILE}.1.gz`)).toBe('second\n');
  });
});

describe('cleaning', () => {
  test('removes what a dry run listed, with the folders that are empty then, and nothing else', async () => {
    const going = [`runs/2025/11/${RUN}.log`, 'audit/2019-11-20.log.gz', 'timezones/Asia_Tokyo/2026-01-01.log.gz'];
    for (const name of going) await put(name, 'old line\n', 200);
    const staying = ['audit/2019-11-23.log.gz', 'timezones/UTC/2026-11-22.log', 'timezones/UTC/2026-11-10.log.gz'];
    for (const name of staying) await put(name);
    await put('timezones/UTC/mine.txt');
    await put('audit/2019-01-01.log.bak');
    const keep = policies({});
    const dry = await cleanLogFiles(dir, keep, { now: NOW, isDry: true });
    expect(dry.files.map(({ name, reason }) => [name, reason])).toEqual([
      ['audit/2019-11-20.log.gz', 'age'],
      ['timezones/Asia_Tokyo/2026-01-01.log.gz', 'age'],
      [`runs/2025/11/${RUN}.log`, 'age'],
    ]);
    expect(await names()).toEqual([...going, ...staying].sort());
    const done = await cleanLogFiles(dir, keep, { now: NOW, isDry: false });
    expect(done).toEqual({ ...dry, failed: [] });
    expect(done.bytes).toBe(27);
    expect(await names()).toEqual([...staying].sort());
    expect(existsSync(path.join(dir, 'timezones/UTC/mine.txt')) && existsSync(path.join(dir, 'audit/2019-01-01.log.bak'))).toBe(true);
    for (const folder of ['runs/2025', 'timezones/Asia_Tokyo']) expect(existsSync(path.join(dir, folder))).toBe(false);
    expect((await cleanLogFiles(dir, keep, { now: NOW, isDry: false })).files).toEqual([]);
  });

  test('keeps a class within its size', async () => {
    for (let day = 10; day < 15; day++) await put(`performance/2026-11-${day}.log.gz`, Buffer.alloc(1_000));
    const keep = policies({ limit_performance: '2500B', rotate_size: '1K' });
    const { files } = await cleanLogFiles(dir, keep, { now: NOW, isDry: false });
    expect(files.map(({ date }) => date)).toEqual(['2026-11-10', '2026-11-11', '2026-11-12']);
  });
});
