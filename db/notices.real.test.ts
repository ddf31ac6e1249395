import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHANNEL, listen, type Notice, noticePayloads, notify } from './notices.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('a notice larger than Postgres takes arrives whole, in parts', async () => {
  const heard: Notice[] = [];
  const listening = await listen(database.sql, (notice) => heard.push(notice));
  const runs = Array.from({ length: 1_000 }, () => uuidv7());
  const steps = runs.map((run) => [run, 'straße'.repeat(10)] as const);
  await notify(database.sql, { runs, steps, jobs: ['last'] });
  await expect.poll(() => heard.flatMap((notice) => notice.jobs ?? [])).toEqual(['last']);
  expect(heard.flatMap((notice) => notice.runs ?? [])).toEqual(runs);
  expect(heard.flatMap((notice) => notice.steps ?? [])).toEqual(steps);
  expect(heard.length).toBeGreaterThan(10);
  await listening.stop();
});

test('every payload is within the limit, and nothing to tell is no payload', () => {
  const payloads = noticePayloads({ jobs: Array.from({ length: 3_000 }, (_, n) => `job-${n}`) });
  expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThanOrEqual(7_900);
  expect(noticePayloads({})).toEqual([]);
});

test('a notice is heard when its transaction commits, and never when it does not', async () => {
  const heard: Notice[] = [];
  const listening = await listen(database.sql, (notice) => heard.push(notice));
  await database.sql
    .begin(async (tx) => {
      await notify(tx, { jobs: ['taken back'] });
      throw new Error('changed my mind');
    })
    .catch(() => undefined);
  await database.sql.begin(async (tx) => {
    await notify(tx, { jobs: ['kept'] });
  });
  await expect.poll(() => heard).toEqual([{ jobs: ['kept'] }]);
  await listening.stop();
});

test('a broken connection is made again and says so, and notices are heard again', async () => {
  const heard: Notice[] = [];
  let connected = 0;
  const listening = await listen(
    database.sql,
    (notice) => heard.push(notice),
    () => {
      connected += 1;
    },
  );
  expect(connected).toBe(1);
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike ${`listen%${CHANNEL}%`}`;
  await expect.poll(() => connected, { timeout: 10_000 }).toBe(2);
  await notify(database.sql, { jobs: ['after'] });
  await expect.poll(() => heard).toEqual([{ jobs: ['after'] }]);
  await listening.stop();
});
