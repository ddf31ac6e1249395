import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotFound, RunNotEnded } from '../conflicts.ts';
import { encodeLines } from '../log-chunk.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept, auditOf, planOf, record, started } from '../testing/runs.ts';
import { appendLog } from './append-log.ts';
import { deleteRun } from './delete-run.ts';
import { findRun } from './find-run.ts';
import { IdempotencyConflict } from './insert-run.ts';
import { listAudit } from './list-audit.ts';
import { listHistory } from './list-history.ts';
import { listOpenRuns } from './list-open-runs.ts';
import { claimStarts, settleCancel, settleStarts } from './outbox.ts';
import { recordRuns } from './record-runs.ts';
import { recordSteps } from './record-steps.ts';
import { withdrawRun } from './withdraw-run.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const makeDue = () => database.sql`update outbox set next_at = now() - interval '1 second'`;

test('an accepted run stands with its owed start, its history and its audit entry', async () => {
  const { run } = await accept(database.sql, { job: 'whole', client: 'acme', ref_num: 'R-7' });
  expect(await findRun(database.sql, 'default', run)).toMatchObject({
    job: 'whole',
    status: 'queued',
    workflow_id: `run:${run}`,
    client: 'acme',
    ref_num: 'R-7',
    total_steps: 2,
    parameters: { site: 'ber' },
    seq: 0,
    created_by: 'ann',
  });
  const [owed] = await database.sql`select payload from outbox where run = ${run}`;
  expect(owed?.payload).toMatchObject({ run, project: 'default', plan: planOf('whole') });
  expect(await listHistory(database.sql, run)).toMatchObject([{ status: 'queued', actor: 'ann' }]);
  const { items } = await listAudit(database.sql, { project: 'default', subject_kind: 'run', subject: run, limit: 5 });
  expect(items).toMatchObject([{ action: 'run.start', actor: 'ann', request_id: 'request-1', after: { job: 'whole' } }]);
});

test('a run of another project is not found', async () => {
  const { run } = await accept(database.sql, { project: 'other' });
  expect(await findRun(database.sql, 'default', run)).toBeNull();
});

test('numbers grow by one from run to run', async () => {
  const [a, b] = [await accept(database.sql), await accept(database.sql)];
  expect(b).toMatchObject({ outcome: 'created', number: 'number' in a ? a.number + 1 : 0 });
});

test('fifty equal requests at once with one key make one run, and one more later answers the same', async () => {
  const key = { key: 'key-1', body_hash: 'hash-1' };
  const answers = await Promise.all(Array.from({ length: 50 }, () => accept(database.sql, { job: 'once' }, key)));
  expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
  expect(new Set(answers.map(({ run }) => run)).size).toBe(1);
  expect(await accept(database.sql, { job: 'once' }, key)).toMatchObject({ outcome: 'known', run: answers[0]?.run });
  expect(await database.sql`select from runs where job = 'once'`).toHaveLength(1);
  expect(await database.sql`select from outbox where payload -> 'plan' ->> 'job' = 'once'`).toHaveLength(1);
});

test('the same key with another request is a conflict that names the run, and makes none', async () => {
  const { run } = await accept(database.sql, { job: 'first' }, { key: 'key-2', body_hash: 'a' });
  const second = accept(database.sql, { job: 'second' }, { key: 'key-2', body_hash: 'b' });
  await expect(second).rejects.toThrow(IdempotencyConflict);
  await expect(second).rejects.toThrow(run);
  expect(await database.sql`select from runs where job = 'second'`).toHaveLength(0);
});

test('another user may use the same key', async () => {
  await accept(database.sql, {}, { key: 'key-3', body_hash: 'a' });
  expect(await accept(database.sql, { created_by: 'bob' }, { key: 'key-3', body_hash: 'a' })).toMatchObject({ outcome: 'created' });
});

test('a run that cannot be stored leaves nothing behind, not even its key', async () => {
  const old = uuidv7({ msecs: Date.parse('2001-01-01T00:00:00Z') });
  await expect(accept(database.sql, { run: old }, { key: 'key-4', body_hash: 'a' })).rejects.toThrow('no partition');
  expect(await database.sql`select from outbox where run = ${old}`).toHaveLength(0);
  expect(await accept(database.sql, {}, { key: 'key-4', body_hash: 'b' })).toMatchObject({ outcome: 'created' });
});

test('a start is owed only after the time its own request has for it, and each due start goes to one claimer', async () => {
  await database.sql`delete from outbox`;
  const runs = await Promise.all(Array.from({ length: 20 }, () => accept(database.sql)));
  expect(await claimStarts(database.sql, 50)).toEqual([]);
  await makeDue();
  const claimed = (await Promise.all(Array.from({ length: 5 }, () => claimStarts(database.sql, 8)))).flat();
  expect(claimed.map(({ run }) => run).sort()).toEqual(runs.map(({ run }) => run).sort());
  expect(await claimStarts(database.sql, 50)).toEqual([]);
  await settleStarts(
    database.sql,
    claimed.map(({ run }) => run),
  );
  await makeDue();
  expect(await claimStarts(database.sql, 50)).toEqual([]);
});

