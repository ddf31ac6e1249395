import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept } from '../testing/runs.ts';
import { findLineage } from './find-lineage.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const of = (run: string, steps: readonly string[] = []) => ({
  of: run,
  facts: { from: ['two'], failed_items_only: false, kept: steps, partly: [], runs: [] },
  rows: [],
});

describe('the runs that hang together', () => {
  test('are found from each of them, with what each is to the one it came from', async () => {
    const { sql } = database;
    const { run: first } = await accept(sql);
    const { run: retry } = await accept(sql, { retry_of: first, retry_count: 1, trigger: 'retry' });
    const { run: rerun } = await accept(sql, { rerun: of(retry, ['one']), trigger: 'rerun' });
    const { run: sub } = await accept(sql, { parent: { run: rerun, key: 'two', attempt: 1 }, trigger: 'job' });
    const { run: chained } = await accept(sql, { chain_source: rerun, chain_depth: 1, trigger: 'chain' });
    await accept(sql);
    const tree = [
      [first, 'origin', null],
      [retry, 'retry', first],
      [rerun, 'rerun', retry],
      [sub, 'sub_run', rerun],
      [chained, 'chained', rerun],
    ];
    for (const run of [first, rerun, sub, chained]) {
      const { items, truncated } = await findLineage(sql, 'default', run);
      expect(items.map(({ id, relation, of }) => [id, relation, of])).toEqual(tree);
      expect(truncated).toBe(false);
    }
    const { items } = await findLineage(sql, 'default', first);
    expect(items[2]).toMatchObject({ from: ['two'], kept: ['one'], parent_key: null });
    expect(items[3]).toMatchObject({ from: null, kept: null, parent_key: 'two' });
    expect((await findLineage(sql, 'another', first)).items).toEqual([]);
  });

  test('are shown without those that were deleted, and at most two hundred of them', async () => {
    const { sql } = database;
    const gone = uuidv7();
    const { run: first } = await accept(sql, { retry_of: gone });
    expect((await findLineage(sql, 'default', first)).items).toMatchObject([{ id: first, relation: 'retry', of: null }]);
    for (let n = 0; n < 220; n += 1) await accept(sql, { retry_of: first });
    const { items, truncated } = await findLineage(sql, 'default', first);
    expect([items.length, items[0]?.id, truncated]).toEqual([200, first, true]);
  });
});
