import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalPostgres, startPostgres } from './postgres.ts';
import { postgresPlace, removePostgres, strandedData } from './postgres-place.ts';
import { commandOf } from './process-facts.ts';

let folder: string;
let server: LocalPostgres | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'capstan-postgres-'));
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  removePostgres(path.join(folder, 'pg'));
  rmSync(folder, { recursive: true });
});

const start = async (): Promise<LocalPostgres> => {
  server = await startPostgres({ dir: path.join(folder, 'pg'), settings: { fsync: 'off' } });
  return server;
};
const ask = async (url: string, query: string): Promise<readonly Record<string, unknown>[]> => {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(query);
  } finally {
    await sql.end();
  }
};

test('it is PostgreSQL 18 in UTF-8, and its data survives a restart on the same address', async () => {
  const first = await start();
  expect(await ask(first.url, 'select version() like $$PostgreSQL 18%$$ as v, getdatabaseencoding() as e')).toEqual([
    { v: true, e: 'UTF8' },
  ]);
  await ask(first.url, 'create table kept as select 7 as n');
  await first.stop();
  server = await startPostgres({ dir: path.join(folder, 'pg'), port: first.port });
  expect(server.url).toBe(first.url);
  expect(await ask(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('killed without warning it comes back by itself with what was committed', async () => {
  const { url, pid, kill } = await start();
  await ask(url, 'create table kept as select 7 as n');
  kill();
  await expect.poll(() => ask(url, 'select n from kept').catch(() => null), { timeout: 15_000 }).toEqual([{ n: 7 }]);
  expect(server?.pid).not.toBe(pid);
});

test('a postmaster.pid that names a stranger does not keep it from starting', async () => {
  const { stop } = await start();
  await stop();
  const { home } = postgresPlace(path.join(folder, 'pg'));
  writeFileSync(path.join(home, 'data/postmaster.pid'), `${process.pid}\n${path.join(home, 'data')}\n`);
  expect(await ask((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('an initialisation that was cut off is done again', async () => {
  const { home } = postgresPlace(path.join(folder, 'pg'));
  mkdirSync(path.join(home, 'data.new'));
  writeFileSync(path.join(home, 'data.new/PG_VERSION'), '18\n');
  expect(await ask((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(path.join(home, 'data.new'))).toBe(false);
});

test('in a folder that only its owner may enter it starts all the same, and goes away whole', async () => {
  chmodSync(folder, 0o700);
  const { pid, stop } = await start();
  const { home } = postgresPlace(path.join(folder, 'pg'));
  expect(commandOf(pid)).toContain(path.join(home, 'data'));
  expect(readFileSync(path.join(home, 'password'), 'utf8')).toHaveLength(32);
  await stop();
  removePostgres(path.join(folder, 'pg'));
  expect(existsSync(home)).toBe(false);
});

test('a folder that is moved keeps its data, which nobody else throws away meanwhile', async () => {
  chmodSync(folder, 0o700);
  const first = await start();
  await ask(first.url, 'create table kept as select 7 as n');
  await first.stop();
  const { home } = postgresPlace(path.join(folder, 'pg'));
  renameSync(path.join(folder, 'pg'), path.join(folder, 'moved'));
  postgresPlace(path.join(folder, 'pg'));
  if (process.getuid?.() === 0) expect(strandedData()).toContainEqual({ home, origin: path.join(folder, 'pg') });
  server = await startPostgres({ dir: path.join(folder, 'moved'), settings: { fsync: 'off' } });
  expect(await ask(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
  await server.stop();
  expect(strandedData().map((data) => data.home)).not.toContain(home);
  removePostgres(path.join(folder, 'moved'));
});

test.runIf(process.getuid?.() === 0)('a copied folder neither starts on the data of its original nor removes it', () => {
  chmodSync(folder, 0o700);
  const original = path.join(folder, 'pg');
  const copy = path.join(folder, 'copy');
  const { home } = postgresPlace(original);
  cpSync(original, copy, { recursive: true });
  expect(() => postgresPlace(copy)).toThrow(`${copy} is a copy of ${original}`);
  removePostgres(copy);
  expect(existsSync(home)).toBe(true);
});

test('a taken port is passed over for a free one', async () => {
  const first = await start();
  const second = await startPostgres({ dir: path.join(folder, 'pg2'), port: first.port, settings: { fsync: 'off' } });
  expect(second.port).not.toBe(first.port);
  await second.stop();
  removePostgres(path.join(folder, 'pg2'));
});
