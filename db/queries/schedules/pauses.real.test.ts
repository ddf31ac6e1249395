import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { type TestDatabase, testDatabase } from '../../testing/database.ts';
import { auditOf } from '../../testing/runs.ts';
import { claimToArm, postponeArming, settleArmed } from './arming.ts';
import { findSchedule } from './find-schedule.ts';
import { endDuePauses, pauseSchedules } from './pause-schedules.ts';
import { saveSchedule } from './save-schedule.ts';
import { endDueStops, findStop, stopAll } from './switch-all.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.sql`insert into jobs (id, name, version, created_by, updated_by) values (uuidv7(), 'nightly', 1, 'ann', 'ann')`;
});
afterAll(() => database.close());

const by = auditOf('ann');
const save = (name: string, fields: Partial<ScheduleDefinition> = {}, expected: number | null = null) => {
  const definition: ScheduleDefinition = { name, job: 'nightly', every: '1h', ...fields };
  const source = JSON.stringify(definition);
  return saveSchedule(database.sql, 'default', { source, format: 'json', definition, nextAt: Date.now() + 3_600_000 }, expected, by);
};
const row = async (name: string) => {
  const found = await findSchedule(database.sql, 'default', name);
  if (!found) throw new Error(`no schedule ${name}`);
  return found;
};
const past = (moment: Date) => new Promise((resolve) => setTimeout(resolve, moment.getTime() + 50 - Date.now()));
const told = { plannedUntil: null, calendars: 0, zoneData: '2026f', nextAt: Date.now() + 3_600_000 };
const armAll = async () => {
  for (const one of await claimToArm(database.sql, 100)) await settleArmed(database.sql, one, told);
};

test('a pause with an end is over at that very moment, and from then on the schedule is live', async () => {
  await save('ending');
  await armAll();
  const until = new Date(Date.now() + 2_000);
  await pauseSchedules(database.sql, 'default', { name: 'ending' }, { note: 'short', until }, by);
  await armAll();
  expect(await endDuePauses(database.sql)).toBe(0);
  await past(until);
  expect(await endDuePauses(database.sql)).toBe(1);
  expect(await row('ending')).toMatchObject({
    paused: false,
    paused_until: null,
    live_since: until.toISOString(),
    arm_at: expect.any(String),
  });
  expect(await database.sql`select until_at, resumed_by from schedule_pauses where note = 'short'`).toEqual([
    { until_at: until.toISOString(), resumed_by: 'schedule' },
  ]);
});

test('a pause that is asked for when the one before it is just over is a pause of its own', async () => {
  await save('twice');
  const until = new Date(Date.now() + 300);
  await pauseSchedules(database.sql, 'default', { name: 'twice' }, { note: 'one', until }, by);
  await past(until);
  await pauseSchedules(database.sql, 'default', { name: 'twice' }, { note: 'two', until: null }, by);
  const { id, paused_at } = await row('twice');
  expect(Date.parse(paused_at ?? '')).toBeGreaterThan(until.getTime());
  expect(await database.sql`select note, until_at from schedule_pauses where schedule_id = ${id} order by from_at`).toEqual([
    { note: 'one', until_at: until.toISOString() },
    { note: 'two', until_at: null },
  ]);
});

test('a stop of all ends by itself; Temporal hears of it only for schedules that end other runs before they ask', async () => {
  await save('gentle');
  await save('harsh', { overlap: 'terminate_other' });
  await armAll();
  const until = new Date(Date.now() + 2_000);
  await stopAll(database.sql, 'default', { note: null, until }, by);
  const claimed = await claimToArm(database.sql, 100);
  expect(claimed).toMatchObject([{ name: 'harsh', all_stopped: true }]);
  for (const one of claimed) await settleArmed(database.sql, one, told);
  await past(until);
  expect(await findStop(database.sql, 'default')).toBeNull();
  await endDueStops(database.sql);
  expect(await claimToArm(database.sql, 100)).toMatchObject([{ name: 'harsh', all_stopped: false, live_since: until.toISOString() }]);
});

test('what is saved while Temporal is being told is told after it; nobody tells the same twice at once', async () => {
  await save('busy');
  const [first] = (await claimToArm(database.sql, 100)).filter(({ name }) => name === 'busy');
  if (!first) throw new Error('nothing was due');
  await save('busy', { every: '2h' }, 1);
  expect((await claimToArm(database.sql, 100)).filter(({ name }) => name === 'busy')).toEqual([]);
  await settleArmed(database.sql, first, told);
  expect(await row('busy')).toMatchObject({ state: 'not_armed', armed_version: 1, version: 2 });
  const [second] = await claimToArm(database.sql, 100);
  expect(second).toMatchObject({ name: 'busy', version: 2 });
  // Since then there are moments that Temporal was not told of in time.
  expect(Date.parse(second?.live_since ?? '')).toBeGreaterThan(Date.parse(first.claimed_at));
});

test('schedules of one job are saved at once without waiting for each other', async () => {
  const names = Array.from({ length: 8 }, (_, n) => `of-one-job-${n}`);
  await Promise.all(names.map((name) => save(name)));
  for (let version = 1; version < 6; version += 1)
    await Promise.all(names.toReversed().map((name) => save(name, { note: `edit ${version}` }, version)));
  await database.sql.begin(async (tx) => {
    await tx`select from schedules where name = 'of-one-job-0' for update`;
    await save('of-one-job-1', { note: 'the last' }, 6);
  });
});

test('one that cannot be told shows why and is due again later; one whose teller died is due after a minute', async () => {
  await save('failing');
  const claimed = await claimToArm(database.sql, 100);
  await postponeArming(database.sql, claimed, 'Temporal does not answer', true);
  const failing = await row('failing');
  expect(failing).toMatchObject({ state: 'not_armed', arm_problem: 'Temporal does not answer', arm_attempts: 1 });
  expect(Date.parse(failing.arm_at ?? '') - Date.now()).toBeLessThanOrEqual(2_000);
  await database.sql`update schedules set arm_at = now() where name = 'failing'`;
  await claimToArm(database.sql, 100);
  expect(await claimToArm(database.sql, 100)).toEqual([]);
  await database.sql`update schedules set arming_until = now() where name = 'failing'`;
  expect(await claimToArm(database.sql, 100)).toMatchObject([{ name: 'failing' }]);
});
