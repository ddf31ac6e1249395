import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept, finished, record, snapshot, started, stepRecord } from '../testing/runs.ts';
import { findRun } from './find-run.ts';
import { foldStats } from './fold-stats.ts';
import { listHistory } from './list-history.ts';
import { listSteps } from './list-steps.ts';
import { recordRuns } from './record-runs.ts';
import { recordSteps } from './record-steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const aRun = async (job = 'nightly', client: string | null = null) => (await accept(database.sql, { job, client })).run;
const rowOf = (run: string) => findRun(database.sql, 'default', run);

test('the first running moment and the end are set once, and the time between them is computed', async () => {
  const run = await aRun();
  await recordRuns(database.sql, [record(run, 1, 'running')]);
  const first = await rowOf(run);
  expect(first).toMatchObject({ status: 'running', ended_at: null, execution_time_ms: null });
  await recordRuns(database.sql, [record(run, 2, 'paused')]);
  await recordRuns(database.sql, [record(run, 3, 'running')]);
  await recordRuns(database.sql, [record(run, 4, 'completed', { result_data: { rows: 7 } })]);
  const last = await rowOf(run);
  expect(last).toMatchObject({ status: 'completed', seq: 4, started_at: first?.started_at, result_data: { rows: 7 } });
  const took = Date.parse(last?.ended_at ?? '') - Date.parse(last?.started_at ?? '');
  // The column rounds microseconds that the two times, as text, have lost.
  expect(Math.abs((last?.execution_time_ms ?? Number.NaN) - took)).toBeLessThanOrEqual(1);
});

test('a record that is not newer changes nothing, whether it comes late or twice', async () => {
  const run = await aRun();
  const closing = record(run, 5, 'failed', {
    snapshot: snapshot(5, 'failed', { error_message: 'show failed', failed_steps: 1 }),
    steps: [stepRecord('one', 'failed')],
  });
  await recordRuns(database.sql, [closing]);
  const before = [await rowOf(run), await listSteps(database.sql, run), await listHistory(database.sql, run)];
  await recordRuns(database.sql, [closing]);
  await recordRuns(database.sql, [record(run, 4, 'running', { steps: [stepRecord('one', 'running'), stepRecord('two', 'running')] })]);
  expect([await rowOf(run), await listSteps(database.sql, run), await listHistory(database.sql, run)]).toEqual(before);
});

test('progress never falls', async () => {
  const run = await aRun();
  await recordRuns(database.sql, [record(run, 1, 'running', { snapshot: snapshot(1, 'running', { progress: 70 }) })]);
  await recordRuns(database.sql, [record(run, 2, 'running', { snapshot: snapshot(2, 'running', { progress: 50 }) })]);
  expect(await rowOf(run)).toMatchObject({ seq: 2, progress: 70 });
});

test('the history has one row per change of status, with who and why', async () => {
  const run = await aRun();
  await recordRuns(database.sql, [record(run, 1, 'running')]);
  await recordRuns(database.sql, [record(run, 2, 'running', { snapshot: snapshot(2, 'running', { progress: 50 }) })]);
  await recordRuns(database.sql, [
    record(run, 3, 'cancelled', {
      snapshot: snapshot(3, 'cancelled', { actor: 'bob', message: 'wrong site' }),
      steps: [stepRecord('one', 'skipped', { message: 'its condition was false' })],
    }),
  ]);
  expect(await listHistory(database.sql, run)).toMatchObject([
    { step_key: '', status: 'queued', actor: 'ann', seq: 0 },
    { step_key: '', status: 'running', actor: null, seq: 1 },
    { step_key: 'one', status: 'skipped', message: 'its condition was false', seq: 3 },
    { step_key: '', status: 'cancelled', actor: 'bob', message: 'wrong site', seq: 3 },
  ]);
});

