import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

const HOUR = 3_600_000;
/** Schedules start half an hour away from the tests, so that none starts anything while they last. */
const MINUTE = (new Date().getUTCMinutes() + 30) % 60;
const LAST = Math.floor((Date.now() - MINUTE * 60_000) / HOUR) * HOUR + MINUTE * 60_000;
/** The last moment before the tests began, or so many hours before it. */
const hour = (before = 0): string => new Date(LAST - before * HOUR).toISOString();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const step = (command: string) => [{ id: 'a', type: 'local.exec', config: { command } }];
  await stack.as.job({ name: 'quick', steps: step('true') });
  await stack.as.job({ name: 'long', steps: step('sleep 600') });
  await stack.as.job({
    name: 'code',
    parameters: { code: { type: 'integer', default: 3 } },
    steps: step('exit ${{ parameters.code }}'),
  });
});
afterAll(() => stack?.stop());

async function call<T = JsonObject>(status: number, method: string, path: string, sent?: object): Promise<T> {
  const answer = await stack.as.call(method, path, sent);
  expect([answer.status, answer.body]).toEqual([status, expect.anything()]);
  return answer.body as T;
}

interface Dry {
  readonly hash: string;
  readonly total: number;
  readonly fires: readonly { readonly nominal_at: string; readonly earlier_run: string | null }[];
}
interface FireSeen {
  readonly nominal_at: string;
  readonly status: string;
  readonly run: string | null;
  readonly run_status: string | null;
  readonly earlier_run: string | null;
  readonly again: number;
  readonly error: string | null;
}

const schedule = async (name: string, job: string, more: object = { cron: `${MINUTE} * * * *` }): Promise<string> => {
  await call(201, 'POST', '/schedules', { name, job, ...more });
  return `/schedules/${name}/backfills`;
};
const dry = (path: string, sent: object) => call<Dry>(200, 'POST', path, { ...sent, dry_run: true });
const over = (path: string, id: unknown) =>
  eventually(
    async () => (await stack.as.call('GET', `${path}/${id}`)).body,
    ({ ended_at }) => ended_at !== null && ended_at !== undefined,
    30_000,
  );
const firesOf = async (path: string, id: unknown) =>
  (await call<{ items: readonly FireSeen[] }>(200, 'GET', `${path}/${id}/fires?limit=200`)).items;
const moments = (fires: readonly { readonly nominal_at: string; readonly earlier_run: string | null }[]) =>
  fires.map(({ nominal_at, earlier_run }) => [nominal_at, earlier_run]);

test('what a dry run listed is what is started, and a moment that ran gets a second, linked run only where all are asked for', async () => {
  const path = await schedule('hourly', 'quick');
  const range = { from: hour(5), to: hour() };
  const listed = await dry(path, range);
  expect(moments(listed.fires)).toEqual([5, 4, 3, 2, 1].map((before) => [hour(before), null]));
  const { id } = await call(202, 'POST', path, { ...range, hash: listed.hash, max_active: 2, note: 'after the outage' });
  expect(await over(path, id)).toMatchObject({ status: 'completed', total: 5, started: 5, ended: 5, failed: 0, active: 0, progress: 100 });
  const ran = await firesOf(path, id);
  expect(moments(ran)).toEqual(moments(listed.fires));
  for (const { run, nominal_at, run_status } of ran) {
    expect(run_status).toBe('completed');
    expect((await stack.as.call('GET', `/runs/${run}`)).body).toMatchObject({
      schedule: 'hourly',
      nominal_at,
      trigger: 'schedule',
      backfill: id,
    });
  }

  expect(await dry(path, range)).toMatchObject({ total: 0 });
  const again = { ...range, reprocess: 'all', order: 'newest', limit: 2 };
  const second = await dry(path, again);
  const earlier = (before: number) => ran.find(({ nominal_at }) => nominal_at === hour(before))?.run ?? null;
  expect(moments(second.fires)).toEqual([1, 2].map((before) => [hour(before), earlier(before)]));
  const { id: other } = await call(202, 'POST', path, { ...again, hash: second.hash });
  await over(path, other);
  const reran = await firesOf(path, other);
  expect(reran.map(({ again: n, run_status }) => [n, run_status])).toEqual([
    [1, 'completed'],
    [1, 'completed'],
  ]);
  expect((await stack.as.call('GET', `/runs/${reran[0]?.run}`)).body).toMatchObject({ retry_of: earlier(1), schedule: 'hourly' });
  const list = await call<{ items: readonly JsonObject[] }>(200, 'GET', path);
  expect(list.items.map((one) => one.id)).toEqual([other, id]);
});

