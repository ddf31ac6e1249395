import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonRows } from '#db/client.ts';
import type { ScheduleFireRow } from '#db/schema/schedules.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { zoneData } from '#platform/zone-data.ts';
import { sweepSchedules } from './sweep.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

const MINUTE = 60_000;
const minute = Math.floor(Date.now() / MINUTE) * MINUTE;
const iso = (at: number) => new Date(at).toISOString();

/** Schedules that were there, and looked over by nobody, since a moment. */
async function schedules(
  count: number,
  since: number,
  definition: Partial<ScheduleDefinition>,
  also: object = {},
): Promise<readonly string[]> {
  const { sql } = database;
  const rows = Array.from({ length: count }, () => {
    const id = randomUUID();
    const whole = { name: id, job: 'quick', ...definition };
    return { id, name: id, definition: whole, swept_until: iso(since), live_since: iso(since), ...also };
  });
  await sql`
    insert into schedules (id, name, job, source, format, definition, timezone, created_by, updated_by, swept_until, live_since)
    select id, name, 'quick', '', 'yaml', definition, 'UTC', 'ann', 'ann', swept_until, live_since
    from jsonb_to_recordset(${jsonRows(sql, rows)}) as r (id uuid, name text, definition jsonb, swept_until timestamptz, live_since timestamptz)`;
  await sql`
    insert into schedule_versions (schedule_id, version, definition, from_at, author)
    select id, 1, definition, ${new Date(since - 3_600_000)}, 'ann' from schedules where id = any(${rows.map(({ id }) => id)}::uuid[])`;
  return rows.map(({ id }) => id);
}
const sweep = () => sweepSchedules(database, zoneData());
const rowsOf = (id: string | undefined) =>
  database.sql<ScheduleFireRow[]>`select * from schedule_fires where schedule_id = ${String(id)} order by nominal_at, again`;

test('schedules that may still start something for an hour keep nobody from looking over the others', async () => {
  await schedules(250, minute - 10 * MINUTE, { cron: '* * * * *', start_at: iso(minute - 8 * MINUTE), jitter: '59m' });
  const [other] = await schedules(1, minute - 4 * MINUTE, { cron: '* * * * *', catchup_window: '10s' });
  const from = Date.now();
  await sweep();
  expect(Date.now() - from).toBeLessThan(9_000);
  expect((await rowsOf(other)).length).toBeGreaterThanOrEqual(3);
}, 30_000);

test('a schedule that cannot be read keeps nobody from looking over the others, and is told of', async () => {
  const [bad] = await schedules(1, minute - 5 * MINUTE, { every: 'soon' });
  const [good] = await schedules(1, minute - 4 * MINUTE, { every: '1m', catchup_window: '10s' });
  await expect(sweep()).rejects.toThrow('soon');
  expect((await rowsOf(good)).length).toBeGreaterThanOrEqual(3);
  expect(await rowsOf(bad)).toEqual([]);
  await sweep();
});

test('a moment that a calendar took before it was changed is not started because of the change', async () => {
  await database.sql`
    insert into calendars (id, name, source, format, definition, created_by, updated_by)
    values (${randomUUID()}, 'freeze', '', 'yaml', ${jsonRows(database.sql, [{ name: 'freeze', dates: ['2020-01-01'] }])} -> 0, 'ann', 'ann')`;
  const [id] = await schedules(
    1,
    minute - 3 * MINUTE,
    { every: '1m', end_at: iso(minute), catchup_window: '1h', calendars: [{ name: 'freeze', use: 'block' }] },
    { live_since: iso(minute - MINUTE + 1) },
  );
  await sweep();
  const rows = await rowsOf(id);
  expect(rows.map(({ nominal_at, status }) => [nominal_at, status])).toContainEqual([iso(minute - 2 * MINUTE), 'missed']);
  expect(rows.filter(({ status }) => status !== 'missed')).toEqual([]);
});

test('a moment within a pause says so at once, and one that may still start something only later', async () => {
  const [id] = await schedules(1, minute - 3 * MINUTE, { every: '10s', overlap: 'allow_all', catchup_window: '1h' });
  await database.sql`
    insert into schedule_pauses (schedule_id, kind, from_at, until_at, paused_by)
    values (${String(id)}, 'paused', ${new Date(minute - 40_000)}, ${new Date(minute)}, 'ann')`;
  await sweep();
  const now = Date.now();
  const rows = await rowsOf(id);
  for (const at of [40, 30, 20, 10].map((before) => iso(minute - before * 1_000)))
    expect(rows).toContainEqual(expect.objectContaining({ nominal_at: at, status: 'missed', reason: 'paused' }));
  for (const row of rows) if (row.status === 'asked') expect(Date.parse(row.nominal_at)).toBeLessThan(now - 60_000);
});