test('a claimed start that is not settled comes due again, at most three seconds later', async () => {
  await database.sql`delete from outbox`;
  const { run } = await accept(database.sql);
  for (let claim = 1; claim <= 12; claim += 1) {
    await makeDue();
    expect(await claimStarts(database.sql, 1)).toMatchObject([{ run, attempts: claim }]);
  }
  const [row] = await database.sql<
    { wait: number }[]
  >`select extract(epoch from next_at - now())::float as wait from outbox where run = ${run}`;
  expect(row?.wait).toBeLessThanOrEqual(3);
  expect(row?.wait).toBeGreaterThan(1);
});

test('a run whose start is owed can be withdrawn once, and word of that is owed instead until it was told', async () => {
  await database.sql`delete from outbox`;
  const { run } = await accept(database.sql);
  const audit = { ...auditOf('bob'), reason: 'not today' };
  const answers = await Promise.all([withdrawRun(database.sql, 'default', run, audit), withdrawRun(database.sql, 'default', run, audit)]);
  expect(answers.sort()).toEqual([false, true]);
  expect(await findRun(database.sql, 'default', run)).toMatchObject({ status: 'cancelled', message: 'not today', started_at: null });
  expect((await listHistory(database.sql, run)).map(({ status, actor }) => [status, actor])).toEqual([
    ['queued', 'ann'],
    ['cancelled', 'bob'],
  ]);
  expect(await settleStarts(database.sql, [run])).toEqual([run]);
  await makeDue();
  expect(await claimStarts(database.sql, 5)).toMatchObject([{ run, kind: 'cancel' }]);
  await settleCancel(database.sql, run);
  await makeDue();
  expect(await claimStarts(database.sql, 5)).toEqual([]);
});

test('a withdrawn run stays ended, whatever its workflow says before it hears of that', async () => {
  const { run } = await accept(database.sql);
  await withdrawRun(database.sql, 'default', run, auditOf('bob'));
  await recordRuns(database.sql, [record(run, 7, 'running')]);
  await recordSteps(database.sql, [started(run, 'one', 1, 8)]);
  expect(await findRun(database.sql, 'default', run)).toMatchObject({ status: 'cancelled', ended_at: expect.any(String) });
});

test('open runs are listed when their rows have been still, with whether their start is still owed', async () => {
  const [owed, going, over] = await Promise.all([accept(database.sql), accept(database.sql), accept(database.sql)]);
  await settleStarts(database.sql, [going.run, over.run]);
  await recordRuns(database.sql, [record(going.run, 1, 'running'), record(over.run, 1, 'completed')]);
  const since = new Date();
  await sleep(5);
  await recordRuns(database.sql, [record((await accept(database.sql)).run, 1, 'running')]);
  const open = await listOpenRuns(database.sql, since, null, 1000);
  const found = new Map(open.map(({ id, owed }) => [id, owed]));
  expect([found.get(owed.run), found.get(going.run), found.get(over.run)]).toEqual([true, false, undefined]);
  expect(open.every(({ updated_at }) => updated_at <= since.toISOString())).toBe(true);
  expect(await listOpenRuns(database.sql, since, open.at(-1)?.id ?? '', 10)).toEqual([]);
});

test('only an ended run can be deleted, with every row it has, and the audit remembers it', async () => {
  const { run } = await accept(database.sql, {}, { key: 'key-5', body_hash: 'a' });
  await expect(deleteRun(database.sql, 'default', run, auditOf('ann'))).rejects.toThrow(RunNotEnded);
  await recordRuns(database.sql, [record(run, 1, 'completed')]);
  await appendLog(database.sql, [
    {
      run,
      key: '',
      attempt: 1,
      first_line: 1,
      fenced: false,
      stdout_bytes: 0,
      stderr_bytes: 0,
      ...encodeLines([{ at: Date.now(), stream: 'system', level: 'info', text: 'hello' }]),
    },
  ]);
  await expect(deleteRun(database.sql, 'other', run, auditOf('ann'))).rejects.toThrow(NotFound);
  await deleteRun(database.sql, 'default', run, auditOf('ann'));
  for (const [table, column] of [
    ['runs', 'id'],
    ['run_steps', 'run_id'],
    ['step_attempts', 'run_id'],
    ['status_history', 'run_id'],
    ['log_chunks', 'run_id'],
    ['outbox', 'run'],
    ['idempotency_keys', 'run'],
  ] as const) {
    expect(await database.sql`select from ${database.sql(table)} where ${database.sql(column)} = ${run}`, table).toHaveLength(0);
  }
  const { items } = await listAudit(database.sql, { project: 'default', subject: run, limit: 1 });
  expect(items).toMatchObject([{ action: 'run.delete', before: { status: 'completed' } }]);
});
