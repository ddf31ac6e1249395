import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeLines, type LogLine } from '#db/log-chunk.ts';
import { appendLog } from '#db/queries/append-log.ts';
import { recordCommands } from '#db/queries/record-commands.ts';
import { testDatabase } from '#db/testing/database.ts';
import { accept } from '#db/testing/runs.ts';
import { type Installation, startInstallation } from '../testing/installation.ts';
import { LineIndex } from './line-index.ts';
import { createScanners } from './scanners.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

type Words = Partial<Pick<LogLine, 'stream' | 'level' | 'context'>>;

/** Stores lines `first`… of a step called `show`, which say their number and what `say` adds. */
const store = async (
  run: string,
  first: number,
  count: number,
  say: (n: number) => string,
  words: (n: number) => Words = () => ({}),
  attempt = 1,
) => {
  const lines = Array.from(
    { length: count },
    (_, at): LogLine => ({
      at: Date.parse('2026-11-22T10:00:00Z') + first + at,
      stream: 'stdout',
      level: 'info',
      text: `line ${first + at}${say(first + at)}`,
      ...words(first + at),
    }),
  );
  const chunk = { run, key: 'show', attempt, first_line: first, fenced: false, stdout_bytes: 0, stderr_bytes: 0 };
  await appendLog(api.database.sql, [{ ...chunk, ...encodeLines(lines) }]);
};

interface Found {
  readonly items: readonly { readonly n: number; readonly text: string }[];
  readonly first: number;
  readonly matches: number;
  readonly total: number;
  readonly complete: boolean;
}

const look = async (run: string, asked: string, token = api.tokens.viewer): Promise<Found> => {
  const { status, body } = await api.call<Found & { detail?: string }>('GET', `/runs/${run}/steps/show/log/lines?${asked}`, { token });
  if (status !== 200) throw new Error(`${status}: ${body.detail}`);
  return body;
};
const numbers = ({ items }: Found) => items.map(({ n }) => n);

const everyTenth = (n: number) => (n % 10 === 0 ? ' needle' : '');

test('a word is counted exactly and its lines are read by their place among them, from either end', async () => {
  const { run } = await accept(api.database.sql);
  for (let first = 1; first <= 3001; first += 300) await store(run, first, 300, everyTenth);
  expect(await look(run, 'text=NEEDLE&from=299&limit=3')).toMatchObject({ first: 299, matches: 330, total: 3300, complete: true });
  expect(numbers(await look(run, 'text=NEEDLE&from=299&limit=3'))).toEqual([2990, 3000, 3010]);
  expect(numbers(await look(run, 'text=needle&from=-2'))).toEqual([3290, 3300]);
  expect(await look(run, 'text=NEEDLE&match_case=true')).toMatchObject({ matches: 0, items: [], first: 0 });
});

test('the nearest match behind or before a line is found, and the first from a line on', async () => {
  const { run } = await accept(api.database.sql);
  for (let first = 1; first <= 901; first += 100) await store(run, first, 100, everyTenth);
  expect(await look(run, 'text=needle&after=500')).toMatchObject({ first: 51, items: [{ n: 510 }] });
  expect(await look(run, 'text=needle&before=500')).toMatchObject({ first: 49, items: [{ n: 490 }] });
  expect(await look(run, 'text=needle&line=500&limit=2')).toMatchObject({ first: 50, items: [{ n: 500 }, { n: 510 }] });
  expect(numbers(await look(run, 'text=needle&before=10'))).toEqual([]);
  expect(numbers(await look(run, 'text=needle&after=1000'))).toEqual([]);
  await expect(look(run, 'text=needle&after=5&before=9')).rejects.toThrow('400: after and before: give one of them');
});

test('lines that arrive are counted with the others, also in a chunk that grows', async () => {
  const { run } = await accept(api.database.sql);
  await store(run, 1, 100, everyTenth);
  expect(await look(run, 'text=needle')).toMatchObject({ matches: 10, total: 100 });
  await store(run, 1, 150, everyTenth);
  await store(run, 151, 50, everyTenth);
  expect(await look(run, 'text=needle&from=-1')).toMatchObject({ matches: 20, total: 200, first: 20, items: [{ n: 200 }] });
});

test('streams, levels, attempts and line numbers narrow a log, and lines keep their numbers', async () => {
  const { run } = await accept(api.database.sql);
  await store(
    run,
    1,
    50,
    () => '',
    (n) => (n === 20 ? { stream: 'stderr', level: 'error' } : {}),
  );
  await store(
    run,
    51,
    50,
    () => '',
    (n) => (n === 70 ? { stream: 'system', level: 'warn' } : {}),
    2,
  );
  expect(numbers(await look(run, 'level=warn'))).toEqual([20, 70]);
  expect(numbers(await look(run, 'streams=stderr'))).toEqual([20]);
  expect(await look(run, 'attempt=2&limit=1')).toMatchObject({ matches: 50, items: [{ n: 51 }] });
  expect(await look(run, 'from_line=40&to_line=60')).toMatchObject({ matches: 21 });
  expect(numbers(await look(run, 'attempt=2&level=warn&text=line'))).toEqual([70]);
});

