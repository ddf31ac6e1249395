import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeLines } from '../log-chunk.ts';
import { listen, type Notice } from '../notices.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { explain, indexesUsed } from '../testing/explain.ts';
import { accept, started } from '../testing/runs.ts';
import { appendLog, type LogChunk } from './append-log.ts';
import { listSteps } from './list-steps.ts';
import { readLog } from './read-log.ts';
import { recordSteps } from './record-steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A chunk whose lines say their own number; those in `errors` are of level error. */
const chunk = (
  run: string,
  first: number,
  count: number,
  also: { attempt?: number; key?: string; word?: string; errors?: readonly number[] } = {},
): LogChunk => ({
  run,
  key: also.key ?? 'one',
  attempt: also.attempt ?? 1,
  first_line: first,
  fenced: false,
  stdout_bytes: 0,
  stderr_bytes: 0,
  ...encodeLines(
    Array.from({ length: count }, (_, index) => ({
      at: Date.parse('2026-11-22T10:00:00Z') + first + index,
      stream: 'stdout' as const,
      level: also.errors?.includes(first + index) ? ('error' as const) : ('info' as const),
      text: `${also.word ?? 'line'} ${first + index}`,
    })),
  ),
});

const aLog = async (...chunks: readonly (readonly [first: number, count: number])[]) => {
  const { run } = await accept(database.sql);
  await appendLog(
    database.sql,
    chunks.map(([first, count]) => chunk(run, first, count, { errors: [13, 240] })),
  );
  return run;
};

const textsOf = async (run: string, from: number, limit: number) =>
  (await readLog(database.sql, run, 'one', from, limit)).items.map(({ text }) => text);

test('lines are read by number across chunks, from either end', async () => {
  const run = await aLog([1, 100], [101, 50], [151, 100]);
  expect(await textsOf(run, 99, 4)).toEqual(['line 99', 'line 100', 'line 101', 'line 102']);
  expect(await textsOf(run, -2, 10)).toEqual(['line 249', 'line 250']);
  expect(await textsOf(run, -101, 2)).toEqual(['line 150', 'line 151']);
  expect(await readLog(database.sql, run, 'one', 1, 1)).toEqual({
    items: [{ n: 1, at: '2026-11-22T10:00:00.001Z', stream: 'stdout', level: 'info', text: 'line 1', attempt: 1 }],
    first: 1,
    last: 1,
    total: 250,
    first_error_line: 13,
  });
});

test('asking before the first line begins at it, asking after the last gives none, and both tell the total', async () => {
  const run = await aLog([1, 100]);
  expect(await readLog(database.sql, run, 'one', -500, 2)).toMatchObject({ first: 1, last: 2, total: 100 });
  expect(await readLog(database.sql, run, 'one', 0, 2)).toMatchObject({ first: 1, last: 2 });
  expect(await readLog(database.sql, run, 'one', 101, 2)).toMatchObject({ items: [], first: 0, last: 0, total: 100 });
  expect(await readLog(database.sql, run, 'nothing', -10, 10)).toEqual({ items: [], first: 0, last: 0, total: 0, first_error_line: null });
});

test('the log of one step does not show in another, nor in the run’s own', async () => {
  const run = await aLog([1, 3]);
  await appendLog(database.sql, [chunk(run, 1, 2, { key: '', word: 'run' }), chunk(run, 1, 1, { key: 'two', word: 'two' })]);
  expect((await readLog(database.sql, run, '', 1, 10)).items.map(({ text }) => text)).toEqual(['run 1', 'run 2']);
  expect(await textsOf(run, 1, 10)).toHaveLength(3);
});

test('a chunk sent again is stored once, grows when it holds more and never shrinks', async () => {
  const run = await aLog([1, 4]);
  await appendLog(database.sql, [chunk(run, 1, 10)]);
  await appendLog(database.sql, [chunk(run, 1, 4), chunk(run, 11, 5)]);
  expect(await textsOf(run, 1, 100)).toEqual(Array.from({ length: 15 }, (_, index) => `line ${index + 1}`));
});

