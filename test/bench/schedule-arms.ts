import { setTimeout as sleep } from 'node:timers/promises';
import { acceptCausedRun } from '#db/queries/accept-caused-run.ts';
import { findJob, type JobAtVersion } from '#db/queries/find-job.ts';
import { acceptFire } from '#db/queries/schedules/accept-fire.ts';
import { saveSchedule } from '#db/queries/schedules/save-schedule.ts';
import { nextStarts } from '#jobs/recurrence/next.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { readSchedule } from '#jobs/schedules/read-schedule.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import { zoneData } from '#platform/zone-data.ts';
import { createLaunch } from '#worker/launch.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Ground } from './bench-stack.ts';
import { quantile } from './measure.ts';

const PROJECT = 'default';
const AT_ONCE = 50;
const LOOK_MS = 500;
const audit = { actor: 'bench', request_id: 'bench' };

/** Clocks far apart, among them some half an hour off. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
  'Africa/Cairo',
];

/** What became of moments that were to start runs, in milliseconds from when they were due. */
export interface Burst {
  readonly wanted: number;
  /** Until the run was under way. */
  readonly lags: readonly number[];
  /** Until the last one had ended. */
  readonly ended: number;
  readonly lost: number;
  readonly twice: number;
  /** Begun more than a minute late. */
  readonly late: number;
}

/** The text of the n-th schedule that is due at a moment: daily, or on that weekday, by the clocks of one of many zones. */
export function scheduleDue(name: string, job: string, n: number, at: number): string {
  const timezone = ZONES[n % ZONES.length] ?? 'UTC';
  const zone = zoneData().zone(timezone);
  if (!zone) throw new Error(`no zone ${timezone}`);
  const [date = '', time = ''] = clockAt(at, zone).split(/[T ]/);
  const [hour, minute] = time.split(':').map(Number);
  const weekday = n % 3 === 0 ? new Date(`${date}T00:00:00Z`).getUTCDay() : '*';
  return JSON.stringify({ name, job, timezone, cron: `${minute} ${hour} * * ${weekday}` });
}

/** Saves schedules as a person does, some at a time. */
export async function saveAll({ database: { sql } }: Ground, texts: readonly string[]): Promise<readonly ScheduleDefinition[]> {
  const definitions: ScheduleDefinition[] = [];
  await eachOf(texts, 8, async (source) => {
    const now = Date.now();
    const { definition, format } = readSchedule(source, zoneData(), now);
    const zone = zoneData().zone(definition.timezone ?? 'UTC');
    const [next] = zone ? nextStarts(ruleOf(definition), zone, now, 1) : [];
    await saveSchedule(sql, PROJECT, { source, format, definition, nextAt: next?.at ?? null }, null, audit);
    definitions.push(definition);
  });
  return definitions;
}

/** Waits until Temporal has been told of all schedules since then; answers with the milliseconds that took. */
export async function untilArmed({ database: { sql } }: Ground, since: number): Promise<number> {
  for (;;) {
    const [left] = await sql<{ n: number; problem: string | null }[]>`
      select count(*)::integer as n, max(arm_problem) as problem from schedules
      where arm_at is not null or arming_until is not null or armed_version is null`;
    if (left?.n === 0) return Date.now() - since;
    if (left?.problem) throw new Error(`a schedule cannot be told: ${left.problem}`);
    await sleep(LOOK_MS);
  }
}

