import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TargetCheckRow } from '../schema/remote.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { explain } from '../testing/explain.ts';
import { auditOf } from '../testing/runs.ts';
import { targetValues } from '../testing/targets.ts';
import { countChecks, findChecks, listChecks, nextToCheck, recordCheck } from './checks.ts';
import { listTargets } from './list-targets.ts';
import { purgeExpired } from './purge-expired.ts';
import { saveTarget } from './save-target.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const look = (target: string, also: Partial<TargetCheckRow> = {}): TargetCheckRow => ({
  id: uuidv7(),
  project: 'default',
  target,
  at: '2026-01-02T03:04:05.678Z',
  healthy: false,
  stage: 'login',
  error: { type: 'auth', message: 'refused' },
  latency_ms: 4,
  stages: [{ stage: 'connect', ms: 4, ok: true, found: null }],
  worker_id: 'w-1',
  actor: 'ann',
  ...also,
});
const add = (name: string) => saveTarget(database.sql, 'default', targetValues(name), null, auditOf('ann'));

test('a look that is told twice is one, and one at a target that is gone is none', async () => {
  await add('twice');
  const one = look('twice');
  await recordCheck(database.sql, one);
  await recordCheck(database.sql, { ...one, healthy: true });
  await recordCheck(database.sql, look('never-there'));
  expect((await listChecks(database.sql, 'default', 'twice', { limit: 9 })).items).toEqual([one]);
  expect(await findChecks(database.sql, [one.id, uuidv7()])).toEqual([one]);
  expect(await countChecks(database.sql, [one.id, uuidv7()])).toBe(1);
  const { items } = await listTargets(database.sql, { project: 'default', limit: 9 });
  expect(items).toMatchObject([{ name: 'twice', last_check: { at: one.at, healthy: false, stage: 'login', latency_ms: 4 } }]);
});

test('looks of more than thirty days ago are removed', async () => {
  await add('old');
  const before = look('old', { id: '01000000-0000-7000-8000-000000000000' });
  const kept = look('old');
  for (const each of [before, kept]) await recordCheck(database.sql, each);
  await purgeExpired(database.sql);
  expect((await listChecks(database.sql, 'default', 'old', { limit: 9 })).items).toEqual([kept]);
});

test('among many targets and looks, a page is read along its indexes', async () => {
  await database.sql`
    insert into targets (id, name, kind, host, tags, created_by, updated_by)
    select gen_random_uuid(), 'many-' || n, 'ssh', '10.0.0.1', '{}', 'ann', 'ann' from generate_series(1, 2000) n`;
  await database.sql`
    insert into target_checks (id, target, healthy, stages, worker_id, actor)
    select uuidv7(), 'many-' || n, true, '[]', 'w-1', 'ann' from generate_series(1, 10) look, generate_series(1, 2000) n`;
  await database.sql`analyze targets, target_checks`;
  const plans = [
    await explain(database.sql, (sql) => listTargets(sql, { project: 'default', limit: 50 })),
    await explain(database.sql, (sql) => listChecks(sql, 'default', 'many-7', { limit: 5 })),
    await explain(database.sql, (sql) => nextToCheck(sql, 'default', 'many-5')),
  ].map((plan) =>
    plan.filter((line) => /Scan/.test(line)).map((line) => /using (\S+)|Bitmap Index Scan on (\S+)|Bitmap Heap/.exec(line)?.[0] ?? line),
  );
  expect(plans).toEqual([['using targets_name', 'using target_checks_target'], ['using target_checks_target'], ['using targets_name']]);
});
