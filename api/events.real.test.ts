import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notify } from '#db/notices.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { recordSteps } from '#db/queries/record-steps.ts';
import { finished, snapshot, started } from '#db/testing/runs.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
  await api.call('POST', '/jobs', { body: 'name: quiet\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n' });
});
afterAll(() => api.close());

interface LiveEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: {
    readonly topic?: string;
    readonly run?: { readonly id: string; readonly status: string; readonly message: string | null };
    readonly key?: string;
    readonly last?: number;
  };
}

/** A reader of the stream that keeps what it got. */
async function read(topics: string, { token = api.tokens.viewer, last }: { token?: string; last?: string | null } = {}) {
  const abort = new AbortController();
  const response = await fetch(`${api.url}/api/v1/events?topics=${topics}`, {
    headers: { authorization: `Bearer ${token}`, ...(last && { 'last-event-id': last }) },
    signal: abort.signal,
  });
  const events: LiveEvent[] = [];
  let open = true;
  const done = (async () => {
    let rest = '';
    for await (const bytes of response.body ?? []) {
      const frames = (rest + new TextDecoder().decode(bytes)).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1] ?? null;
        const data = field('data');
        if (data) events.push({ id: field('id'), event: field('event') ?? 'message', data: JSON.parse(data) });
      }
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      open = false;
    });
  const until = (is: (event: LiveEvent) => boolean) => expect.poll(() => events.some(is), { interval: 5 }).toBe(true);
  return {
    response,
    events,
    until,
    isOpen: () => open,
    close: () => {
      abort.abort();
      return done;
    },
    lastId: () => events.findLast(({ id }) => id)?.id ?? null,
  };
}

const start = async () => (await api.call<{ id: string }>('POST', '/jobs/quiet/runs', { body: {} })).body.id;

const record = (run: string, seq: number, status: 'running' | 'completed') =>
  recordRuns(api.database.sql, [
    {
      run,
      project: 'default',
      snapshot: snapshot(seq, status),
      steps: [],
      result_data: null,
    },
  ]);

