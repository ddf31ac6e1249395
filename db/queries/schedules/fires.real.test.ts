import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { zoneData } from '#platform/zone-data.ts';
import { jsonRows } from '../../client.ts';
import type { ScheduleFireRow } from '../../schema/schedules.ts';
import { type TestDatabase, testDatabase } from '../../testing/database.ts';
import { auditOf, planOf } from '../../testing/runs.ts';
import { findRun } from '../find-run.ts';
import { saveJob } from '../save-job.ts';
import { acceptFire, type Fire } from './accept-fire.ts';
import { writeVerdicts } from './sweep.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const definition = {
    name: 'quick',
    parameters: { n: { type: 'integer' } },
    steps: [{ id: 'one', type: 'local.exec', config: { command: 'true' } }],
  };
  const job = { source: '', format: 'yaml', definition, plan: planOf('quick', ['one']), hash: 'a' } as const;
  await saveJob(database.sql, 'default', job as never, null, auditOf('ann'));
});
afterAll(() => database?.close());

const HOUR = 3_600_000;
const AT = Math.floor(Date.now() / HOUR) * HOUR;

async function schedule(definition: Partial<ScheduleDefinition> = {}): Promise<string> {
  const id = randomUUID();
  const whole = { name: id, job: 'quick', every: '1h', timezone: 'Europe/Berlin', parameters: { n: 1 }, ...definition };
  await database.sql`
    insert into schedules (id, name, job, source, format, definition, timezone, created_by, updated_by)
    values (${id}, ${id}, ${whole.job}, '', 'yaml', ${jsonRows(database.sql, [whole])} -> 0, ${whole.timezone}, 'ann', 'ann')`;
  return id;
}

const by = (execution: string) => ({ id: `schedule:x-${execution}`, execution });
const accept = (fire: Partial<Fire> & { readonly schedule: string }) =>
  database.sql.begin((tx) => acceptFire(tx, zoneData(), { nominalAt: AT, trigger: null, ...fire }));
const rowsOf = (id: string) =>
  database.sql<ScheduleFireRow[]>`select * from schedule_fires where schedule_id = ${id} order by nominal_at, again`;

test('whoever comes first at a moment has its run, and none of the others', async () => {
  const id = await schedule();
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => accept({ schedule: id, workflow: by(String(n)) })));
  expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'taken')).toHaveLength(9);
  expect(await rowsOf(id)).toHaveLength(1);
});

test('a workflow that asks again is given the run that it is, with all that it began with', async () => {
  const id = await schedule();
  const first = await accept({ schedule: id, workflow: by('a') });
  // What is changed between the two words of it does not change it.
  await database.sql`update schedules set definition = definition || '{"parameters": {"n": 2}, "timezone": "Asia/Tokyo"}' where id = ${id}`;
  const again = await accept({ schedule: id, workflow: by('a') });
  expect([first.outcome, again.outcome]).toEqual(['accepted', 'known']);
  if (first.outcome !== 'accepted' || again.outcome !== 'known') return;
  expect(again.input).toEqual(first.input);
  expect(again.input).toMatchObject({
    run: first.run,
    workflowId: 'schedule:x-a',
    parameters: { n: 1 },
    schedule: {
      name: id,
      nominal_time: new Date(AT).toISOString(),
      zone: 'Europe/Berlin',
      previous: new Date(AT - HOUR).toISOString(),
      next: new Date(AT + HOUR).toISOString(),
    },
  });
  expect(await findRun(database.sql, 'default', first.run)).toMatchObject({
    schedule_id: id,
    workflow_id: 'schedule:x-a',
    trigger: 'schedule',
  });
  expect(await database.sql`select from outbox where run = ${first.run}`).toHaveLength(0);
});

