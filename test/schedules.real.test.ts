import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { ScheduleFireRow } from '#db/schema/schedules.ts';
import type { JsonObject } from '#jobs/json.ts';
import { twinIdOf } from '#jobs/schedules/twin-id.ts';
import { type LocalTemporal, startTemporal } from '#platform/local/temporal.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let dir: string;
let temporal: LocalTemporal;
let stack: Stack;

beforeAll(async () => {
  dir = await mkdtemp(`${tmpdir()}/capstan-schedules-`);
  temporal = await startTemporal({ binary: inject('temporalBinary'), dir, logDir: dir, uiPort: null });
  stack = await startStack({ temporalAddress: temporal.address });
  await stack.as.job({ name: 'quick', steps: [{ id: 'say', type: 'local.exec', config: { command: 'true' } }] });
});
afterAll(async () => {
  await stack?.stop();
  await temporal?.stop();
  await rm(dir, { recursive: true, force: true });
});

const save = async (name: string, fields: object) => {
  const { status, body } = await stack.as.call('POST', '/schedules', { name, job: 'quick', ...fields });
  expect([status, body]).toMatchObject([201, { name }]);
  return String(body.id);
};
const seen = async (name: string) => (await stack.as.call('GET', `/schedules/${name}`)).body;
const untilSeen = (name: string, is: (schedule: JsonObject) => boolean, withinMs = 20_000) => eventually(() => seen(name), is, withinMs);
const isArmed = ({ plan }: JsonObject) => (plan as JsonObject).is_armed === true;
const twinOf = (id: string) => stack.temporal.schedule.getHandle(twinIdOf(id)).describe();
const firesOf = (id: string) =>
  stack.database.sql<ScheduleFireRow[]>`select * from schedule_fires where schedule_id = ${id} order by nominal_at, again`;
const edit = (name: string, patch: object) => stack.as.call('PATCH', `/schedules/${name}`, patch, { 'if-match': '*' });
const SECOND = 1_000;
const at = (moment: number) => new Date(moment).toISOString();

test('Temporal is told of a schedule in UTC, two years ahead, with the window to catch up in, and shows whose it is and what it says', async () => {
  const id = await save('nightly', {
    cron: '30 2 * * *',
    timezone: 'Europe/Berlin',
    catchup_window: '3m',
    overlap: 'buffer_one',
    jitter: '20s',
    priority: 2,
    note: 'because of the tapes',
  });
  const schedule = await untilSeen('nightly', isArmed);
  expect(schedule).toMatchObject({
    state: 'active',
    plan: { armed_version: 1, problem: null, is_short: false, zone_data: expect.stringMatching(/^20/) },
  });
  expect(Date.parse(String((schedule.plan as JsonObject).planned_until)) - Date.now()).toBeGreaterThan(730 * 86_400 * SECOND);
  const { spec, policies, state, memo, action, raw } = await twinOf(id);
  expect(spec).toMatchObject({ timezone: 'UTC', jitter: 20 * SECOND });
  expect(policies).toMatchObject({ catchupWindow: 180 * SECOND, overlap: 'BUFFER_ONE', pauseOnFailure: false });
  expect(state).toMatchObject({ paused: false, note: expect.stringContaining('zone Europe/Berlin, gap shift, fold first') });
  expect(state.note).toContain('because of the tapes');
  expect(memo).toMatchObject({ capstan_schedule: id, capstan_link: expect.stringContaining('/api/v1/schedules/nightly') });
  expect(action).toMatchObject({
    workflowType: 'runScheduled',
    args: [{ schedule: id }],
    memo: { schedule: 'nightly', zone: 'Europe/Berlin' },
  });
  expect(raw.schedule?.action?.startWorkflow?.priority).toMatchObject({ priorityKey: 2 });

  await edit('nightly', { catchup_window: '1h', overlap: null });
  await untilSeen('nightly', (now) => now.version === 2 && isArmed(now));
  expect((await twinOf(id)).policies).toMatchObject({ catchupWindow: 3600 * SECOND, overlap: 'SKIP' });
  expect((await stack.as.call('DELETE', '/schedules/nightly', undefined, { 'if-match': '*' })).status).toBe(204);
  await eventually(
    () =>
      twinOf(id).then(
        () => 'there',
        () => 'gone',
      ),
    (twin) => twin === 'gone',
    20_000,
  );
});