test('a stream starts with a place to go on from, and no proxy may hold it back', async () => {
  const reader = await read('runs');
  await reader.until(({ event }) => event === 'ping');
  expect(reader.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(reader.response.headers.get('cache-control')).toContain('no-transform');
  expect(reader.response.headers.get('x-accel-buffering')).toBe('no');
  expect(reader.lastId()).toMatch(/^[0-9a-f]{12}-\d+$/);
  await reader.close();
});

test('a change of a run is on the stream a moment after it was written', async () => {
  const reader = await read('runs');
  await reader.until(({ event }) => event === 'ping');
  const run = await start();
  await record(run, 1, 'running');
  await reader.until(({ data }) => data.run?.id === run && data.run.status === 'running');
  await reader.close();
});

test('a run whose step waits to be tried again is retrying, and says why, in the news, its list, its page, an export and under that filter alike', async () => {
  const reader = await read('runs');
  await reader.until(({ event }) => event === 'ping');
  const run = await start();
  await recordSteps(api.database.sql, [started(run, 'a', 1, 1)]);
  await reader.until(({ data }) => data.run?.id === run && data.run.status === 'running');
  const error = { type: 'connection', message: 'refused' } as const;
  await recordSteps(api.database.sql, [finished(run, 'a', 1, 'failed', { retrying: true, error })]);
  const is = { id: run, status: 'retrying', retry_error: 'a: refused' };
  await expect.poll(() => reader.events.findLast(({ data }) => data.run?.id === run)?.data.run).toMatchObject(is);

  type Runs = readonly { readonly id: string }[];
  const listed = async (search: string) =>
    (await api.call<{ items: Runs }>('GET', `/runs?${search}`)).body.items.find(({ id }) => id === run);
  expect(await listed('')).toMatchObject(is);
  expect(await listed('status=retrying')).toMatchObject(is);
  expect(await listed('status=running')).toBeUndefined();
  expect((await api.call('GET', `/runs/${run}`)).body).toMatchObject(is);
  const exported = await api.call<Runs>('GET', `/runs/export?format=json&columns=id,status,retry_error&ids=${run}`);
  expect(exported.body).toEqual([is]);

  await recordSteps(api.database.sql, [started(run, 'a', 2, 1)]);
  await expect
    .poll(() => reader.events.findLast(({ data }) => data.run?.id === run)?.data.run)
    .toMatchObject({ status: 'running', retry_error: null });
  expect(await listed('status=retrying')).toBeUndefined();
  await reader.close();
});

test('a reader who comes back with the last id it saw gets what it missed, and nothing twice', async () => {
  const run = await start();
  const reader = await read(`run:${run}`);
  await record(run, 1, 'running');
  await reader.until(({ data }) => data.run?.status === 'running');
  await reader.close();
  await record(run, 2, 'completed');
  await sleep(100);
  const back = await read(`run:${run}`, { last: reader.lastId() });
  await back.until(({ data }) => data.run?.status === 'completed');
  expect(back.events.filter(({ data }) => data.run).map(({ data }) => data.run?.status)).toEqual(['completed']);
  await back.close();
});

test('a reader from another process is told to read anew', async () => {
  const reader = await read('runs', { last: 'aaaaaaaaaaaa-5' });
  await reader.until(({ event }) => event === 'resync');
  await reader.close();
});

test('a log that grew is told by its last line, to those who follow that log only', async () => {
  const run = await start();
  const [one, other] = [await read(`log:${run}`), await read('runs')];
  await sleep(50);
  await notify(api.database.sql, { logs: [[run, 'a', 42]] });
  await one.until(({ data }) => data.key === 'a' && data.last === 42);
  expect(other.events.some(({ data }) => data.key)).toBe(false);
  await Promise.all([one.close(), other.close()]);
});

test.each(['', 'everything', 'run:1', 'runs,', `run:${'a'.repeat(36)}`])('topics %j are refused', async (topics) => {
  expect((await api.call('GET', `/events?topics=${topics}`)).status).toBe(400);
});

test('who may not read a place hears nothing of it, and is told what it takes when there is nothing else to hear', async () => {
  const { status, body } = await api.call('GET', '/events?topics=users,groups', { token: api.tokens.viewer });
  expect([status, body.detail]).toEqual([403, expect.stringContaining('user:read (users), user:read (groups)')]);
  const [viewer, admin] = [await read('runs,users'), await read('runs,users', { token: api.tokens.admin })];
  await viewer.until(({ event }) => event === 'ping');
  await admin.until(({ event }) => event === 'ping');
  await api.call('POST', '/users', { body: { name: 'unheard', role: 'viewer', password: 'long enough a word' } });
  await admin.until(({ data }) => data.topic === 'users');
  await start();
  await viewer.until(({ data }) => data.topic === 'runs');
  expect(viewer.events.some(({ data }) => data.topic === 'users')).toBe(false);
  await Promise.all([viewer.close(), admin.close()]);
});

test('of a place where something changed its readers hear that it did, and nothing else', async () => {
  const [reader, other] = [await read('targets,schedules'), await read('runs,credentials')];
  await reader.until(({ event }) => event === 'ping');
  await other.until(({ event }) => event === 'ping');
  await api.call('POST', '/targets', { body: { name: 'told', host: '10.0.0.1' } });
  await reader.until(({ data }) => data.topic === 'targets');
  expect(reader.events.flatMap(({ event, data }) => (event === 'message' ? [data] : []))).toEqual([{ topic: 'targets' }]);
  await start();
  await other.until(({ data }) => data.topic === 'runs');
  expect(other.events.some(({ data }) => data.topic === 'targets')).toBe(false);
  await Promise.all([reader.close(), other.close()]);
});

test('a lost connection to Postgres is told as a gap, and live events go on unaided', async () => {
  const reader = await read('runs');
  await reader.until(({ event }) => event === 'ping');
  await api.database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`;
  await reader.until(({ event }) => event === 'resync');
  const run = await start();
  await reader.until(({ data }) => data.run?.id === run);
  await reader.close();
});

test('a stream ends within thirty seconds of its token', { timeout: 45_000 }, async () => {
  const made = await api.call<{ id: string; token: string }>('POST', '/tokens', { body: { name: 'short' } });
  const reader = await read('runs', { token: made.body.token });
  const keeper = await read('runs');
  await reader.until(({ event }) => event === 'ping');
  await api.call('DELETE', `/tokens/${made.body.id}`);
  await expect.poll(reader.isOpen, { timeout: 30_000 }).toBe(false);
  expect(keeper.isOpen()).toBe(true);
  await keeper.close();
});

test('a reader that takes nothing is cut, and the others go on', async () => {
  const { port } = new URL(api.url);
  const stalled = connectSocket(Number(port), '127.0.0.1');
  stalled.on('error', () => undefined);
  const closed = new Promise((resolve) => stalled.once('close', resolve));
  stalled.write(`GET /api/v1/events?topics=runs HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${api.tokens.viewer}\r\n\r\n`);
  stalled.pause();
  const reader = await read('runs');
  await reader.until(({ event }) => event === 'ping');

  // Far more than kernel and queue hold for one reader.
  const runs = await Promise.all(Array.from({ length: 20 }, start));
  for (let round = 1; round <= 40; round++) {
    await api.database
      .sql`update runs set message = ${`${'x'.repeat(60_000)}${round}`}, updated_at = now() where id = any(${runs}::uuid[])`;
    await notify(api.database.sql, { runs });
    await reader.until(({ data }) => data.run?.message?.endsWith(`x${round}`) ?? false);
  }
  stalled.resume();
  await closed;
  expect(reader.isOpen()).toBe(true);
  await reader.close();
});
