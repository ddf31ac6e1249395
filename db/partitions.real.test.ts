import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensurePartitions, firstIdAt } from './partitions.ts';
import { listRuns } from './queries/list-runs.ts';
import { recordSteps } from './queries/record-steps.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';
import { accept, started } from './testing/runs.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const partitionsOf = async (table: string) =>
  (
    await database.sql<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = ${table}::regclass order by 1`
  ).map(({ name }) => name);

const idAt = (at: string) => uuidv7({ msecs: Date.parse(at) });
const PARTITIONED = ['runs', 'run_steps', 'step_attempts', 'status_history', 'log_chunks'];

test('this and the next two months have room in every partitioned table, also across the turn of the year', async () => {
  await ensurePartitions(database.sql, new Date('2031-11-15T12:00:00Z'));
  for (const table of PARTITIONED) {
    expect(await partitionsOf(table)).toEqual(expect.arrayContaining([`${table}_2031_11`, `${table}_2031_12`, `${table}_2032_01`]));
  }
});

test('on the first of a month the one before it has room too, for clocks that are behind', async () => {
  await ensurePartitions(database.sql, new Date('2033-03-01T00:00:05Z'));
  expect(await partitionsOf('runs')).toEqual(expect.arrayContaining(['runs_2033_02', 'runs_2033_03', 'runs_2033_05']));
});

test('a run of the last millisecond of a month and one of the first of the next stand in their own months, in one list', async () => {
  await ensurePartitions(database.sql, new Date('2034-05-20T00:00:00Z'));
  const last = idAt('2034-05-31T23:59:59.999Z');
  const first = idAt('2034-06-01T00:00:00.000Z');
  for (const run of [last, first]) {
    await accept(database.sql, { run, job: 'turn' });
    await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  }
  const where = await database.sql`
    select r.tableoid::regclass::text as run, s.tableoid::regclass::text as step
    from runs r join run_steps s on s.run_id = r.id where r.job = 'turn' order by r.id`;
  expect(where).toEqual([
    { run: 'runs_2034_05', step: 'run_steps_2034_05' },
    { run: 'runs_2034_06', step: 'run_steps_2034_06' },
  ]);
  const page = await listRuns(database.sql, { project: 'default', job: 'turn', limit: 1 });
  expect(page.items.map(({ id }) => id)).toEqual([first]);
  const rest = await listRuns(database.sql, { project: 'default', job: 'turn', limit: 5, after: page.next ?? '' });
  expect(rest.items.map(({ id }) => id)).toEqual([last]);
});

test('many processes may make the same months at once', async () => {
  const now = new Date('2040-07-04T00:00:00Z');
  await Promise.all(Array.from({ length: 6 }, () => ensurePartitions(database.sql, now)));
  expect((await partitionsOf('log_chunks')).filter((name) => name.startsWith('log_chunks_2040'))).toHaveLength(3);
});

test('making a month does not wait for a reader of another', async () => {
  await database.sql.begin(async (tx) => {
    await tx`select count(*) from runs`;
    await ensurePartitions(database.sql, new Date('2041-01-10T00:00:00Z'));
  });
  expect(await partitionsOf('runs')).toContain('runs_2041_03');
});

test('ids made before a time sort before the first id at it, ids made then or later do not', () => {
  const at = new Date('2026-03-01T00:00:00Z');
  expect(idAt('2026-02-28T23:59:59.999Z') < firstIdAt(at)).toBe(true);
  expect(idAt('2026-03-01T00:00:00.000Z') >= firstIdAt(at)).toBe(true);
});