test('moments whose run ended badly are started again with other parameters, until none is left', async () => {
  const path = await schedule('exits', 'code');
  const range = { from: hour(3), to: hour() };
  const { id } = await call(202, 'POST', path, { ...range, max_active: 3 });
  expect(await over(path, id)).toMatchObject({ ended: 3, failed: 3 });
  const failed = { ...range, reprocess: 'failed' };
  expect(await dry(path, failed)).toMatchObject({ total: 3 });
  const { id: other } = await call(202, 'POST', path, { ...failed, parameters: { code: 0 }, max_active: 3 });
  expect(await over(path, other)).toMatchObject({ ended: 3, failed: 0 });
  expect(await dry(path, failed)).toMatchObject({ total: 0 });
  const refused = await stack.as.call('POST', path, { ...range, parameters: { code: 'none' } });
  expect([refused.status, refused.body.problems]).toMatchObject([422, [{ pointer: '/parameters/code' }]]);
});

test('a list that is another one by now is not started, and the answer says what is different', async () => {
  const path = await schedule('changed', 'quick');
  const range = { from: hour(3), to: hour() };
  const listed = await dry(path, range);
  const once = { 'idempotency-key': 'first of them' };
  const { id } = (await stack.as.call('POST', path, { ...range, limit: 1 }, once)).body;
  await over(path, id);
  expect((await stack.as.call('POST', path, { ...range, limit: 1 }, once)).body).toMatchObject({ id, status: 'completed' });
  expect((await stack.as.call('POST', path, { ...range, limit: 2 }, once)).status).toBe(409);
  const { detail } = await call(409, 'POST', path, { ...range, hash: listed.hash });
  expect(detail).toContain(`1 would not be started any more (${hour(3)})`);
});

test('a range that is none, that reaches ahead or holds too much is refused', async () => {
  const path = await schedule('minutely', 'quick', { cron: '* * * * *' });
  const pointer = async (sent: object) => {
    const { status, body } = await stack.as.call('POST', path, { ...sent, dry_run: true });
    return [status, (body.problems as readonly JsonObject[])[0]?.pointer];
  };
  expect(await pointer({ from: hour(), to: hour(1) })).toEqual([422, '/to']);
  expect(await pointer({ from: hour(), to: hour(-1) })).toEqual([422, '/to']);
  expect(await pointer({ from: hour(24 * 8), to: hour() })).toEqual([422, '/from']);
  expect(await pointer({ from: '2027-02-30', to: hour() })).toEqual([422, '/from']);
  expect(await dry(path, { from: hour(24 * 8), to: hour(), limit: 10_000 })).toMatchObject({ total: 10_000 });
});

test('a backfill that is cancelled starts nothing more, and has ended when its runs have', async () => {
  const path = await schedule('slow', 'long');
  const { id } = await call(202, 'POST', path, { from: hour(5), to: hour() });
  const [first] = await eventually(
    () => firesOf(path, id),
    ([fire]) => fire?.run !== null,
    20_000,
  );
  await stack.as.until(String(first?.run), ({ status }) => status === 'running');
  expect(await call(202, 'POST', `${path}/${id}/cancel`)).toMatchObject({ status: 'cancelled', active: 1, ended_at: null });
  await call(409, 'POST', `${path}/${id}/cancel`);
  await stack.as.call('POST', `/runs/${first?.run}/cancel`, {});
  expect(await over(path, id)).toMatchObject({ status: 'cancelled', started: 1, ended: 1, active: 0 });
  expect((await firesOf(path, id)).map(({ status }) => status)).toEqual(['ended', 'cancelled', 'cancelled', 'cancelled', 'cancelled']);
});