test.concurrent('a schedule that is edited twenty times across its minute starts that minute once, and nothing that an edit brings too late', async () => {
  const now = Date.now();
  const due = Math.ceil((now + 8 * SECOND) / 60_000) * 60_000;
  const same = await save('edited', {
    cron: '* * * * *',
    start_at: at(due),
    end_at: at(due + 60_000),
    overlap: 'allow_all',
    catchup_window: '5m',
  });
  // Before its minute it means that minute, from then on the one of an hour before and after.
  const other = await save('moved', { cron: '* * * * *', start_at: at(due), overlap: 'allow_all', catchup_window: '5m' });
  await untilSeen('moved', isArmed);
  await new Promise((resolve) => setTimeout(resolve, due - 5 * SECOND - Date.now()));
  for (let n = 0; n < 20; n += 1) {
    expect((await edit('edited', { note: `edit ${n}` })).status).toBe(200);
    if (n === 5) await edit('moved', { cron: `${(new Date(due).getUTCMinutes() + 59) % 60} * * * *`, start_at: null });
    await new Promise((resolve) => setTimeout(resolve, SECOND / 2));
  }
  await eventually(
    () => firesOf(same),
    (rows) => rows.length > 0,
    20_000,
  );
  await untilSeen('edited', isArmed);
  await new Promise((resolve) => setTimeout(resolve, due + 12 * SECOND - Date.now()));
  expect(await firesOf(same)).toMatchObject([{ nominal_at: at(due), status: 'started', trigger: 'schedule', again: 0 }]);
  expect(await firesOf(other)).toEqual([]);
  expect(await untilSeen('edited', ({ state }) => state === 'over')).toMatchObject({ next_at: null, last_fire_at: at(due) });
}, 120_000);

test.concurrent('a pause takes the moments that come meanwhile, resuming starts none of them, and what comes after is started', async () => {
  const id = await save('held', { every: '10s', overlap: 'allow_all' });
  const [first] = await eventually(
    () => firesOf(id),
    (rows) => rows.some(({ status }) => status === 'started'),
    30_000,
  );
  await stack.as.call('POST', '/schedules/held/pause', { note: 'the core is replaced' });
  const pausedAt = Date.now();
  await eventually(
    () => twinOf(id),
    ({ state }) => state.paused && (state.note ?? '').includes('the core is replaced'),
    10_000,
  );
  await new Promise((resolve) => setTimeout(resolve, 62 * SECOND));
  const { body } = await stack.as.call('POST', '/schedules/held/resume', {});
  const resumedAt = Date.now();
  const { count } = body.missed as { count: number };
  expect(count).toBeGreaterThanOrEqual(6);
  const isAfter = ({ nominal_at, status }: ScheduleFireRow) => status === 'started' && Date.parse(nominal_at) > resumedAt;
  const rows = await eventually(
    () => firesOf(id),
    (some) => some.some(isAfter),
    30_000,
  );
  const during = rows.filter(({ nominal_at }) => Date.parse(nominal_at) > pausedAt && Date.parse(nominal_at) <= resumedAt);
  expect(during.filter(({ status }) => status === 'started')).toEqual([]);
  expect(Date.parse(first?.nominal_at ?? '')).toBeLessThan(pausedAt);
  // Whoever looks over the past leaves a moment a minute; those that follow come with the next looks.
  const swept = await eventually(
    () => firesOf(id),
    (some) => some.some(({ status }) => status === 'missed'),
    60_000,
  );
  expect(new Set(swept.filter(({ status }) => status === 'missed').map(({ reason, message }) => `${reason}: ${message}`))).toEqual(
    new Set(['paused: paused by admin: the core is replaced']),
  );
}, 180_000);