/** Waits for the moment and until nothing more comes of it. */
export async function watchBurst(ground: Ground, names: string, due: number, patienceMs: number): Promise<Burst> {
  const { sql } = ground.database;
  const at = new Date(due);
  const [all] = await sql<{ wanted: number }[]>`select count(*)::integer as wanted from schedules where name like ${names}`;
  const wanted = all?.wanted ?? 0;
  await sleep(Math.max(0, due - Date.now()));
  for (let ended = 0; ended < wanted && Date.now() < due + patienceMs; ) {
    await sleep(LOOK_MS);
    const [seen] = await sql<
      { n: number }[]
    >`select count(*)::integer as n from runs where nominal_at = ${at} and schedule like ${names} and ended_at is not null`;
    ended = seen?.n ?? 0;
  }
  // Whatever should not come has time to.
  await sleep(5_000);
  const runs = await sql<{ schedule_id: string; began: string; ended: string | null }[]>`
    select schedule_id, coalesce(started_at, ended_at, created_at) as began, ended_at as ended from runs where nominal_at = ${at} and schedule like ${names}`;
  const [fires] = await sql<{ started: number; late: number }[]>`
    select count(*) filter (where status = 'started')::integer as started, count(*) filter (where trigger <> 'schedule')::integer as late
    from schedule_fires where nominal_at = ${at} and schedule like ${names}`;
  const distinct = new Set(runs.map(({ schedule_id }) => schedule_id)).size;
  return {
    wanted,
    lags: runs.map(({ began }) => Date.parse(began) - due),
    ended: Math.max(...runs.map(({ ended }) => Date.parse(ended ?? '')), due) - due,
    lost: wanted - Math.min(distinct, fires?.started ?? 0),
    twice: runs.length - distinct,
    late: fires?.late ?? 0,
  };
}

/** The same runs of the same job, begun by a loop of `client.start`: what the machine can do without schedules. */
export async function bareLoop(ground: Ground, job: string, runs: number): Promise<Burst> {
  const found = await jobOf(ground, job);
  return loop(ground, runs, async () => {
    const cause = { project: PROJECT, trigger: 'api' as const, created_by: 'bench', message: null };
    const { input } = await ground.database.sql.begin((tx) => acceptCausedRun(tx, found, {}, cause));
    return input;
  });
}

/** One start for all of them: the rows of these schedules are gone through, and each is given its run for the moment and started. */
export async function groupedFires(ground: Ground, names: string, moment: number): Promise<Burst> {
  const { sql } = ground.database;
  const ids = await sql<{ id: string }[]>`select id from schedules where name like ${names} order by id`;
  return loop(ground, ids.length, async (n) => {
    const schedule = ids[n]?.id ?? '';
    const outcome = await sql.begin((tx) => acceptFire(tx, zoneData(), { schedule, nominalAt: moment, trigger: 'schedule' }));
    if (!('input' in outcome)) throw new Error(`${schedule} was given no run: ${JSON.stringify(outcome)}`);
    return outcome.input;
  });
}

async function loop({ client, database }: Ground, runs: number, accept: (n: number) => Promise<RunInput>): Promise<Burst> {
  const { sql } = database;
  const launch = createLaunch(database, client);
  const began = Date.now();
  const ids: string[] = [];
  await eachOf(Array.from({ length: runs }), AT_ONCE, async (_, n) => {
    const input = await accept(n);
    ids.push(input.run);
    await launch(input);
  });
  for (;;) {
    const rows = await sql<{ began: string | null; ended: string | null }[]>`
      select coalesce(started_at, ended_at) as began, ended_at as ended from runs where id = any(${ids}::uuid[])`;
    if (rows.every(({ ended }) => ended !== null)) {
      const lags = rows.map((row) => Date.parse(row.began ?? '') - began);
      const ended = Math.max(...rows.map((row) => Date.parse(row.ended ?? ''))) - began;
      return { wanted: runs, lags, ended, lost: runs - rows.length, twice: 0, late: 0 };
    }
    await sleep(LOOK_MS);
  }
}

async function jobOf({ database: { sql } }: Ground, name: string): Promise<JobAtVersion> {
  const job = await findJob(sql, PROJECT, name);
  if (!job) throw new Error(`there is no job ${name}`);
  return job;
}

/** Does something with each of a list, so many at a time. */
async function eachOf<T>(list: readonly T[], atOnce: number, work: (one: T, n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let n = next++; n < list.length; n = next++) await work(list[n] as T, n);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

/** The lag that this share of the runs did not exceed. */
export const lagAt = ({ lags }: Burst, share: number): number => Math.round(quantile(lags, share));