test('what an older attempt still writes after the newer began is dropped, and its overlapping lines give way', async () => {
  const run = await aLog([1, 10], [11, 10]);
  await recordSteps(database.sql, [started(run, 'one', 2, 1, { first_line: 11 })]);
  await appendLog(database.sql, [chunk(run, 11, 4, { attempt: 2, word: 'new' })]);
  await appendLog(database.sql, [chunk(run, 21, 10, { attempt: 1, word: 'dead' })]);
  expect((await readLog(database.sql, run, 'one', 9, 100)).items.map(({ text, attempt }) => `${attempt} ${text}`)).toEqual([
    '1 line 9',
    '1 line 10',
    '2 new 11',
    '2 new 12',
    '2 new 13',
    '2 new 14',
  ]);
});

test('no log is stored for a run that is not there', async () => {
  const gone = '01900000-0000-7000-8000-000000000000';
  await appendLog(database.sql, [chunk(gone, 1, 5)]);
  expect(await readLog(database.sql, gone, 'one', 1, 5)).toMatchObject({ total: 0 });
});

test('the step knows how many lines its log has', async () => {
  const run = await aLog([1, 10], [11, 32]);
  await recordSteps(database.sql, [started(run, 'one', 1, 1), started(run, 'two', 1, 1)]);
  expect((await listSteps(database.sql, run)).map(({ key, log_lines }) => [key, log_lines])).toEqual([
    ['one', 42],
    ['two', 0],
  ]);
});

test('NUL, escapes and broken surrogates come back as they were written', async () => {
  const { run } = await accept(database.sql);
  const texts = ['a\0b', '\u001b[31mred\u001b[0m', 'half \ud800 pair', '𝔘𝔫𝔦'];
  const lines = texts.map((text) => ({ at: 0, stream: 'stderr' as const, level: 'warn' as const, text }));
  await appendLog(database.sql, [{ ...chunk(run, 1, 1), ...encodeLines(lines) }]);
  expect(await textsOf(run, 1, 10)).toEqual(texts);
});

test('a batch of chunks is told in one notice with the last line of each log', async () => {
  const { run } = await accept(database.sql);
  const notices: Notice[] = [];
  const listening = await listen(database.sql, (notice) => notices.push(notice));
  await appendLog(database.sql, [chunk(run, 1, 10), chunk(run, 11, 10), chunk(run, 1, 3, { key: 'two' })]);
  await expect
    .poll(() => notices)
    .toEqual([
      {
        logs: [
          [run, 'one', 20],
          [run, 'two', 3],
        ],
      },
    ]);
  await listening.stop();
});

test('a page in the middle of 100,000 lines reads only the chunks it needs', async () => {
  const { run } = await accept(database.sql);
  for (let part = 0; part < 10; part += 1) {
    await appendLog(
      database.sql,
      Array.from({ length: 10 }, (_, index) => chunk(run, (part * 10 + index) * 1000 + 1, 1000, { errors: [77_777] })),
    );
  }
  await database.sql`
    insert into log_chunks (run_id, step_key, first_line, attempt, line_count, byte_count, started_at, ended_at, data)
    select uuidv7(), 'one', n % 9 * 1000 + 1, 1, 1000, 1, now(), now(), '' from generate_series(1, 20000) n`;
  await database.sql`analyze log_chunks`;
  const plan = await explain(database.sql, (sql) => readLog(sql, run, 'one', 50_500, 1_000));
  expect(await indexesUsed(database.sql, plan), plan.join('\n')).toEqual(['log_chunks_errors', 'log_chunks_pkey']);
  expect(plan.join('\n')).not.toMatch(/rows=\d\d/);
  expect(await readLog(database.sql, run, 'one', 50_500, 1_000)).toMatchObject({
    first: 50_500,
    last: 51_499,
    total: 100_000,
    first_error_line: 77_777,
  });
});
