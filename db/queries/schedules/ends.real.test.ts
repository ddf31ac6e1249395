import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { type TestDatabase, testDatabase } from '../../testing/database.ts';
import { accept, auditOf, record } from '../../testing/runs.ts';
import { recordRuns } from '../record-runs.ts';
import { findSchedule } from './find-schedule.ts';
import { resumeSchedules } from './pause-schedules.ts';
import { saveSchedule } from './save-schedule.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function schedule(name: string, fields: Partial<ScheduleDefinition> = {}): Promise<() => Promise<string>> {
  const definition: ScheduleDefinition = { name, job: 'nightly', every: '1h', ...fields };
  const { id } = await saveSchedule(
    database.sql,
    'default',
    { source: JSON.stringify(definition), format: 'json', definition, nextAt: Date.now() + 1_000 },
    null,
    auditOf('ann'),
  );
  await database.sql`update schedules set stopped_reason = null where id = ${id}`;
  let moments = 0;
  return async () => {
    moments += 1;
    const { run } = await accept(database.sql, { schedule: { id, name, nominalAt: moments * 1_000 } });
    await database.sql`update schedules set last_run = ${run}, last_status = 'queued' where id = ${id}`;
    return run;
  };
}
const row = (name: string) => findSchedule(database.sql, 'default', name);
const pausesOf = (name: string) => database.sql`
  select p.kind, p.paused_by, p.note, p.until_at is null as is_open from schedule_pauses p join schedules s on s.id = p.schedule_id
  where s.name = ${name} and p.kind <> 'stopped' order by p.from_at`;

test('a schedule shows how its last run ended, whatever an older one comes to later', async () => {
  const start = await schedule('shown');
  const [older, last] = [await start(), await start()];
  await recordRuns(database.sql, [record(last, 2, 'completed')]);
  expect(await row('shown')).toMatchObject({ last_run: last, last_status: 'completed' });
  await recordRuns(database.sql, [record(older, 2, 'failed')]);
  expect(await row('shown')).toMatchObject({ last_status: 'completed', paused: false });
});

test('a run that ends behind a later one of its schedule waits for nobody who changes that schedule', async () => {
  const start = await schedule('busy');
  const [older] = [await start(), await start()];
  await database.sql.begin(async (tx) => {
    await tx`select from schedules where name = 'busy' for update`;
    await recordRuns(database.sql, [record(older, 2, 'failed')]);
  });
  expect(await row('busy')).toMatchObject({ last_status: 'queued' });
});

test('a schedule that pauses on failure is paused by the record that closes the run, with a note that names it, once', async () => {
  const start = await schedule('careful', { pause_on_failure: true });
  const [cancelled, good, bad, worse] = [await start(), await start(), await start(), await start()];
  await recordRuns(database.sql, [record(cancelled, 2, 'cancelled'), record(good, 2, 'completed')]);
  expect(await row('careful')).toMatchObject({ paused: false });
  await database.sql`update schedules set arm_at = null where name = 'careful'`;
  await recordRuns(database.sql, [record(bad, 2, 'failed'), record(worse, 2, 'timed_out')]);
  const [failed] = await database.sql<{ number: number }[]>`select number from runs where id = ${bad}`;
  const note = `run #${failed?.number} failed`;
  expect(await row('careful')).toMatchObject({ paused: true, pause_note: note, paused_by: 'schedule', arm_at: expect.any(String) });
  expect(await pausesOf('careful')).toEqual([{ kind: 'failure', paused_by: 'schedule', note, is_open: true }]);
  await resumeSchedules(database.sql, 'default', { name: 'careful' }, auditOf('ann'));
  expect(await row('careful')).toMatchObject({ paused: false, pause_note: null });
  expect(await pausesOf('careful')).toMatchObject([{ is_open: false }]);
  await recordRuns(database.sql, [record(bad, 3, 'failed')]);
  expect(await row('careful')).toMatchObject({ paused: false });
});