test('a pattern is looked for by RE2; one that is not is refused with the place', async () => {
  const { run } = await accept(api.database.sql);
  await store(run, 1, 30, everyTenth);
  expect(numbers(await look(run, 'text=%5Eline%20.0%5Cb&regexp=true'))).toEqual([10, 20, 30]);
  await expect(look(run, 'text=(&regexp=true')).rejects.toThrow('422: text: error parsing regexp: missing closing )');
});

test('a log is one text again, pieces of a long line joined, or only its lines that match', async () => {
  const { run } = await accept(api.database.sql);
  await store(run, 1, 4, everyTenth, (n) => (n === 2 ? { context: { continued: true } } : {}));
  await store(run, 5, 6, everyTenth);
  const text = async (asked = '') => {
    const answer = await api.call<string>('GET', `/runs/${run}/steps/show/log/text${asked}`, { token: api.tokens.viewer });
    return { body: answer.body, disposition: answer.headers.get('content-disposition') };
  };
  expect((await text('?from_line=1&to_line=4')).body).toBe('line 1\nline 2line 3\nline 4\n');
  expect((await text('?text=needle&view=text')).body).toBe('line 10 needle\n');
  expect((await text('?text=(&regexp=true')).body).toMatchObject({ status: 422, detail: expect.stringContaining('missing closing )') });
  expect((await text()).disposition).toMatch(/^attachment; filename="nightly-\d+-show\.log"$/);
});

test('a step or an attempt that the run does not have is a 404 that names it; a log without lines is none', async () => {
  const { run } = await accept(api.database.sql, { version: null, definition: { name: 'nightly', steps: [] } });
  const ask = async (path: string) => {
    const { status, body } = await api.call<{ detail?: string }>('GET', `/runs/${run}/steps/${path}`, { token: api.tokens.viewer });
    return status === 200 ? status : body.detail;
  };
  const ways = ['log', 'log/lines', 'log/groups', 'log/text'];
  expect(await Promise.all(ways.map((way) => ask(`nothing/${way}`)))).toEqual(ways.map(() => `run ${run} has no step nothing`));
  expect(await Promise.all(ways.map((way) => ask(`one/${way}`)))).toEqual(ways.map(() => 200));
  await store(run, 1, 5, everyTenth);
  expect(await ask('show/log/lines?attempt=1&text=needle')).toBe(200);
  expect(await ask('show/log/lines?attempt=2')).toBe(`step show of run ${run} has no attempt 2`);
  expect(await ask('show/log/text?attempt=2')).toBe(`step show of run ${run} has no attempt 2`);
});

test('of long lines an answer has fewer, and the next goes on behind them', async () => {
  const { run } = await accept(api.database.sql);
  for (let first = 1; first <= 301; first += 4) await store(run, first, 4, () => 'x'.repeat(16_000));
  interface Page {
    readonly items: readonly { readonly n: number }[];
    readonly first: number;
    readonly last: number;
    readonly total: number;
  }
  const page = async (way: string) => (await api.call<Page>('GET', `/runs/${run}/steps/show/${way}&limit=304`)).body;
  const firstPage = await page('log?from=1');
  expect(firstPage).toMatchObject({ first: 1, last: 124, total: 304 });
  expect(await page(`log?from=${firstPage.last + 1}`)).toMatchObject({ first: 125, last: 248 });
  expect(await page('log?from=-304')).toMatchObject({ first: 181, last: 304 });
  expect(await page('log?from=-1')).toMatchObject({ first: 304, last: 304 });
  const found = await look(run, 'text=x&limit=304');
  expect([found.first, found.items.length, found.matches]).toEqual([1, 124, 304]);
  expect(numbers(await look(run, 'text=x&from=125&limit=304'))[0]).toBe(125);
  const last = await look(run, 'text=x&from=-304&limit=304');
  expect([last.first, numbers(last).at(0), numbers(last).at(-1)]).toEqual([181, 181, 304]);
});

test('the commands of a step are stretches of its log', async () => {
  const { run } = await accept(api.database.sql);
  const command = (number: number, also: object) => ({
    run,
    key: 'show',
    attempt: 1,
    number,
    target: 'core-1',
    command: `show ${number}`,
    output: '',
    error: '',
    exit_code: 0,
    executed_at: '2026-11-22T10:00:00.000Z',
    duration_ms: 7,
    parsed: null,
    first_line: null,
    last_line: null,
    ...also,
  });
  await recordCommands(api.database.sql, [
    command(1, { first_line: 1, last_line: 40 }),
    command(2, { first_line: 41, duration_ms: null }),
    command(3, {}),
  ]);
  const { body } = await api.call('GET', `/runs/${run}/steps/show/log/groups`, { token: api.tokens.viewer });
  expect(body).toMatchObject({
    items: [
      { number: 1, command: 'show 1', exit_code: 0, first_line: 1, last_line: 40 },
      { number: 2, first_line: 41, last_line: null },
    ],
    truncated: false,
  });
});

