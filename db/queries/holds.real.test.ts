import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { listen, type Notice } from '../notices.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { explain, indexesUsed } from '../testing/explain.ts';
import { accept, record, stepRecord } from '../testing/runs.ts';
import { insertNotices, listNotices } from './hold-notices.ts';
import { listApprovals } from './list-approvals.ts';
import { listSteps } from './list-steps.ts';
import { recordRuns } from './record-runs.ts';
import { claimArrivals, findArrival, insertArrival, settleArrival } from './webhook-arrivals.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const asks = (also: JsonObject = {}): JsonObject => ({
  kind: 'approval',
  approvers: [],
  barred: [],
  answers: [],
  since: '2026-11-22T10:00:00.000Z',
  ...also,
});

/** A run with one step that asks for approval. */
async function asking(hold: JsonObject): Promise<string> {
  const { run } = await accept(database.sql);
  const step = stepRecord('ask', 'waiting', { waiting_for: 'approval', hold });
  await recordRuns(database.sql, [record(run, 1, 'waiting', { steps: [step] })]);
  return run;
}

test('a list of approvals holds what the caller may answer and has not, of open runs alone', async () => {
  const anyone = await asking(asks());
  const group = await asking(asks({ approvers: ['netops', 'role:admin'] }));
  const barred = await asking(asks({ barred: ['bob'] }));
  const answered = await asking(asks({ answers: [{ actor: 'bob', decision: 'approved' }] }));
  const over = await asking(asks());
  await recordRuns(database.sql, [record(over, 2, 'cancelled')]);

  const list = async (by: Parameters<typeof listApprovals>[1]['by']) =>
    (await listApprovals(database.sql, { project: 'default', by, limit: 200 })).map(({ run_id }) => run_id);
  expect(await list(null)).toEqual([answered, barred, group, anyone]);
  expect(await list({ actor: 'bob', names: ['bob', 'netops'] })).toEqual([group, anyone]);
  expect(await list({ actor: 'bob', names: ['bob', 'role:operator'] })).toEqual([anyone]);
  const plan = await explain(database.sql, (sql) => listApprovals(sql, { project: 'default', by: null, limit: 200 }));
  expect(await indexesUsed(database.sql, plan)).toContain('run_steps_approvals');
});

test('a row shows what is waited for until the step is carried out again, and keeps it with the end', async () => {
  const run = await asking(asks());
  const answers = [{ actor: 'bob', decision: 'approved' }];
  const row = async () => (await listSteps(database.sql, run))[0];
  expect((await row())?.started_at).toMatch(/^2026-11-22/);
  await recordRuns(database.sql, [
    record(run, 2, 'waiting', { steps: [stepRecord('ask', 'waiting', { waiting_for: 'approval', hold: asks({ answers }) })] }),
  ]);
  expect((await row())?.hold).toMatchObject({ answers });
  await recordRuns(database.sql, [record(run, 3, 'running', { steps: [stepRecord('ask', 'completed')] })]);
  expect((await row())?.hold).toMatchObject({ answers });
  await recordRuns(database.sql, [record(run, 4, 'running', { steps: [stepRecord('ask', 'queued')] })]);
  expect((await row())?.hold).toBeNull();
});

test('people are told once, however often it is written, and whoever listens hears of it', async () => {
  const run = uuidv7();
  const heard: Notice[] = [];
  const { stop } = await listen(database.sql, (notice) => heard.push(notice));
  const notice = { id: uuidv7(), kind: 'reminder', number: 2, to: ['netops'], message: 'go on?' } as const;
  const call = { run, project: 'default', job: 'nightly', key: 'ask', notices: [notice] };
  await insertNotices(database.sql, call);
  await insertNotices(database.sql, call);
  expect(await listNotices(database.sql, run)).toMatchObject([{ kind: 'reminder', number: 2, recipients: ['netops'], message: 'go on?' }]);
  await expect.poll(() => heard.filter(({ notices }) => notices)).toEqual([{ notices: [[run, 'ask', 'reminder']] }]);
  await stop();
});

test('an address takes one body, which is owed to its run until that was told', async () => {
  const { run } = await accept(database.sql);
  const call = { run, key: 'hook' };
  expect(await findArrival(database.sql, call)).toBeNull();
  const arrival = await insertArrival(database.sql, call, 'default', { state: 'ok' });
  expect(arrival).toEqual({ body: { state: 'ok' }, at: expect.any(Number) });
  expect(await insertArrival(database.sql, call, 'default', null)).toBeNull();
  expect(await findArrival(database.sql, call)).toEqual(arrival);

  const due = () => database.sql`update webhook_arrivals set next_at = now() where run_id = ${run}`;
  expect(await claimArrivals(database.sql, 10)).toEqual([]);
  await due();
  expect(await claimArrivals(database.sql, 10)).toEqual([{ ...call, ...arrival, workflow_id: `run:${run}` }]);
  expect(await claimArrivals(database.sql, 10)).toEqual([]);
  await due();
  await settleArrival(database.sql, call);
  expect(await claimArrivals(database.sql, 10)).toEqual([]);
});
