import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen, type Notice } from '../notices.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { explain, indexesUsed } from '../testing/explain.ts';
import { accept, auditOf, finished, progressed, record, snapshot, started, stepRecord } from '../testing/runs.ts';
import { deleteRun } from './delete-run.ts';
import { findRun } from './find-run.ts';
import { listHistory } from './list-history.ts';
import { listSteps } from './list-steps.ts';
import { recordRuns } from './record-runs.ts';
import { recordSteps } from './record-steps.ts';
import { recordedAttempts } from './recorded-attempts.ts';
import { showSurgery } from './step-overrides.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const aRun = async () => (await accept(database.sql)).run;
const rowsOf = async (run: string) => ({ run: await findRun(database.sql, 'default', run), steps: await listSteps(database.sql, run) });
const untimed = ({ run, steps }: Awaited<ReturnType<typeof rowsOf>>) => ({
  run: { ...run, updated_at: null },
  steps: steps.map((step) => ({ ...step, updated_at: null })),
});

test('a start and an end in one batch leave a completed step, its attempt, and a run that is running', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [
    started(run, 'one', 1, 1, { at: '2026-11-01T10:00:00.000Z', target: 'core-fra' }),
    finished(run, 'one', 1, 'completed', {
      at: '2026-11-01T10:00:01.500Z',
      exit_code: 0,
      outputs: { n: 3 },
      result: { exit_code: 0 },
      stdout: 'hi',
    }),
  ]);
  const { run: row, steps } = await rowsOf(run);
  expect(row).toMatchObject({ status: 'running', seq: 1, worker_id: 'worker-1', started_at: '2026-11-01T10:00:00.000Z', ended_at: null });
  expect(steps).toMatchObject([
    {
      key: 'one',
      status: 'completed',
      target: 'core-fra',
      exit_code: 0,
      outputs: { n: 3 },
      stdout: 'hi',
      progress: 100,
      duration_ms: 1500,
    },
  ]);
  expect(steps[0]?.attempts).toMatchObject([{ attempt: 1, status: 'completed', worker_id: 'worker-1', exit_code: 0, duration_ms: 1500 }]);
});

test('the same batch written again changes nothing', async () => {
  const run = await aRun();
  const batch = [
    started(run, 'one', 1, 1),
    finished(run, 'one', 1, 'failed', { retrying: true, error: { type: 'connection', message: 'refused' } }),
    started(run, 'one', 2, 1),
    progressed(run, 'one', 2, 40),
  ];
  await recordSteps(database.sql, batch);
  const before = await rowsOf(run);
  await recordSteps(database.sql, batch);
  expect(untimed(await rowsOf(run))).toEqual(untimed(before));
  expect(before.steps).toMatchObject([
    { status: 'running', attempt: 2, progress: 40, error: null, attempts: [{ status: 'failed' }, { status: 'running' }] },
  ]);
});

test('a failed attempt that is tried again shows the step as retrying with its error, until the next attempt begins', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  await recordSteps(database.sql, [
    finished(run, 'one', 1, 'failed', {
      retrying: true,
      exit_code: 7,
      stderr: 'no',
      error: { type: 'exit_code', message: 'ended with 7' },
    }),
  ]);
  expect((await rowsOf(run)).steps).toMatchObject([{ status: 'retrying', exit_code: 7, error: { type: 'exit_code' }, ended_at: null }]);
  await recordSteps(database.sql, [started(run, 'one', 2, 1)]);
  expect((await rowsOf(run)).steps).toMatchObject([{ status: 'running', attempt: 2, exit_code: null, stderr: null, error: null }]);
});