const filter = { text: 'needle', regexp: false, match_case: false };

/** A database of its own with a log of 450 chunks, and threads that look through it and note whose turn it was. */
const withChunks = async (threads: number) => {
  const database = await testDatabase();
  const scanners = createScanners(database.url, { threads });
  const { run } = await accept(database.sql);
  const chunks = Array.from({ length: 450 }, (_, at) => ({
    ...{ run, key: 'show', attempt: 1, first_line: at * 2 + 1, fenced: false, stdout_bytes: 0, stderr_bytes: 0 },
    ...encodeLines(['needle', 'hay'].map((text) => ({ at: 0, stream: 'stdout', level: 'info', text }))),
  }));
  await appendLog(database.sql, chunks);
  const close = async () => {
    await scanners.close();
    await database.close();
  };
  return { database, scanners, run, close };
};

test('a search whose time is up says how far it got, and the next one goes on from there', async () => {
  const { database, scanners, run, close } = await withChunks(2);
  const index = new LineIndex(database.sql, scanners, 0);
  const find = (from: number) => index.find(run, 'show', filter, { from }, 1, { who: 'ann' });
  const first = await find(1);
  expect(first).toMatchObject({ complete: false, total: 900, items: [{ n: 1 }] });
  expect(first.matches * 2).toBe(first.scanned);
  let last = first;
  while (!last.complete) last = await find(-1);
  expect(last).toMatchObject({ matches: 450, scanned: 900, first: 450, items: [{ n: 899 }] });
  await close();
});

test('who leaves is looked for no further, and who waits has a turn before the next of whoever asks for much', async () => {
  const { database, scanners, run, close } = await withChunks(1);
  const leaving = new AbortController();
  let asked = 0;
  const leavesAtOnce: typeof scanners = {
    ...scanners,
    do: (task, asker) => {
      asked += 1;
      queueMicrotask(() => leaving.abort());
      return scanners.do(task, asker);
    },
  };
  const search = new LineIndex(database.sql, leavesAtOnce).find(run, 'show', filter, { from: 1 }, 1, {
    who: 'ann',
    signal: leaving.signal,
  });
  await expect(search).rejects.toThrow('whoever asked has left');

  const done: string[] = [];
  const look = async (who: string, signal?: AbortSignal) => {
    const task = { does: 'count', run, key: 'show', filter, chunks: [{ first_line: 1, line_count: 2, attempt: 1, after: 0 }] } as const;
    await scanners.do(task, { who, signal }).then(
      () => done.push(who),
      ({ message }) => done.push(message),
    );
  };
  await look('ann');
  const gone = new AbortController();
  const looks = [look('ann'), look('ann'), look('ann', gone.signal), look('ann'), look('bob')];
  gone.abort();
  await Promise.all(looks);
  expect(done).toEqual(['ann', 'whoever asked has left', 'ann', 'bob', 'ann', 'ann']);
  expect(asked).toBe(1);
  await close();
});

test('when too many searches of many people wait, the next one is told when to come again; a place that is given back is had at once', async () => {
  const { database, scanners, run, close } = await withChunks(1);
  const task = { does: 'count', run, key: 'show', filter, chunks: [{ first_line: 1, line_count: 2, attempt: 1, after: 0 }] } as const;
  const gone = new AbortController();
  let looks: Promise<unknown>[] = [];
  /** One that is looked for, and as many as may wait. */
  const crowd = () => {
    looks = Array.from({ length: 201 }, (_, at) =>
      scanners.do(task, { who: `person ${at % 20}`, signal: at === 100 ? gone.signal : undefined }).catch(({ message }) => message),
    );
  };
  const crowded: typeof scanners = {
    ...scanners,
    do: (asked, asker) => {
      if (looks.length === 0) crowd();
      return scanners.do(asked, asker);
    },
  };
  const index = new LineIndex(database.sql, crowded);
  const find = () => index.find(run, 'show', filter, { from: 1 }, 1, { who: 'ann' });
  await expect(find()).rejects.toMatchObject({ status: 503, extras: { headers: { 'Retry-After': '2' } } });

  expect(await Promise.all(looks)).toHaveLength(201);
  crowd();
  await expect(scanners.do(task, { who: 'ann' })).rejects.toMatchObject({ status: 503 });
  gone.abort();
  const next = scanners.do(task, { who: 'ann' });
  await expect(scanners.do(task, { who: 'bob' })).rejects.toMatchObject({ status: 503 });
  expect(await next).toEqual([{ matches: 1, line_count: 2 }]);
  const counted = (await Promise.all(looks)).map((found) => (typeof found === 'string' ? found : 'found'));
  expect(counted.toSpliced(100, 1).every((found) => found === 'found')).toBe(true);
  expect(counted[100]).toBe('whoever asked has left');
  expect(await find()).toMatchObject({ complete: true, matches: 450 });
  await close();
});
