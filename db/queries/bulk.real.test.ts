import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditOf } from '../testing/runs.ts';
import { closeBulk, createBulk, findBulk, listBulks, MoreThanSeen, nextBulkItems, settleBulkItems } from './bulk.ts';
import { type Idempotency, IdempotencyConflict } from './insert-run.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

const NAMES = ['a', 'b', 'c'];
const bulk = { project: 'default', subject_kind: 'jobs', action: 'run', reason: null, asked: {} } as const;
const create = (idempotency: Idempotency | null = null) =>
  createBulk(database.sql, bulk, (tx) => tx`select subject from unnest(${NAMES}::text[]) as subject`, auditOf('ann'), idempotency);

test('what became of a subject is told twice and counts once, as it was told first', async () => {
  const { id } = await create();
  const [first, second] = await nextBulkItems(database.sql, id, 2);
  const told = [
    { n: first?.n ?? 0, error: null, made: null },
    { n: second?.n ?? 0, error: 'not now', made: null },
  ];
  await settleBulkItems(database.sql, id, told);
  await settleBulkItems(
    database.sql,
    id,
    told.map(({ n }) => ({ n, error: 'later', made: null })),
  );
  expect(await findBulk(database.sql, 'default', id)).toMatchObject({ done: 1, failed: 1 });
  expect(await closeBulk(database.sql, id)).toBe(false);
  const items = await database.sql`select n, status, error from bulk_items where bulk_id = ${id} order by n`;
  expect(items).toMatchObject([{ status: 'done', error: null }, { status: 'failed', error: 'not now' }, { status: 'pending' }]);
});

test('where more are found than the asker was told of, nothing is done', async () => {
  const before = await listBulks(database.sql, 'default', { limit: 50 });
  const seen = (most: number) =>
    createBulk(database.sql, { ...bulk, most }, (tx) => tx`select subject from unnest(${NAMES}::text[]) as subject`, auditOf('ann'));
  await expect(seen(2)).rejects.toThrow(MoreThanSeen);
  expect(await listBulks(database.sql, 'default', { limit: 50 })).toEqual(before);
  expect((await seen(3)).total).toBe(3);
});

test('an operation asked for many times with one key is one; with another request it is refused', async () => {
  const key = { key: 'once', body_hash: 'same' };
  const asked = await Promise.all(Array.from({ length: 8 }, () => create(key)));
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  expect(asked[0]).toMatchObject({ total: 3, status: 'running' });
  await expect(create({ ...key, body_hash: 'other' })).rejects.toThrow(IdempotencyConflict);
});