test('a batch with several records of one run keeps the newest of the run and of each step', async () => {
  const run = await aRun();
  await recordRuns(database.sql, [
    record(run, 3, 'running', { steps: [stepRecord('two', 'running')] }),
    record(run, 2, 'running', { steps: [stepRecord('one', 'skipped'), stepRecord('two', 'waiting')] }),
  ]);
  expect(await rowOf(run)).toMatchObject({ seq: 3 });
  expect((await listSteps(database.sql, run)).map(({ key, status }) => [key, status])).toEqual([
    ['one', 'skipped'],
    ['two', 'running'],
  ]);
});

test('the closing record repairs steps whose rows a crash lost or left open, and closes what it does not name', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1), started(run, 'ghost', 1, 1)]);
  await recordRuns(database.sql, [
    record(run, 2, 'completed', {
      steps: [stepRecord('one', 'completed', { outputs: { n: 1 } }), stepRecord('two', 'completed', { number: 2 })],
    }),
  ]);
  const steps = await listSteps(database.sql, run);
  expect(steps.map(({ key, status, attempts }) => [key, status, attempts.map((attempt) => attempt.status)])).toEqual([
    ['ghost', 'lost', ['lost']],
    ['one', 'completed', ['completed']],
    ['two', 'completed', []],
  ]);
  expect(steps.every(({ ended_at }) => ended_at !== null)).toBe(true);
});

test('the closing record writes the attempts that a crash lost, and the rows of those that are there stay', async () => {
  const run = await aRun();
  const error = { type: 'exit_code', message: 'ended with 1' } as const;
  await recordSteps(database.sql, [started(run, 'one', 2, 1), finished(run, 'one', 2, 'failed', { retrying: true, error })]);
  const last = finished(run, 'three', 1, 'completed', { outputs: { n: 3 }, exit_code: 0 });
  const closing = record(run, 9, 'completed', {
    steps: [
      stepRecord('one', 'completed', { attempt: 3 }),
      stepRecord('two', 'failed', { number: 2, attempt: 1, error }),
      stepRecord('three', 'completed', { number: 3, attempt: 1, outputs: { n: 3 } }),
      stepRecord('four', 'skipped', { number: 4 }),
    ],
  });
  await recordRuns(database.sql, [closing]);
  // What was written behind comes late, and finds its attempt told already.
  await recordSteps(database.sql, [started(run, 'three', 1, 3), last]);
  const steps = await listSteps(database.sql, run);
  expect(steps.map(({ key, attempts }) => [key, attempts.map(({ attempt, status, error }) => [attempt, status, error])])).toEqual([
    [
      'one',
      [
        [1, 'lost', null],
        [2, 'failed', error],
        [3, 'completed', null],
      ],
    ],
    ['two', [[1, 'failed', error]]],
    ['three', [[1, 'completed', null]]],
    ['four', []],
  ]);
  expect(steps[2]).toMatchObject({ attempt: 1, exit_code: 0, outputs: { n: 3 }, attempts: [{ worker_id: 'worker-1', exit_code: 0 }] });
});

test('a run that ends is counted once, by hour, job, client, status and duration, and folding keeps the sums', async () => {
  const job = 'counted';
  for (const client of ['acme', 'acme', null]) {
    const run = await aRun(job, client);
    await recordRuns(database.sql, [record(run, 1, 'running')]);
    await recordRuns(database.sql, [record(run, 2, 'completed')]);
    await recordRuns(database.sql, [record(run, 2, 'completed')]);
    await recordRuns(database.sql, [record(run, 3, 'completed', { result_data: 1 })]);
    if (client === null) continue;
    await Promise.all([foldStats(database.sql), foldStats(database.sql)]);
  }
  const never = await aRun(job);
  await recordRuns(database.sql, [record(never, 1, 'cancelled')]);
  await foldStats(database.sql);
  const rows = await database.sql`
    select client, status, sum(runs)::integer as runs, bool_and(duration_bucket = -1) as never_started
    from run_stats where job = ${job} group by client, status order by client, status`;
  expect(rows).toEqual([
    { client: '', status: 'cancelled', runs: 1, never_started: true },
    { client: '', status: 'completed', runs: 1, never_started: false },
    { client: 'acme', status: 'completed', runs: 2, never_started: false },
  ]);
  expect(await database.sql`select from run_stat_deltas`).toHaveLength(0);
});
