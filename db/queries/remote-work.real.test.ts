import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept, record, started } from '../testing/runs.ts';
import { recordRuns } from './record-runs.ts';
import { recordSteps } from './record-steps.ts';
import { claimRemoteWork, hasRemoteWork, settleRemoteWork } from './remote-work.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A run with a step that may have left something on the target. */
const leaving = async (key = 'one', attempts = 1) => {
  const { run } = await accept(database.sql);
  for (let attempt = 1; attempt <= attempts; attempt += 1)
    await recordSteps(database.sql, [started(run, key, attempt, attempt, { target: 'core', type: 'ssh.exec', leaves_work: true })]);
  return run;
};
const end = (run: string) => recordRuns(database.sql, [record(run, 100, 'completed')]);
const claimed = async () => (await claimRemoteWork(database.sql, 100)).map(({ run, key }) => `${run} ${key}`).sort();

test('what a step may leave is noted with its start, once for all its attempts', async () => {
  const run = await leaving('one', 3);
  expect(await database.sql`select key, project, target, type, tries from remote_work where run_id = ${run}`).toEqual([
    { key: 'one', project: 'default', target: 'core', type: 'ssh.exec', tries: 0 },
  ]);
  expect(await hasRemoteWork(database.sql, { run, key: 'one', target: 'core' })).toBe(true);
  expect(await hasRemoteWork(database.sql, { run, key: 'one', target: 'other' })).toBe(false);
  const { run: plain } = await accept(database.sql);
  await recordSteps(database.sql, [started(plain, 'one', 1, 1, { target: 'core' })]);
  expect(await hasRemoteWork(database.sql, { run: plain, key: 'one', target: 'core' })).toBe(false);
});

test('notes are taken once their run has ended or is gone, by one at a time, and struck off when cleared away', async () => {
  await database.sql`delete from remote_work`;
  const [open, ended, gone] = [await leaving(), await leaving(), await leaving()];
  await end(ended);
  await database.sql`delete from runs where id = ${gone}`;
  expect(await claimed()).toEqual([`${ended} one`, `${gone} one`].sort());
  expect(await claimed()).toEqual([]);

  await settleRemoteWork(database.sql, [{ run: ended, key: 'one', target: 'core' }]);
  await database.sql`update remote_work set next_at = now()`;
  expect(await claimed()).toEqual([`${gone} one`]);
  expect(await database.sql`select run_id, tries from remote_work order by tries`).toEqual([
    { run_id: open, tries: 0 },
    { run_id: gone, tries: 2 },
  ]);
  const [{ seconds } = {}] = await database.sql`
    select extract(epoch from next_at - now())::int as seconds from remote_work where run_id = ${gone}`;
  expect(seconds).toBeGreaterThan(100);
});

test('what could not be cleared away for a week after its run ended is given up, and not before it was tried', async () => {
  await database.sql`delete from remote_work`;
  const [open, ended, gone] = [await leaving(), await leaving(), await leaving()];
  await end(ended);
  await database.sql`delete from runs where id = ${gone}`;
  await database.sql`update remote_work set created_at = now() - interval '8 days'`;
  expect(await claimed()).toEqual([`${ended} one`, `${gone} one`].sort());

  await database.sql`update remote_work set next_at = now()`;
  expect(await claimed()).toEqual([`${ended} one`]);
  await database.sql`update remote_work set next_at = now()`;
  await database.sql`update runs set ended_at = now() - interval '8 days' where id = ${ended}`;
  expect(await claimed()).toEqual([]);
  expect(await database.sql`select run_id from remote_work`).toEqual([{ run_id: open }]);
});
