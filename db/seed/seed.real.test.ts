import { afterAll, beforeAll, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { listRuns } from '../queries/list-runs.ts';
import { readLog } from '../queries/read-log.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { seed } from './seed.ts';

const UNTIL = Date.parse('2026-03-10T00:00:00Z');
const order = {
  runs: 3_000,
  seed: 7,
  from: UNTIL - 40 * 86_400_000,
  until: UNTIL,
  withSteps: 200,
  logLines: 2_500,
  specs: STEP_SPECS,
  onProgress: () => {},
};

let one: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  await Promise.all([one, other].map(({ sql }) => seed(sql, order)));
});
afterAll(() => Promise.all([one.close(), other.close()]));

const hashOf = async ({ sql }: TestDatabase, table: string, key: string) =>
  (await sql.unsafe(`select md5(string_agg(t::text, '' order by ${key})) as hash from (select * from ${table}) t`))[0]?.hash;

test('the same order makes the same past', async () => {
  for (const table of ['run_steps', 'step_attempts', 'log_chunks'])
    expect(await hashOf(one, table, 't::text')).toBe(await hashOf(other, table, 't::text'));
  const ids = (database: TestDatabase) =>
    database.sql`select id, number, job, status, started_at, ended_at, error_message from runs order by id`;
  expect(await ids(one)).toEqual(await ids(other));
});

test('runs lie in the months they were made in, the newest last, all ended, and are counted once', async () => {
  const { items } = await listRuns(one.sql, { project: 'default', limit: 200 });
  expect(items.map(({ id }) => id)).toEqual(
    items
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
  expect(items.map(({ job }) => job)).toEqual(expect.arrayContaining(['large-log', 'large-sweep']));
  const [all] = await one.sql`
    select count(*) as runs, count(*) filter (where ended_at is null) as open, count(distinct tableoid) as months, max(number) as newest from runs`;
  expect(all).toMatchObject({ runs: 3_002, open: 0, months: 3, newest: 3_002 });
  expect((await one.sql`select sum(runs)::integer as runs, count(distinct job) as jobs from run_stats`)[0]).toMatchObject({ runs: 3_002 });
  expect((await one.sql`select sum(runs)::integer as runs from run_hours`)[0]).toEqual({ runs: 3_002 });
  expect((await one.sql`select nextval('run_numbers') as next`)[0]).toEqual({ next: 3_003 });
});

test('partitions of the past have every index that later ones have', async () => {
  const indexes = await one.sql<{ month: string; indexes: number }[]>`
    select tablename as month, count(*) as indexes from pg_indexes where tablename ~ '^runs_20' group by 1`;
  expect(new Set(indexes.map((of) => of.indexes)).size).toBe(1);
  expect(indexes.map(({ month }) => month)).toEqual(expect.arrayContaining(['runs_2026_01', 'runs_2026_02', 'runs_2026_03']));
});

test('the wide run has five thousand parts, and the long log its lines', async () => {
  const [wide] =
    await one.sql`select r.id, count(*) as steps from runs r join run_steps s on s.run_id = r.id where r.job = 'large-sweep' group by r.id`;
  expect(wide?.steps).toBe(5_050);
  const [long] = await one.sql`select id from runs where job = 'large-log'`;
  const page = await readLog(one.sql, long?.id, 'talk', -1, 1);
  expect(page).toMatchObject({ total: 2_500, items: [{ n: 2_500 }] });
  expect((await readLog(one.sql, long?.id, 'talk', 1_000, 1)).items[0]?.text).toMatch(/^needle object 1000 /);
});

test('an installation that has runs is left alone', async () => {
  await expect(seed(one.sql, order)).rejects.toThrow('has runs already');
});

test('a seeding that was broken off says how to begin anew', async () => {
  const third = await testDatabase();
  const few = { ...order, runs: 60, withSteps: 5, logLines: 10 };
  const stopped = () => {
    throw new Error('disk full');
  };
  await expect(seed(third.sql, { ...few, onProgress: stopped })).rejects.toThrow('disk full');
  await expect(seed(third.sql, few)).rejects.toThrow('create it anew and seed again');
  await third.close();
});
