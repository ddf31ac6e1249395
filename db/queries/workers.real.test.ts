import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept, auditOf, finished, started } from '../testing/runs.ts';
import { createFirstAdmin } from './create-first-admin.ts';
import { findRunSummaries } from './find-run.ts';
import { findSteps } from './list-steps.ts';
import { purgeExpired } from './purge-expired.ts';
import { recordSteps } from './record-steps.ts';
import { openSession } from './sessions.ts';
import { forgetWorker, listWorkers, recordWorker } from './workers.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const report = (id: string, used = 0) =>
  recordWorker(database.sql, {
    id,
    host: 'ops-1',
    pid: 42,
    queues: ['local', 'http'],
    slots: { local: { used, total: 50 } },
    started_at: '2026-11-22T10:00:00.000Z',
  });

test('a worker is one row that follows its reports, the last seen first, until it leaves', async () => {
  await report('w1');
  await report('w2');
  await report('w1', 3);
  expect(await listWorkers(database.sql)).toMatchObject([
    {
      id: 'w1',
      host: 'ops-1',
      pid: 42,
      queues: ['local', 'http'],
      slots: { local: { used: 3, total: 50 } },
      started_at: '2026-11-22T10:00:00.000Z',
    },
    { id: 'w2' },
  ]);
  await forgetWorker(database.sql, 'w1');
  expect((await listWorkers(database.sql)).map(({ id }) => id)).toEqual(['w2']);
});

test('what has had its time is purged, what has not stays', async () => {
  await createFirstAdmin(database.sql, { name: 'admin', password_hash: 'x', token: null });
  const [admin] = await database.sql<{ id: string }[]>`select id from users`;
  for (const hash of ['expired', 'open']) {
    await openSession(
      database.sql,
      { hash, user_id: admin?.id ?? '', address: null, user_agent: null, expires_at: new Date(Date.now() + 60_000) },
      auditOf('admin'),
    );
  }
  for (const key of ['old', 'young']) await accept(database.sql, {}, { key, body_hash: 'a' });
  await report('silent');
  for (const years of [0, 2]) {
    await database.sql`
      insert into ssh_sessions (session_id, target, host, port, username, worker_id, connection_established_at, connection_closed_at)
      select gen_random_uuid(), ${`${years} years`}, 'host', 22, 'root', 'w2', at, at from (select now() - ${years} * interval '1 year') as t (at)`;
  }
  await database.sql`update sessions set expires_at = now() - interval '1 second' where hash = 'expired'`;
  await database.sql`update idempotency_keys set created_at = now() - interval '8 days' where key = 'old'`;
  await database.sql`update workers set last_seen_at = now() - interval '2 days' where id = 'silent'`;
  await purgeExpired(database.sql);
  expect(await database.sql`select hash from sessions`).toEqual([{ hash: 'open' }]);
  expect(await database.sql`select key from idempotency_keys`).toEqual([{ key: 'young' }]);
  expect(await database.sql`select target from ssh_sessions`).toEqual([{ target: '0 years' }]);
  expect((await listWorkers(database.sql)).map(({ id }) => id)).toEqual(['w2']);
});

test('runs and steps named in a notice are found at once, of any project, and those that are gone are left out', async () => {
  const [a, b] = [await accept(database.sql), await accept(database.sql, { project: 'other' })];
  await recordSteps(database.sql, [started(a.run, 'one', 1, 1), finished(a.run, 'one', 1, 'completed'), started(b.run, 'two', 1, 1)]);
  const gone = '01900000-0000-7000-8000-000000000000';
  const runs = await findRunSummaries(database.sql, [a.run, b.run, gone]);
  expect(new Map(runs.map(({ id, project }) => [id, project]))).toEqual(
    new Map([
      [a.run, 'default'],
      [b.run, 'other'],
    ]),
  );
  const steps = await findSteps(database.sql, [
    [a.run, 'one'],
    [b.run, 'two'],
    [a.run, 'two'],
    [gone, 'one'],
  ]);
  expect(new Map(steps.map(({ run_id, key, attempts }) => [`${run_id} ${key}`, attempts.map(({ status }) => status)]))).toEqual(
    new Map([
      [`${a.run} one`, ['completed']],
      [`${b.run} two`, ['running']],
    ]),
  );
});