test('a worker that is killed in the middle leaves each moment with one run', async () => {
  const path = await schedule('killed', 'quick');
  const { id } = await call(202, 'POST', path, { from: hour(24), to: hour(), max_active: 3 });
  await eventually(
    async () => (await stack.as.call('GET', `${path}/${id}`)).body,
    ({ started }) => Number(started) > 2,
    30_000,
  );
  await stack.worker.kill();
  await stack.worker.start();
  expect(await over(path, id)).toMatchObject({ total: 24, ended: 24, failed: 0, refused: 0 });
  const runs = (await firesOf(path, id)).map(({ run }) => run);
  expect(new Set(runs).size).toBe(24);
  const [rows] = await stack.database.sql<{ runs: number; fires: number }[]>`
    select (select count(*)::int from runs where schedule = 'killed') as runs, (select count(*)::int from schedule_fires where schedule = 'killed') as fires`;
  expect(rows).toEqual({ runs: 24, fires: 24 });
});

test('a preview shows a schedule that is not saved, a saved one with changes, and what is wrong with one', async () => {
  const text = 'name: nightly\njob: quick\ncron: 30 2 * * *\ntimezone: Europe/Berlin\ndst: { gap: skip, fold: both }\n';
  const preview = (sent: object) => call<JsonObject & { moments: readonly JsonObject[] }>(200, 'POST', '/schedules/preview', sent);
  const spring = await preview({ source: text, from: '2027-03-28', count: 2, viewer_zone: 'America/New_York' });
  expect(spring).toMatchObject({ valid: true, words: expect.stringContaining('02:30'), zone: 'Europe/Berlin', complete: false });
  expect(spring.moments).toMatchObject([
    { wall: '2027-03-28T02:30', marks: ['gap-skipped'], starts: false, reason: 'dst' },
    { at: '2027-03-29T00:30:00.000Z', local: { time: '2027-03-29T02:30:00+02:00', abbreviation: 'CEST' }, viewer: { abbreviation: 'EDT' } },
  ]);
  const autumn = await preview({ source: text, from: '2027-10-31', count: 2 });
  expect(autumn.moments).toMatchObject([
    { at: '2027-10-31T00:30:00.000Z', marks: ['fold-first'] },
    { at: '2027-10-31T01:30:00.000Z', marks: ['fold-second'] },
  ]);
  expect(autumn.spacing).toEqual({ shortest: '1h', longest: '1h' });
  const changed = await preview({ schedule: 'hourly', changes: { cron: null, every: '45m' }, count: 500 });
  expect([changed.moments.length, changed.spacing]).toEqual([500, { shortest: '45m', longest: '45m' }]);
  const wrong = await preview({ source: text.replace('Berlin', 'Belin') });
  expect(wrong).toMatchObject({ valid: false, problems: [{ pointer: '/timezone', message: expect.stringContaining('Europe/Berlin') }] });
  await call(422, 'POST', '/schedules/preview', { source: text, schedule: 'hourly' });
});

test('the agenda tells of what ran and of what is ahead, by the hours of the zone asked for', async () => {
  const page = await call<{ items: readonly JsonObject[]; hours: readonly JsonObject[]; next: string | null }>(
    200,
    'GET',
    `/schedules/agenda?schedule=hourly&from=${hour(2)}&to=${hour(-3)}&zone=Asia/Kolkata`,
  );
  expect(page.items.map(({ at, state }) => [at, state])).toEqual([
    [hour(2), 'started'],
    [hour(2), 'started'],
    [hour(1), 'started'],
    [hour(1), 'started'],
    ...[hour(-1), hour(-2)].map((at) => [at, 'planned']),
  ]);
  expect(page.items[0]).toMatchObject({ run_status: 'completed', local_time: expect.stringContaining('+05:30'), zone: 'UTC' });
  const counted = page.hours.filter(({ counts }) => Object.keys(counts ?? {}).length > 0);
  expect(counted.map(({ counts }) => counts)).toEqual([{ started: 2 }, { started: 2 }, { planned: 1 }, { planned: 1 }]);
  await call(422, 'GET', '/schedules/agenda?from=2027-01-01&to=2027-03-01');
  await call(422, 'GET', '/schedules/agenda?zone=Asia/Kolkatta');
});