test('a run is retrying while a step of it is between two attempts, and its row is news each time that changes', async () => {
  const run = await aRun();
  const rests = (key: string) => finished(run, key, 1, 'failed', { retrying: true, error: { type: 'connection', message: 'refused' } });
  const seen: { status: string; why: string | null; seq: number; updated_at: string }[] = [];
  const after = async (change: Promise<void>) => {
    await change;
    const { run: row } = await rowsOf(run);
    seen.push({ status: row?.status ?? '', why: row?.retry_error ?? null, seq: row?.seq ?? 0, updated_at: row?.updated_at ?? '' });
  };
  await after(recordSteps(database.sql, [started(run, 'one', 1, 1), started(run, 'two', 1, 2)]));
  await after(recordSteps(database.sql, [rests('one'), rests('two')]));
  await after(recordSteps(database.sql, [started(run, 'one', 2, 2)]));
  await after(recordRuns(database.sql, [record(run, 3, 'paused')]));
  await after(recordRuns(database.sql, [record(run, 4, 'running')]));
  await after(recordSteps(database.sql, [started(run, 'two', 2, 4)]));
  await after(recordSteps(database.sql, [started(run, 'three', 1, 5), finished(run, 'three', 1, 'failed', { retrying: true })]));
  await after(recordRuns(database.sql, [record(run, 6, 'failed')]));
  expect(seen.map(({ status }) => status)).toEqual([
    ...['running', 'retrying', 'retrying', 'paused'],
    ...['retrying', 'running', 'retrying', 'failed'],
  ]);
  // Why is said of a step only as long as it waits to be tried again.
  expect(seen.map(({ why }) => why)).toEqual([
    ...[null, 'two: refused', 'two: refused', 'two: refused'],
    ...['two: refused', null, 'three', null],
  ]);
  const older = seen.slice(1).filter(({ seq, updated_at }, at) => {
    const before = seen[at];
    return before && (seq < before.seq || (seq === before.seq && updated_at <= before.updated_at));
  });
  expect(older).toEqual([]);
  // Its history says what its workflow told, and nothing twice.
  const history = await listHistory(database.sql, run, 0);
  expect(
    history
      .filter(({ step_key }) => step_key === '')
      .map(({ status }) => status)
      .slice(-4),
  ).toEqual([...['running', 'paused', 'running', 'failed']]);
});

test('a step that a person pauses between two attempts no longer makes its run retrying', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1), finished(run, 'one', 1, 'failed', { retrying: true })]);
  await showSurgery(database.sql, { run, key: 'one', status: 'paused', message: 'not now', actor: 'ann', moreAttempts: 0 });
  expect(await rowsOf(run)).toMatchObject({ run: { status: 'running' }, steps: [{ status: 'paused' }] });
});

test('an older attempt never overwrites a newer one, neither its step nor its own marked end', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  await recordSteps(database.sql, [
    finished(run, 'one', 1, 'lost', { retrying: true, error: { type: 'lost', message: 'its worker died' } }),
    started(run, 'one', 2, 1),
  ]);
  const before = await rowsOf(run);
  await recordSteps(database.sql, [
    progressed(run, 'one', 1, 90),
    finished(run, 'one', 1, 'completed', { exit_code: 0, stdout: 'from the dead', outputs: { wrong: true } }),
  ]);
  expect(untimed(await rowsOf(run))).toEqual(untimed(before));
  expect(before.steps).toMatchObject([
    { status: 'running', attempt: 2, stdout: null, attempts: [{ status: 'lost' }, { status: 'running' }] },
  ]);
});

test('an older snapshot that comes late does not turn the run back, but its step did begin then', async () => {
  const run = await aRun();
  await recordRuns(database.sql, [record(run, 5, 'paused', { snapshot: snapshot(5, 'paused', { completed_steps: 3, progress: 60 }) })]);
  await recordSteps(database.sql, [started(run, 'one', 1, 4, { at: '2026-11-01T10:00:00.000Z' })]);
  expect((await rowsOf(run)).run).toMatchObject({
    status: 'paused',
    seq: 5,
    completed_steps: 3,
    progress: 60,
    started_at: '2026-11-01T10:00:00.000Z',
  });
  expect((await listHistory(database.sql, run)).map(({ status }) => status)).toEqual(['queued', 'paused']);
});

test('a start that is written while the run is being closed waits, and then does not reopen its step', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  let late: Promise<void> | undefined;
  await database.sql.begin(async (tx) => {
    await recordRuns(tx, [record(run, 9, 'failed', { steps: [stepRecord('one', 'failed')] })]);
    late = recordSteps(database.sql, [started(run, 'one', 2, 1)]);
    await expect.poll(async () => (await database.sql`select from pg_locks where not granted`).length).toBeGreaterThan(0);
  });
  await late;
  expect((await rowsOf(run)).steps).toMatchObject([{ status: 'failed', attempt: 1, attempts: [{ attempt: 1, status: 'failed' }] }]);
});

test('an end told by the closing record first gains its details from the envelope, and keeps its status', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  await recordRuns(database.sql, [record(run, 2, 'completed', { steps: [stepRecord('one', 'completed', { outputs: { n: 1 } })] })]);
  await recordSteps(database.sql, [
    finished(run, 'one', 1, 'completed', { exit_code: 0, stdout: 'hello', result: { exit_code: 0 }, outputs: { n: 1 } }),
  ]);
  const { run: row, steps } = await rowsOf(run);
  expect(row).toMatchObject({ status: 'completed', seq: 2 });
  expect(steps).toMatchObject([
    { status: 'completed', exit_code: 0, stdout: 'hello', outputs: { n: 1 }, attempts: [{ status: 'completed', exit_code: 0 }] },
  ]);
});

