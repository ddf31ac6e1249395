import { randomUUID } from 'node:crypto';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonRows } from '#db/client.ts';
import { cancelBackfill } from '#db/queries/backfills/backfill-progress.ts';
import { createBackfill, type NewBackfill } from '#db/queries/backfills/create-backfill.ts';
import { findBackfill, listBackfillFires } from '#db/queries/backfills/list-backfills.ts';
import { type Backfilled, planBackfill } from '#db/queries/backfills/plan-backfill.ts';
import { saveJob } from '#db/queries/save-job.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { auditOf, planOf } from '#db/testing/runs.ts';
import { zoneData } from '#platform/zone-data.ts';
import { createBackfills } from './backfills.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const definition = { name: 'quick', steps: [{ id: 'one', type: 'local.exec', config: { command: 'true' } }] };
  const job = { source: '', format: 'yaml', definition, plan: planOf('quick', ['one']), hash: 'a' } as const;
  await saveJob(database.sql, 'default', job as never, null, auditOf('ann'));
});
afterAll(() => database?.close());

async function everyTenSeconds(): Promise<Backfilled> {
  const id = randomUUID();
  const definition = { name: id, job: 'quick', every: '10s' };
  await database.sql`
    insert into schedules (id, name, job, source, format, definition, timezone, created_by, updated_by)
    values (${id}, ${id}, 'quick', '', 'yaml', ${jsonRows(database.sql, [definition])} -> 0, 'UTC', 'ann', 'ann')`;
  return { id, project: 'default', name: id, definition };
}

const past = (minutes: number, more: Partial<NewBackfill> = {}): NewBackfill => ({
  span: { from: Date.now() - minutes * 60_000, to: Date.now() },
  reprocess: 'missing',
  order: 'oldest',
  limit: null,
  ignoreCalendars: false,
  maxActive: 100,
  parameters: null,
  note: null,
  expected: null,
  ...more,
});

test('a backfill that is cancelled while it begins what it had in hand begins no other, and what it began stands there', async () => {
  const { sql } = database;
  const made = await createBackfill(sql, zoneData(), await everyTenSeconds(), past(5), auditOf('ann'));
  const began: string[] = [];
  const launch = async (input: { readonly run: string }) => {
    began.push(input.run);
    if (began.length === 2) await cancelBackfill(sql, made, auditOf('ann'));
  };
  let signs = 0;
  const context = { heartbeat: () => (signs += 1), cancellationSignal: AbortSignal.abort() } as unknown as Context;
  await asyncLocalStorage.run(context, () => createBackfills({ database, launch: launch as never }).carryOutBackfill(made.id));
  expect(began).toHaveLength(2);
  expect(signs).toBeGreaterThanOrEqual(2);
  const { items } = await listBackfillFires(sql, made.id, { limit: 100 });
  expect(items.flatMap(({ run }) => (run === null ? [] : [run]))).toEqual(began);
  expect(items.slice(2).every(({ status }) => status === 'cancelled')).toBe(true);
  expect(await findBackfill(sql, made.id)).toMatchObject({ status: 'cancelled', started: 2, refused: 0, ended_at: null });
});

test('what is ahead is left to the schedule, though the clock of whoever asks up to now is fast', async () => {
  const asked = past(1, { span: { from: Date.now() - 60_000, to: Date.now() + 50_000 } });
  const { fires } = await planBackfill(database.sql, zoneData(), await everyTenSeconds(), asked);
  expect(fires.length).toBeGreaterThanOrEqual(5);
  expect(Math.max(...fires.map(({ at }) => at))).toBeLessThanOrEqual(Date.now());
});
