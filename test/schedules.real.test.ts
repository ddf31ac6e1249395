import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { ScheduleFireRow, SchedulePauseRow } from '#db/schema/schedules.ts';
import type { JsonObject } from '#jobs/json.ts';
import { twinIdOf } from '#jobs/schedules/twin-id.ts';
import { type LocalTemporal, startTemporal } from '#platform/local/temporal.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let dir: string;
let temporal: LocalTemporal;
let stack: Stack;
/** It is paused for a minute, while the other tests go on. */
let held: string;

beforeAll(async () => {
  dir = await mkdtemp(`${tmpdir()}/capstan-schedules-`);
  temporal = await startTemporal({ binary: inject('temporalBinary'), dir, logDir: dir, uiPort: null });
  stack = await startStack({ temporalAddress: temporal.address });
  await stack.as.job({ name: 'quick', steps: [{ id: 'say', type: 'local.exec', config: { command: 'true' } }] });
  held = await save('held', { every: '10s', overlap: 'allow_all' });
  await stack.as.call('POST', '/schedules/held/pause', { note: 'the core is replaced' });
  await eventually(
    () => twinOf(held).catch(() => null),
    (twin) => twin?.state.paused === true && (twin.state.note ?? '').includes('the core is replaced'),
    20_000,
  );
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
const untilMoment = (moment: number) => new Promise((resolve) => setTimeout(resolve, Math.max(moment - Date.now(), 0)));
/** The multiples of so many milliseconds from one moment (included) to another (not included). */
const momentsOf = (every: number, from: number, to: number): readonly string[] => {
  const first = Math.ceil(from / every);
  return Array.from({ length: Math.max(Math.ceil(to / every) - first, 0) }, (_, n) => at((first + n) * every));
};
const pauseOf = async (id: string): Promise<SchedulePauseRow> => {
  const [pause] = await stack.database.sql<SchedulePauseRow[]>`select * from schedule_pauses where schedule_id = ${id}`;
  if (!pause) throw new Error(`schedule ${id} was never paused`);
  return pause;
};

test.concurrent('Temporal is told of a schedule in UTC, two years ahead, with the window to catch up in, and shows whose it is and what it says', async () => {
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

test.concurrent('a schedule that is edited twenty times across its moment starts it once, and nothing that an edit brings too late', async () => {
  const due = Math.ceil(Date.now() / SECOND) * SECOND + 12 * SECOND;
  const more = { overlap: 'allow_all', catchup_window: '5m' };
  const rhythm = { every: '1m', anchor: at(due), start_at: at(due), end_at: at(due + 60_000) };
  const edited = await Promise.all([
    save('edited-once', { scheduled_for: at(due), ...more }),
    save('edited-minute', { ...rhythm, ...more }),
  ]);
  // Before its moment it means that moment, from then on the minute of an hour before and after.
  const moved = await save('moved', { ...rhythm, ...more });
  await untilSeen('moved', isArmed);
  await untilMoment(due - 5 * SECOND);
  for (let n = 0; n < 20; n += 1) {
    const answers = await Promise.all(['edited-once', 'edited-minute'].map((name) => edit(name, { note: `edit ${n}` })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const gone = { every: null, anchor: null, start_at: null, end_at: null };
    if (n === 5) await edit('moved', { ...gone, cron: `${(new Date(due).getUTCMinutes() + 58) % 60} * * * *` });
    await untilMoment(due - 5 * SECOND + ((n + 1) * SECOND) / 2);
  }
  for (const id of edited)
    await eventually(
      () => firesOf(id),
      (rows) => rows.length > 0,
      20_000,
    );
  for (const name of ['edited-once', 'edited-minute']) await untilSeen(name, isArmed);
  await untilMoment(due + 12 * SECOND);
  for (const id of edited)
    expect(await firesOf(id)).toMatchObject([{ nominal_at: at(due), status: 'started', trigger: 'schedule', again: 0 }]);
  expect(await firesOf(moved)).toEqual([]);
  for (const name of ['edited-once', 'edited-minute'])
    expect(await untilSeen(name, ({ state }) => state === 'over')).toMatchObject({ next_at: null, last_fire_at: at(due) });
}, 120_000);

test.concurrent('what Temporal lacks, knows otherwise or keeps for nobody is put right', async () => {
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

test('a pause leaves a row for each moment that comes meanwhile, whatever else happens, resuming starts none of them, and what comes after is started', async () => {
  expect(await seen('held')).toMatchObject({ state: 'paused', pause: { by: 'admin', note: 'the core is replaced' } });
  await untilMoment(Date.parse((await pauseOf(held)).from_at) + 61 * SECOND);
  const { body } = await stack.as.call('POST', '/schedules/held/resume', {});
  const { from_at: from, until_at: until } = await pauseOf(held);
  const due = momentsOf(10 * SECOND, Date.parse(from), Date.parse(String(until)));
  expect(due.length).toBeGreaterThanOrEqual(6);
  expect(body).toMatchObject({ state: 'active', missed: { count: due.length, at_least: false }, backfill: null });
  const all = await eventually(
    () => firesOf(held),
    (some) =>
      due.every((moment) => some.some(({ nominal_at }) => nominal_at === moment)) && some.some(({ status }) => status === 'started'),
    30_000,
  );
  const why = { status: 'missed', reason: 'paused', message: 'paused by admin: the core is replaced', run: null, again: 0 };
  // One between the save and the pause is no moment of the pause, and is made up for.
  const rows = all.filter(({ nominal_at }) => nominal_at >= from);
  expect(rows.filter(({ nominal_at }) => nominal_at < String(until))).toMatchObject(due.map((nominal_at) => ({ nominal_at, ...why })));
  expect(rows.filter(({ status, nominal_at }) => status === 'started' && nominal_at < String(until))).toEqual([]);
}, 150_000);