test('a start and an end that both come after the closing record fill in the row it made', async () => {
  const run = await aRun();
  await recordRuns(database.sql, [record(run, 2, 'completed', { steps: [stepRecord('one', 'completed')] })]);
  await recordSteps(database.sql, [started(run, 'one', 1, 1), finished(run, 'one', 1, 'completed', { exit_code: 0 })]);
  const { run: row, steps } = await rowsOf(run);
  expect(row?.status).toBe('completed');
  expect(row?.started_at).not.toBeNull();
  expect(steps).toMatchObject([{ status: 'completed', attempt: 1, exit_code: 0, config: { command: 'true' }, worker_id: 'worker-1' }]);
});

test('a different end that comes after the closing record changes nothing', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  await recordRuns(database.sql, [record(run, 2, 'cancelled', { steps: [stepRecord('one', 'cancelled')] })]);
  const before = await rowsOf(run);
  await recordSteps(database.sql, [finished(run, 'one', 1, 'completed', { exit_code: 0, stdout: 'too late' })]);
  expect(untimed(await rowsOf(run))).toEqual(untimed(before));
});

test('an ended step of an ended run is not reopened by a higher attempt, one of an open run is', async () => {
  const [over, open] = [await aRun(), await aRun()];
  for (const run of [over, open]) {
    await recordSteps(database.sql, [started(run, 'one', 1, 1), finished(run, 'one', 1, 'failed')]);
  }
  await recordRuns(database.sql, [record(over, 2, 'failed', { steps: [stepRecord('one', 'failed')] })]);
  await recordSteps(database.sql, [started(over, 'one', 2, 1), started(open, 'one', 2, 1)]);
  expect((await rowsOf(over)).steps).toMatchObject([{ status: 'failed', attempt: 1, attempts: [{ attempt: 1 }] }]);
  expect((await rowsOf(open)).steps).toMatchObject([
    { status: 'running', attempt: 2, ended_at: null, attempts: [{ attempt: 1 }, { attempt: 2 }] },
  ]);
});

test('a step that waits for a person is not turned back by a repeated end, and goes on with the next attempt', async () => {
  const run = await aRun();
  const end = finished(run, 'one', 1, 'failed', { error: { type: 'exit_code', message: 'ended with 1' } });
  await recordSteps(database.sql, [started(run, 'one', 1, 1), end]);
  await recordRuns(database.sql, [record(run, 2, 'waiting', { steps: [stepRecord('one', 'waiting', { waiting_for: 'intervention' })] })]);
  await recordSteps(database.sql, [end]);
  expect((await rowsOf(run)).steps).toMatchObject([
    { status: 'waiting', waiting_for: 'intervention', ended_at: null, error: { type: 'exit_code' } },
  ]);
  await recordSteps(database.sql, [started(run, 'one', 2, 3)]);
  expect((await rowsOf(run)).steps).toMatchObject([{ status: 'running', waiting_for: null, attempt: 2 }]);
});

test('progress moves forward only, and only for the running attempt', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  await recordSteps(database.sql, [progressed(run, 'one', 1, 60)]);
  await recordSteps(database.sql, [progressed(run, 'one', 1, 30), progressed(run, 'two', 1, 50)]);
  expect((await rowsOf(run)).steps).toMatchObject([{ key: 'one', progress: 60, progress_message: '30 of 100' }]);
});

test('a batch holds steps of many runs, and an end whose start was lost still leaves a row', async () => {
  const [a, b] = [await aRun(), await aRun()];
  await recordSteps(database.sql, [started(a, 'one', 1, 1), started(a, 'two', 1, 2), finished(b, 'one', 1, 'completed', { exit_code: 0 })]);
  expect((await rowsOf(a)).steps.map(({ status }) => status)).toEqual(['running', 'running']);
  expect((await rowsOf(b)).steps).toMatchObject([{ status: 'completed', exit_code: 0 }]);
});

test('what Postgres cannot store is replaced, and does not keep the rest of the batch out', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [
    started(run, 'one', 1, 1),
    finished(run, 'one', 1, 'completed', { stdout: 'a\0b\ud800c', outputs: { 'k\0': 'v\0' } }),
    started(run, 'two', 1, 1),
  ]);
  expect((await rowsOf(run)).steps).toMatchObject([{ stdout: 'a\uFFFDb\uFFFDc', outputs: { 'k\uFFFD': 'v\uFFFD' } }, { key: 'two' }]);
});

test('a deleted run stays deleted, whatever still comes for it', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  await recordRuns(database.sql, [record(run, 2, 'completed')]);
  await deleteRun(database.sql, 'default', run, auditOf('ann'));
  await recordSteps(database.sql, [started(run, 'one', 2, 3), finished(run, 'one', 2, 'completed')]);
  await recordRuns(database.sql, [record(run, 9, 'running', { steps: [stepRecord('one', 'running')] })]);
  expect(await rowsOf(run)).toEqual({ run: null, steps: [] });
  expect(await database.sql`select from step_attempts where run_id = ${run}`).toHaveLength(0);
});

