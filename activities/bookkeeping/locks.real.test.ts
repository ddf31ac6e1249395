import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveTarget } from '#db/queries/save-target.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { accept, auditOf } from '#db/testing/runs.ts';
import { targetValues } from '#db/testing/targets.ts';
import type { LockWish } from '#jobs/lock-state.ts';
import type { LockCall } from '#workflows/messages.ts';
import { createLocks } from './locks.ts';

let database: TestDatabase;
const said: string[] = [];
const locks = () =>
  createLocks({
    database,
    voice: {
      signal: async (workflowId, signal) => void said.push(`${signal} ${workflowId}`),
      cancel: async (workflowId, { by }) => void said.push(`cancel ${workflowId} ${JSON.stringify(by)}`),
    },
  });
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

const wish = (key: string, onConflict: LockWish['onConflict'] = 'queue'): LockWish => ({ by: { key }, max: 1, onConflict });
const call = (run: string, ...wishes: readonly LockWish[]): LockCall => ({
  run,
  project: 'default',
  owner: 'step',
  workflowId: `run:${run}`,
  priority: null,
  wishes: { locks: wishes, rate: null },
});
const newRun = async () => {
  const { run, ...inserted } = await accept(database.sql);
  return { run, number: 'number' in inserted ? inserted.number : 0 };
};
const held = async (run: string) =>
  (await database.sql<{ key: string }[]>`select key from lock_claims where run_id = ${run} and state = 'holding' order by key`).map(
    ({ key }) => key,
  );

test('several keys are taken in their order up to the first that is not free, and given back by one who does not wait for it', async () => {
  const { acquireLocks, releaseLocks } = locks();
  const [one, other, third] = [await newRun(), await newRun(), await newRun()];
  expect(await acquireLocks(call(one.run, wish('b')))).toEqual({ outcome: 'granted', until: null });
  const queued = { outcome: 'queued', key: 'b', position: 1, heldBy: [one.number] };
  expect(await acquireLocks(call(other.run, wish('c'), wish('b'), wish('a')))).toEqual(queued);
  expect(await held(other.run)).toEqual(['a']);
  const refused = { outcome: 'skip', message: `skipped: b is held by run #${one.number}` };
  expect(await acquireLocks(call(third.run, wish('0'), wish('b', 'skip')))).toEqual(refused);
  expect(await held(third.run)).toEqual([]);
  await releaseLocks({ run: one.run, owner: 'step' });
  expect(said).toEqual([`lockGranted run:${other.run}`]);
  expect(await acquireLocks(call(other.run, wish('c'), wish('b'), wish('a')))).toEqual({ outcome: 'granted', until: null });
  expect(await held(other.run)).toEqual(['a', 'b', 'c']);
});

test('runs that are to make room are told once, by whom and why, and the audit knows', async () => {
  const { acquireLocks } = locks();
  const [one, other] = [await newRun(), await newRun()];
  await acquireLocks(call(one.run, wish('mine')));
  said.length = 0;
  const reason = `run #${other.number} takes lock mine over`;
  for (let time = 0; time < 2; time += 1)
    expect(await acquireLocks(call(other.run, wish('mine', 'cancel_running')))).toMatchObject({ outcome: 'queued' });
  expect(said).toEqual([`cancel run:${one.run} ${JSON.stringify({ actor: 'system', reason })}`]);
  const audit = await database.sql`select actor, reason from audit_entries where action = 'run.cancel' and subject = ${one.run}`;
  expect(audit).toMatchObject([{ actor: 'system', reason }]);
});

test('a lock per credential is about what opens the target, else about the target', async () => {
  await saveTarget(database.sql, 'default', targetValues('bare'), null, auditOf('ann'));
  const { run } = await newRun();
  await locks().acquireLocks(call(run, { by: { credentialOf: 'bare' }, max: 1, onConflict: 'queue' }));
  await database.sql`update targets set credential = 'root-key' where name = 'bare'`;
  await locks().acquireLocks(call(run, { by: { credentialOf: 'bare' }, max: 1, onConflict: 'queue' }));
  expect(await held(run)).toEqual(['credential:root-key', 'target:bare']);
});
