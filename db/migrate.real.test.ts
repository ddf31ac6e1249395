import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getTableColumns, getTableName } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, pendingMigrations } from './migrate.ts';
import { TABLES } from './schema/tables.ts';
import { emptyDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await emptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'capstan-migrations-'));
  await cp(fileURLToPath(new URL('./migrations', import.meta.url)), folder, { recursive: true });
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const applied = async () =>
  (await database.sql<{ name: string }[]>`select name from applied_migrations order by name`).map(({ name }) => name);

/** The names of the migrations, in the order of their numbers. */
const files = async () =>
  (await readdir(fileURLToPath(new URL('./migrations', import.meta.url)))).filter((name) => name.endsWith('.sql')).sort();

test('the schema that queries are typed by is the schema of the migrated database', async () => {
  await migrate(database.url);
  const declared = TABLES.flatMap((table) =>
    Object.values(getTableColumns(table)).map(
      (column) => `${getTableName(table)}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`,
    ),
  ).sort();
  const rows = await database.sql<{ column: string }[]>`
    select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, null) || case when a.attnotnull then ' not null' else '' end as column
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
      and c.relname <> 'applied_migrations'`;
  expect(rows.map(({ column }) => column).sort()).toEqual(declared);
});

test('every index that puts a list in order starts with the project', async () => {
  await migrate(database.url);
  const rows = await database.sql<{ name: string; first: string }[]>`
    select i.relname as name, pg_get_indexdef(x.indexrelid, 1, true) as first
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relname in ('runs', 'jobs', 'targets', 'credentials', 'audit_entries') and not x.indisprimary
      and i.relam not in (select oid from pg_am where amname in ('gin', 'brin'))`;
  expect(rows.length).toBeGreaterThan(12);
  expect(rows.filter(({ first }) => first !== 'project')).toEqual([]);
});

test('two processes that migrate at once both find the schema whole, and each file is applied once', async () => {
  await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  expect(await applied()).toEqual(await files());
  expect(await pendingMigrations(database.sql)).toEqual([]);
});

test('a migration that was changed after it was applied is refused by name', async () => {
  await migrate(database.url, folder);
  await writeFile(join(folder, '0002_jobs_and_targets.sql'), 'select 1;');
  await expect(migrate(database.url, folder)).rejects.toThrow('0002_jobs_and_targets.sql was changed after it was applied');
});

test('a migration that fails leaves nothing of itself or its followers, and the next try goes on from there', async () => {
  await migrate(database.url, folder);
  await writeFile(join(folder, '9998_a.sql'), 'create table a (x integer);');
  await writeFile(join(folder, '9999_b.sql'), 'create table b (x integer); select 1 / 0;');
  await expect(migrate(database.url, folder)).rejects.toThrow('division by zero');
  expect(await database.sql`select to_regclass('a') as a`).toEqual([{ a: null }]);
  await writeFile(join(folder, '9999_b.sql'), 'create table b (x integer);');
  await migrate(database.url, folder);
  expect(await applied()).toContain('9999_b.sql');
});

test('before the first migration all files are pending', async () => {
  expect(await pendingMigrations(database.sql)).toEqual(await files());
});