test('a batch is told in one notice', async () => {
  const [a, b] = [await aRun(), await aRun()];
  const notices: Notice[] = [];
  const listening = await listen(database.sql, (notice) => notices.push(notice));
  await recordSteps(database.sql, [started(a, 'one', 1, 1), finished(a, 'one', 1, 'completed'), started(b, 'one', 1, 1)]);
  await expect
    .poll(() => notices)
    .toEqual([
      {
        runs: [a, b],
        steps: [
          [a, 'one'],
          [b, 'one'],
        ],
      },
    ]);
  await listening.stop();
});

test('writers of the same runs and steps, in any order and at once, neither deadlock nor lose an end', async () => {
  // A table large enough that Postgres looks runs up one by one, in the order they are told.
  await database.sql`
    insert into runs (id, job, status, trigger, created_by, workflow_id) select uuidv7(), 'filler', 'queued', 'api', 'ann', n from generate_series(1, 20000) n`;
  await database.sql`analyze runs`;
  const runs = await Promise.all(Array.from({ length: 25 }, aRun));
  const keys = ['a', 'b'];
  const orders = [runs, runs.toReversed()];
  const starts = (round: number) => orders.map((order) => order.flatMap((run) => keys.map((key) => started(run, key, 1, 2 * round))));
  const records = (round: number) => orders.map((order) => order.map((run) => record(run, 2 * round + 1, 'running')));
  for (let round = 1; round <= 10; round += 1) {
    await Promise.all([
      ...starts(round).map((batch) => recordSteps(database.sql, batch)),
      ...records(round).map((batch) => recordRuns(database.sql, batch)),
    ]);
  }
  const ends = runs.flatMap((run) => keys.map((key) => finished(run, key, 1, 'completed')));
  const closings = runs.map((run) => record(run, 99, 'completed', { steps: keys.map((key) => stepRecord(key, 'completed')) }));
  await Promise.all([recordSteps(database.sql, ends.toReversed()), recordRuns(database.sql, closings), recordSteps(database.sql, ends)]);
  for (const run of runs) {
    const { run: row, steps } = await rowsOf(run);
    expect([row?.status, ...steps.map(({ status }) => status)]).toEqual(['completed', 'completed', 'completed']);
  }
});

test('the attempts of some steps are found with how each ended and the outputs of the one that completed', async () => {
  const run = await aRun();
  await recordSteps(database.sql, [started(run, 'one', 1, 1), started(run, 'two', 1, 2), started(run, 'other', 1, 3)]);
  const error = { type: 'exit_code', message: 'ended with 1' } as const;
  await recordSteps(database.sql, [finished(run, 'one', 1, 'failed', { retrying: true, error }), started(run, 'one', 2, 4)]);
  await recordSteps(database.sql, [finished(run, 'one', 2, 'completed', { outputs: { n: 1 } })]);
  const none = { error: null, outputs: null, reattached: false, last_line: 0, last_writer: null, stdout_bytes: null, stderr_bytes: null };
  expect(await recordedAttempts(database.sql, run, ['one', 'two', 'never'])).toEqual([
    { ...none, key: 'one', attempt: 1, status: 'failed', error },
    { ...none, key: 'one', attempt: 2, status: 'completed', outputs: { n: 1 } },
    { ...none, key: 'two', attempt: 1, status: 'running' },
  ]);
  expect(await recordedAttempts(database.sql, uuidv7(), ['one'])).toEqual([]);
});

test('in tables of 20,000 rows neither a batch of steps nor a closing record reads past the rows it is about', async () => {
  await database.sql`
    insert into run_steps (run_id, key, step_id, step_number, name, type, status)
    select id, 'one', 'one', 1, 'one', 'local.exec', 'running' from runs where job = 'filler'`;
  await database.sql`insert into step_attempts (run_id, key, attempt, status) select id, 'one', 1, 'running' from runs where job = 'filler'`;
  await database.sql`analyze runs, run_steps, step_attempts`;
  const run = await aRun();
  const steps = await explain(database.sql, (sql) => recordSteps(sql, [started(run, 'one', 1, 1), progressed(run, 'two', 1, 5)]));
  const closing = await explain(database.sql, (sql) =>
    recordRuns(sql, [record(run, 2, 'completed', { steps: [stepRecord('one', 'completed')] })]),
  );
  for (const plan of [steps, closing]) expect(plan.join('\n')).not.toMatch(/Removed by (Join )?Filter: \d{3}/);
  expect(await indexesUsed(database.sql, closing)).toEqual(['run_steps_pkey', 'runs_pkey', 'step_attempts_pkey']);
});
