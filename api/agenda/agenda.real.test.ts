import { assert, asyncProperty, constantFrom, integer, oneof, option, record, uniqueArray } from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Sql } from '#db/client.ts';
import type { AgendaFilter } from '#db/queries/agenda/standing-schedules.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { accept, planOf } from '#db/testing/runs.ts';
import { AGENDA_STATES } from '#jobs/agenda/words.ts';
import { candidates } from '#jobs/recurrence/candidates.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { Zone } from '#jobs/zones/zone.ts';
import { zoneData } from '#platform/zone-data.ts';
import { countAgenda as count } from './count-agenda.ts';
import { Outlook } from './outlook.ts';
import { Pace } from './pace.ts';
import { type AgendaAsked, type AgendaEntry, readAgenda as read } from './read-agenda.ts';
import { readRules } from './rules.ts';

const zones = zoneData();
const zoneOf = (name: string) => {
  const zone = zones.zone(name);
  if (!zone) throw new Error(`no zone ${name}`);
  return zone;
};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let database: TestDatabase;
const outlook = new Outlook(zones);
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
afterEach(async () => {
  await database.sql`truncate schedules, schedule_fires, schedule_pauses, calendars cascade`;
});

const readAgenda = async (sql: Sql, outlook: Outlook, what: AgendaAsked) => {
  const pace = new Pace();
  return read(sql, await readRules(sql, outlook, what, what.span, pace), what, pace);
};
const countAgenda = async (sql: Sql, outlook: Outlook, filter: AgendaFilter, span: Span, zone: Zone) => {
  const pace = new Pace();
  return count(sql, await readRules(sql, outlook, filter, span, pace), filter, span, zone, pace);
};

interface Made {
  readonly id: string;
  readonly since: number;
  readonly definition: ScheduleDefinition;
}

/** A schedule as it stands once Temporal knows it and the sweep has been there. */
async function schedule(definition: Partial<ScheduleDefinition> & { readonly name: string }, columns: object = {}): Promise<Made> {
  const whole: ScheduleDefinition = { job: 'backup', ...definition };
  const row = {
    id: uuidv7(),
    name: whole.name,
    job: whole.job,
    source: '',
    format: 'yaml',
    timezone: whole.timezone ?? 'UTC',
    created_by: 'ann',
    updated_by: 'ann',
    swept_until: new Date(Math.floor(Date.now() / MINUTE) * MINUTE - 5 * MINUTE),
    effective_at: new Date(0),
    ...columns,
  };
  await database.sql`insert into schedules ${database.sql({ ...row, definition: database.sql.json(whole as never) } as never)}`;
  return { id: row.id, since: row.swept_until.getTime(), definition: whole };
}

const fire = async ({ id, definition }: Made, at: number, status: string, more: object = {}) => {
  const row = { schedule_id: id, schedule: definition.name, nominal_at: new Date(at), trigger: 'schedule', status, ...more };
  await database.sql`insert into schedule_fires ${database.sql(row)}`;
};

const asked = (span: Span, more: Partial<AgendaAsked> = {}): AgendaAsked => ({
  project: 'default',
  span,
  states: null,
  limit: 50,
  ...more,
});

async function all(what: AgendaAsked): Promise<readonly AgendaEntry[]> {
  const entries: AgendaEntry[] = [];
  for (let after: string | undefined; ; ) {
    const page = await readAgenda(database.sql, outlook, { ...what, after });
    entries.push(...page.items);
    expect(page.items.length).toBeLessThanOrEqual(what.limit);
    if (page.next === null) return entries;
    after = page.next;
  }
}

const stateOf = (entry: AgendaEntry): string =>
  entry.kind === 'moment' ? entry.outcome.state : entry.kind === 'fire' ? entry.fire.status : 'delayed';