test('a moment that the schedule does not mean, or not any more, leaves no trace', async () => {
  const id = await schedule();
  expect(await accept({ schedule: id, nominalAt: AT + 60_000, workflow: by('a') })).toEqual({ outcome: 'taken', run: null });
  await database.sql`
    insert into schedule_versions (schedule_id, version, definition, from_at, author)
    select id, 2, definition || '{"every": "2h", "anchor": "1970-01-01T00:30:00Z"}', ${new Date(AT - 1)}, 'ann' from schedules where id = ${id}`;
  expect(await accept({ schedule: id, workflow: by('b') })).toEqual({ outcome: 'taken', run: null });
  expect(await rowsOf(id)).toEqual([]);
  // A person may start any.
  expect(await accept({ schedule: id, trigger: 'manual', askedBy: 'ann' })).toMatchObject({ outcome: 'accepted' });
  expect(await accept({ schedule: randomUUID() })).toEqual({ outcome: 'gone' });
});

test.each([
  ['its job is gone', { job: 'none' }, 'job_disabled', 'there is no job none'],
  ['its job has no such version', { version: 7 }, 'job_disabled', 'there is no job quick at version 7'],
  ['its parameters do not fit', { parameters: { n: 'x' } }, 'invalid', 'job quick does not take this'],
] as const)('a moment is missed when %s', async (_, definition, reason, message) => {
  const id = await schedule(definition);
  expect(await accept({ schedule: id, workflow: by('a') })).toMatchObject({
    outcome: 'missed',
    reason,
    message: expect.stringContaining(message),
  });
  expect(await rowsOf(id)).toMatchObject([{ status: 'missed', reason, run: null }]);
});

test('a pause at the moment or now keeps it from starting, unless a person asks for it', async () => {
  for (const [from, until] of [
    [AT - 1, AT + 1],
    [Date.now() - 1_000, null],
  ] as const) {
    const id = await schedule();
    await database.sql`
      insert into schedule_pauses (schedule_id, kind, from_at, until_at, paused_by)
      values (${id}, 'paused', ${new Date(from)}, ${until && new Date(until)}, 'ann')`;
    expect(await accept({ schedule: id, workflow: by('a') })).toMatchObject({
      outcome: 'missed',
      reason: 'paused',
      message: 'paused by ann',
    });
    expect(await accept({ schedule: id, workflow: by('b') })).toEqual({ outcome: 'taken', run: null });
    expect(await accept({ schedule: id, trigger: 'manual', askedBy: 'ben' })).toMatchObject({ outcome: 'accepted' });
  }
});

test('what was taken for missed begins after all when Temporal starts it', async () => {
  const id = await schedule();
  const schedule_ = { id, project: 'default', name: id };
  await writeVerdicts(database.sql, schedule_, [
    { at: AT, verdict: { status: 'missed', reason: 'overlap', message: 'a run was under way' } },
  ]);
  expect(await accept({ schedule: id, workflow: by('a') })).toMatchObject({ outcome: 'accepted' });
  await writeVerdicts(database.sql, schedule_, [{ at: AT, verdict: { status: 'asked', trigger: 'catchup' } }]);
  expect(await rowsOf(id)).toMatchObject([{ status: 'started', reason: null, message: null }]);
});

test('a schedule shows the run of its last moment, whichever is started later', async () => {
  const id = await schedule();
  const first = await accept({ schedule: id, workflow: by('a') });
  await accept({ schedule: id, nominalAt: AT - HOUR, trigger: 'backfill', backfill: randomUUID() });
  expect(await database.sql`select last_fire_at, last_run from schedules where id = ${id}`).toEqual([
    { last_fire_at: new Date(AT).toISOString(), last_run: first.outcome === 'accepted' && first.run },
  ]);
});

test('a moment of a zone that the zone data have no more is missed, and says so', async () => {
  const id = await schedule({ timezone: 'Atlantis/Poseidonis' });
  expect(await accept({ schedule: id, workflow: by('a') })).toMatchObject({
    outcome: 'missed',
    reason: 'invalid',
    message: expect.stringContaining('have no zone Atlantis/Poseidonis'),
  });
});