test('while Temporal is away a schedule is saved and shown as not yet armed; it is armed soon after Temporal is back, and a moment that came meanwhile is caught up with', async () => {
  const port = Number(temporal.address.split(':')[1]);
  await temporal.stop();
  const due = Math.ceil(Date.now() / SECOND) * SECOND + 2 * SECOND;
  const id = await save('early', { scheduled_for: at(due) });
  await untilSeen('early', ({ plan }) => (plan as JsonObject).problem === 'Temporal does not answer', 30_000);
  expect(await seen('early')).toMatchObject({ state: 'not_armed', plan: { is_armed: false, armed_version: null } });
  temporal = await startTemporal({ binary: inject('temporalBinary'), dir, logDir: dir, uiPort: null, port });
  await untilSeen('early', isArmed, 30_000);
  const [fire] = await eventually(
    () => firesOf(id),
    ([row]) => row?.status === 'started',
    30_000,
  );
  expect(fire).toMatchObject({ nominal_at: at(due) });
  expect(await untilSeen('early', ({ last_status }) => last_status === 'completed', 30_000)).toMatchObject({
    state: 'over',
    last_run: fire?.run,
  });
}, 120_000);

test('what Temporal lacks, knows otherwise or keeps for nobody is put right', async () => {
  const [lost, wrong] = [await save('lost', { every: '1d' }), await save('wrong', { every: '1d' })];
  await untilSeen('lost', isArmed);
  await untilSeen('wrong', isArmed);
  const stray = twinIdOf('01999999-0000-7000-8000-000000000000');
  await stack.temporal.schedule.getHandle(twinIdOf(lost)).delete();
  await stack.temporal.schedule.getHandle(twinIdOf(wrong)).pause('by hand');
  const { raw: _, ...like } = await twinOf(wrong);
  await stack.temporal.schedule.create({ scheduleId: stray, spec: { intervals: [{ every: '1d' }] }, action: { ...like.action, args: [] } });
  // Nobody doubts what was told a moment ago.
  await stack.database.sql`update schedules set armed_at = now() - interval '1 hour' where id in (${lost}, ${wrong})`;
  const listed = async () => {
    const found = new Map<string, boolean>();
    for await (const { scheduleId, state } of stack.temporal.schedule.list()) found.set(scheduleId, state.paused);
    return found;
  };
  await eventually(listed, (found) => found.has(stray) && found.get(twinIdOf(wrong)) === true && !found.has(twinIdOf(lost)), 20_000);
  await stack.temporal.schedule.getHandle('capstan-plan-schedules').trigger();
  await eventually(
    () => twinOf(lost).catch(() => null),
    (twin) => twin !== null,
    30_000,
  );
  await eventually(
    () => twinOf(wrong),
    ({ state }) => !state.paused,
    30_000,
  );
  await eventually(
    () =>
      stack.temporal.schedule
        .getHandle(stray)
        .describe()
        .then(
          () => 'there',
          () => 'gone',
        ),
    (twin) => twin === 'gone',
    20_000,
  );
}, 90_000);

test('while all schedules are stopped none starts anything, and each moment says so at once', async () => {
  await stack.as.call('PUT', '/schedule-switch', { stopped: true, note: 'moving house' });
  const id = await save('stopped', { every: '10s' });
  const [fire] = await eventually(
    () => firesOf(id),
    (rows) => rows.length > 0,
    30_000,
  );
  expect(fire).toMatchObject({
    status: 'missed',
    reason: 'maintenance',
    run: null,
    message: 'all schedules were stopped by admin: moving house',
  });
  await stack.as.call('PUT', '/schedule-switch', { stopped: false });
  await eventually(
    () => firesOf(id),
    (rows) => rows.some(({ status }) => status === 'started'),
    30_000,
  );
}, 90_000);
