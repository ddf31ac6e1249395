import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeLines } from '../log-chunk.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept, started } from '../testing/runs.ts';
import { appendLog, type LogChunk } from './append-log.ts';
import { readLog } from './read-log.ts';
import { recordSteps } from './record-steps.ts';
import { recordedAttempts } from './recorded-attempts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A fenced chunk of lines that say which attempt wrote them; 100 raw bytes a line. */
const chunk = (run: string, attempt: number, first: number, count: number): LogChunk => ({
  run,
  key: 'one',
  attempt,
  first_line: first,
  fenced: true,
  stdout_bytes: (first + count - 1) * 100,
  stderr_bytes: 7,
  ...encodeLines(
    Array.from({ length: count }, (_, index) => ({
      at: Date.now(),
      stream: 'stdout' as const,
      level: 'info' as const,
      text: `${first + index} by ${attempt}`,
    })),
  ),
});

const begun = async () => {
  const { run } = await accept(database.sql);
  await recordSteps(database.sql, [started(run, 'one', 1, 1)]);
  return run;
};
const begin = (run: string, attempt: number) => [started(run, 'one', attempt, attempt, { reattached: true })];
const texts = async (run: string) => (await readLog(database.sql, run, 'one', 1, 100)).items.map(({ text }) => text);

test('what a later attempt goes on from is how far the log came', async () => {
  const run = await begun();
  expect(await appendLog(database.sql, [chunk(run, 1, 1, 2)])).toEqual([]);
  expect(await appendLog(database.sql, [chunk(run, 1, 1, 3), chunk(run, 1, 4, 1)])).toEqual([]);
  expect(await recordedAttempts(database.sql, run, ['one'])).toMatchObject([
    { attempt: 1, reattached: false, last_line: 4, last_writer: 1, stdout_bytes: 400, stderr_bytes: 7 },
  ]);
});

test('a later attempt that has begun refuses what the one before still writes, and says which', async () => {
  const run = await begun();
  await appendLog(database.sql, [chunk(run, 1, 1, 2)]);
  await recordSteps(database.sql, begin(run, 2));
  const other = await begun();
  expect(await appendLog(database.sql, [chunk(run, 1, 1, 3), chunk(other, 1, 1, 1)])).toEqual([{ run, key: 'one', first_line: 1 }]);
  await appendLog(database.sql, [chunk(run, 2, 3, 2)]);
  expect(await texts(run)).toEqual(['1 by 1', '2 by 1', '3 by 2', '4 by 2']);
  expect(await texts(other)).toEqual(['1 by 1']);
});

test('an attempt that begins while the one before writes waits for it, or refuses it: nothing is stored behind its back', async () => {
  const run = await begun();
  const early = await database.sql.begin(async (tx) => {
    await appendLog(tx, [chunk(run, 1, 1, 2)]);
    const beginning = recordSteps(database.sql, begin(run, 2)).then(() => recordedAttempts(database.sql, run, ['one']));
    await sleep(200);
    return [beginning];
  });
  expect((await early[0])?.at(-1)).toMatchObject({ attempt: 2, reattached: true, last_line: 2, stdout_bytes: 200 });

  const late = await database.sql.begin(async (tx) => {
    await recordSteps(tx, begin(run, 3));
    const writing = appendLog(database.sql, [chunk(run, 2, 3, 1)]);
    await sleep(200);
    return [writing];
  });
  expect(await late[0]).toEqual([{ run, key: 'one', first_line: 3 }]);
  expect(await texts(run)).toEqual(['1 by 1', '2 by 1']);
});

test('many chunks that wait for steps which change meanwhile are each stored or refused, and the server lives on', async () => {
  const [{ pid: server } = { pid: 0 }] = await database.sql<
    { pid: number }[]
  >`select pid from pg_stat_activity where backend_type = 'checkpointer'`;
  for (let round = 0; round < 6; round++) {
    const [overtaken, other] = [await begun(), await begun()];
    const waiting = await database.sql.begin(async (tx) => {
      await recordSteps(tx, begin(overtaken, 2));
      await tx`update run_steps set progress = 5 where run_id = ${other}`;
      const writing = appendLog(database.sql, [chunk(overtaken, 1, 1, 1), chunk(other, 1, 1, 1)]);
      await sleep(30);
      return [writing];
    });
    expect(await waiting[0]).toEqual([{ run: overtaken, key: 'one', first_line: 1 }]);
    expect(await texts(other)).toEqual(['1 by 1']);
  }
  expect(await database.sql`select pid from pg_stat_activity where backend_type = 'checkpointer'`).toEqual([{ pid: server }]);
});