test('pages in a row are all that the rules mean and all that became of it, each once and in order, and the counts are those of the list', async () => {
  const fleet = uniqueArray(
    record({
      rule: constantFrom<Partial<ScheduleDefinition>>(
        { cron: '*/20 * * * *' },
        { cron: '30 2 * * *', dst: { gap: 'skip', fold: 'both' } },
        { cron: '0 0 * * 1-5' },
        { every: '45m' },
        { every: '7h', anchor: '2026-01-01T00:00:10.500Z' },
        { every_days: 2, at: '06:15' },
        { scheduled_for: new Date(Date.now() + 3 * HOUR).toISOString() },
      ),
      timezone: constantFrom('Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
      paused: option(integer({ min: 1, max: 40 }), { nil: null }),
      number: integer({ min: 0, max: 99 }),
    }),
    { minLength: 1, maxLength: 12, selector: ({ number }) => number },
  );
  const asking = record({
    fleet,
    // Over the changes of clocks of the half year that follows.
    start: oneof(constantFrom(-1), integer({ min: 0, max: 200 * 24 })),
    hours: integer({ min: 1, max: 60 }),
    limit: integer({ min: 3, max: 60 }),
    zone: constantFrom('Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
  });
  await assert(
    asyncProperty(asking, async ({ fleet, start, hours, limit, zone }) => {
      await database.sql`truncate schedules, schedule_fires cascade`;
      const made: Made[] = [];
      for (const { rule, timezone, paused, number } of fleet) {
        const until = paused === null ? {} : { paused: true, paused_until: paused > 30 ? null : new Date(Date.now() + paused * HOUR) };
        made.push(await schedule({ name: `s${number}`, timezone, ...rule }, until));
      }
      const from = Date.now() + start * HOUR;
      const span = { from, to: from + hours * HOUR };
      const wanted = made
        .flatMap(({ id, since, definition }) => {
          const own = { from: Math.max(from, since), to: span.to };
          if (own.from >= own.to) return [];
          return [...candidates(ruleOf(definition), zoneOf(definition.timezone ?? 'UTC'), own)].map(({ at, reason }) => ({
            at,
            id,
            reason,
          }));
        })
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
      const listed = await all(asked(span, { limit }));
      expect(listed.map(({ at, id }) => [at, id])).toEqual(wanted.map(({ at, id }) => [at, id]));
      const { hours: counted, until } = await countAgenda(database.sql, outlook, { project: 'default' }, span, zoneOf(zone));
      expect(until).toBe(span.to);
      for (const hour of counted) {
        const inside = listed.filter(({ at }) => at >= hour.from && at < hour.to);
        const counts = Object.fromEntries(AGENDA_STATES.map((state) => [state, inside.filter((entry) => stateOf(entry) === state).length]));
        expect({ ...zeroes, ...hour.counts }).toEqual(counts);
      }
      expect(counted.at(0)?.from).toBe(span.from);
      expect(counted.at(-1)?.to).toBe(span.to);
    }),
    { numRuns: 12 },
  );
});
const zeroes = Object.fromEntries(AGENDA_STATES.map((state) => [state, 0]));

test('what has a row is told by its row, whether it has passed or somebody asked for it ahead of its time', async () => {
  const next = Math.ceil(Date.now() / HOUR) * HOUR;
  const hourly = await schedule({ name: 'hourly', every: '1h' }, { swept_until: new Date(next - 30 * MINUTE) });
  const { run } = await accept(database.sql, { trigger: 'schedule' });
  await fire(hourly, next - 3 * HOUR, 'started', { run });
  await fire(hourly, next - 2 * HOUR, 'missed', { reason: 'paused', message: 'paused by ann' });
  await fire(hourly, next - 2 * HOUR, 'started', { again: 1, trigger: 'backfill' });
  await fire(hourly, next + HOUR, 'asked', { trigger: 'manual', asked_by: 'ann' });
  const span = { from: next - 4 * HOUR, to: next + 3 * HOUR };
  const listed = await all(asked(span, { limit: 2 }));
  expect(listed.map((entry) => [(entry.at - next) / HOUR, entry.again, stateOf(entry)])).toEqual([
    [-3, 0, 'started'],
    [-2, 0, 'missed'],
    [-2, 1, 'started'],
    [0, 0, 'planned'],
    [1, 0, 'asked'],
    [2, 0, 'planned'],
  ]);
  expect(listed[0]).toMatchObject({ fire: { run, run_status: 'queued', job: 'backup' } });
  const { hours } = await countAgenda(database.sql, outlook, { project: 'default' }, span, zoneOf('UTC'));
  expect(hours.map(({ counts }) => counts)).toEqual([
    {},
    { started: 1 },
    { missed: 1, started: 1 },
    {},
    { planned: 1 },
    { asked: 1 },
    { planned: 1 },
  ]);
});

test('a schedule that is paused or stopped is shown with what it would start, a run that waits stands beside, and states, jobs and schedules are filters', async () => {
  await schedule({ name: 'running', every: '2h' });
  await schedule({ name: 'paused', every: '2h', job: 'report' }, { paused: true });
  await schedule({ name: 'stopped', every: '2h' }, { stopped_reason: 'there is no job backup' });
  const next = Math.ceil(Date.now() / (2 * HOUR)) * 2 * HOUR;
  const span = { from: next, to: next + HOUR };
  const run = uuidv7();
  const input = { run, project: 'default', plan: planOf('backup'), parameters: {}, target: null, scheduledFor: next + MINUTE };
  await accept(database.sql, { input });
  const names = async (more: Partial<AgendaAsked>) =>
    (await all(asked(span, more))).map((entry) => `${entry.kind === 'moment' ? entry.found.of.name : entry.id} ${stateOf(entry)}`).sort();
  expect(await names({})).toEqual([`${run} delayed`, 'paused paused', 'running planned', 'stopped paused']);
  expect(await names({ states: ['planned'] })).toEqual(['running planned']);
  expect(await names({ states: ['delayed'] })).toEqual([`${run} delayed`]);
  expect(await names({ job: 'report' })).toEqual(['paused paused']);
  expect(await names({ schedule: 'stopped' })).toEqual(['stopped paused']);
  await database.sql`insert into schedule_pauses (kind, paused_by) values ('maintenance', 'ann')`;
  expect(await names({ schedule: 'running' })).toEqual(['running paused']);
});

test('an edit of a schedule and of a calendar that it uses is seen at once', async () => {
  const made = await schedule({ name: 'nightly', cron: '0 2 * * *', calendars: [{ name: 'holidays', use: 'block' }] });
  const entries = (list: readonly string[]) => database.sql.json({ entries: list });
  const day = new Date(Date.now() + 48 * HOUR).toISOString().slice(0, 10);
  const row = { id: uuidv7(), name: 'holidays', source: '', format: 'yaml', created_by: 'ann', updated_by: 'ann' };
  await database.sql`insert into calendars ${database.sql({ ...row, definition: entries(['1999-01-01']) } as never)}`;
  const from = Date.parse(`${day}T00:00:00Z`);
  const look = async () => (await all(asked({ from, to: from + 24 * HOUR }))).map((entry) => [(entry.at - from) / HOUR, stateOf(entry)]);
  expect(await look()).toEqual([[2, 'planned']]);
  await database.sql`update calendars set definition = ${entries([day])}, version = version + 1`;
  expect(await look()).toEqual([[2, 'left_out']]);
  const edited = { ...made.definition, cron: '0 5 * * *', calendars: undefined };
  await database.sql`update schedules set version = version + 1, definition = ${database.sql.json(edited as never)}`;
  expect(await look()).toEqual([[5, 'planned']]);
});
