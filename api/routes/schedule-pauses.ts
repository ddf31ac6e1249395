import { Hono } from 'hono';
import { z } from 'zod';
import type { Audit } from '#db/audit.ts';
import { createBackfill } from '#db/queries/backfills/create-backfill.ts';
import { findRunOfKey, type Idempotency } from '#db/queries/insert-run.ts';
import { namesOf, pauseSchedules, type Resumed, resumeSchedules } from '#db/queries/schedules/pause-schedules.ts';
import { findStop, startAll, stopAll } from '#db/queries/schedules/switch-all.ts';
import type { SchedulePauseRow, ScheduleRow } from '#db/schema/schedules.ts';
import { MOST_BACKFILL_FIRES } from '#jobs/backfills/words.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { zoneData } from '#platform/zone-data.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { launchBackfill } from '../backfills.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { missedBy } from '../missed-moments.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { conflict, HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { idempotencyOf } from '../runs/start-run.ts';
import { requireSchedule } from '../schedules.ts';
import type { Services } from '../services.ts';
import { ManyPaused, ManyResumed, ResumedView, ScheduleFilter, ScheduleView, StopView, viewOfSchedule } from '../views/schedule.ts';

const Note = z.string().min(1).max(1000).nullable().default(null);
const Until = z.iso
  .datetime({ offset: true, error: 'expected an instant such as 2027-01-31T22:00:00Z' })
  .nullable()
  .default(null)
  .meta({ description: 'when it goes on by itself; null: when somebody says so' });
const Pause = z.strictObject({ note: Note, until: Until });
const { state: _, ...Fields } = ScheduleFilter;
const Filter = z.strictObject(Fields).refine((filter) => Object.keys(filter).length > 0, 'name at least one condition');

/** Schedules that are told one by one how many moments they missed, and moments that are counted of all of them. */
const MOST_TOLD = 200;
const MOST_COUNTED = 100_000;

/** Pausing schedules and letting them go on; neither starts anything. */
export const schedulePauses = new Hono<Env>()
  .post(
    '/pause',
    can('schedule:pause'),
    describe({
      tag: 'schedules',
      summary:
        'Pause all schedules that a filter means; with `dry_run`, only say which those are; with the same `Idempotency-Key` and body they are paused once',
      answers: { 200: ManyPaused },
    }),
    body(Pause.extend({ filter: Filter, dry_run: z.boolean().default(false) })),
    async (c) => {
      const { filter, note, until, dry_run: isDry } = c.req.valid('json');
      const { sql } = c.var.services.database;
      const pausing = { note, until: momentAhead(until) };
      const key = idempotencyOf(c, { filter, note, until });
      const names = isDry ? await namesOf(sql, PROJECT, filter) : await pauseSchedules(sql, PROJECT, filter, pausing, auditOf(c), key);
      return c.json({ count: names.length, schedules: names.slice(0, MOST_TOLD) });
    },
  )
  .post(
    '/resume',
    can('schedule:pause'),
    describe({
      tag: 'schedules',
      summary:
        'Let all paused schedules that a filter means go on; says how many moments they missed, and starts none of them; with the same `Idempotency-Key` and body they are resumed once',
      answers: { 200: ManyResumed },
    }),
    body(z.strictObject({ filter: Filter, note: Note })),
    async (c) => {
      const { services } = c.var;
      const { filter, note } = c.req.valid('json');
      const key = idempotencyOf(c, { filter, note });
      const resumed = await resumeSchedules(services.database.sql, PROJECT, filter, auditOf(c, note), key);
      const told = [];
      let left = MOST_COUNTED;
      for (const one of resumed.slice(0, MOST_TOLD)) {
        const missed = await missedBy(services, one, Math.max(Math.min(left, MOST_BACKFILL_FIRES), 1));
        left -= missed.count;
        told.push({ schedule: one.name, missed });
      }
      return c.json({ count: resumed.length, schedules: told });
    },
  )
  .post(
    '/:name/pause',
    can('schedule:pause'),
    describe({
      tag: 'schedules',
      summary:
        'Pause a schedule from now on; one that is paused takes the new note and end. What it started goes on. With the same `Idempotency-Key` and body it is paused once',
      answers: { 200: ScheduleView },
    }),
    body(Pause),
    async (c) => {
      const { services } = c.var;
      const { note, until } = c.req.valid('json');
      const name = c.req.param('name');
      const key = idempotencyOf(c, { note, until });
      await pauseSchedules(services.database.sql, PROJECT, { name }, { note, until: momentAhead(until) }, auditOf(c), key);
      return c.json(viewOfSchedule(await requireSchedule(services, name)));
    },
  )
  .post(
    '/:name/resume',
    can('schedule:pause'),
    describe({
      tag: 'schedules',
      summary:
        'Let a paused schedule go on; says how many moments it missed, and with `run_missed` starts them by a backfill. With the same `Idempotency-Key` and body it is the same backfill',
      answers: { 200: ResumedView, 409: 'It is not paused' },
    }),
    body(z.strictObject({ note: Note, run_missed: z.boolean().default(false) })),
    async (c) => {
      const { services } = c.var;
      const { note, run_missed: runMissed } = c.req.valid('json');
      const name = c.req.param('name');
      if (runMissed && !signedIn(c).permissions.has('run:start'))
        throw new HttpProblem(403, 'run_missed: starting runs takes the permission run:start');
      const schedule = await requireSchedule(services, name);
      const audit = auditOf(c, note);
      const key = idempotencyOf(c, { note, run_missed: runMissed });
      const { sql } = services.database;
      const isKnown = key !== null && (await findRunOfKey(sql, { ...key, project: PROJECT, actor: audit.actor })) !== null;
      if (!isKnown) await refuseResume(services, schedule, runMissed);
      const [resumed] = await resumeSchedules(sql, PROJECT, { name }, audit, key);
      if (!resumed) throw conflict(`schedule ${name} is not paused`);
      const missed = await missedBy(services, resumed, MOST_BACKFILL_FIRES);
      const backfill = runMissed && missed.count > 0 ? await runThose(services, resumed, note, audit, key) : null;
      return c.json({ ...viewOfSchedule(await requireSchedule(services, name)), missed, backfill });
    },
  );

/** A schedule that is not paused cannot go on, and more moments than a backfill may have are not started. */
async function refuseResume(services: Services, schedule: ScheduleRow, runMissed: boolean): Promise<void> {
  if (!schedule.paused) throw conflict(`schedule ${schedule.name} is not paused`);
  const paused = { ...schedule, from_at: schedule.paused_at ?? schedule.created_at, until_at: new Date().toISOString() };
  if (runMissed && (await missedBy(services, paused, MOST_BACKFILL_FIRES)).at_least) {
    const why = `more than ${MOST_BACKFILL_FIRES} moments were missed; resume without them, and start those you want by backfills`;
    throw new InvalidInput([errorAt('/run_missed', why)]);
  }
}

/** What a pause took is started one after the other, the oldest first; with the key of the request that ended the pause, once. */
async function runThose(
  services: Services,
  { from_at, until_at, ...schedule }: Resumed,
  note: string | null,
  audit: Audit,
  key: Idempotency | null,
): Promise<string> {
  const backfill = await createBackfill(
    services.database.sql,
    zoneData(),
    schedule,
    {
      span: { from: Date.parse(from_at), to: Date.parse(until_at) },
      reprocess: 'missing',
      order: 'oldest',
      limit: null,
      ignoreCalendars: false,
      maxActive: 1,
      parameters: null,
      note,
      expected: null,
    },
    audit,
    key && { ...key, key: `${key.key} missed` },
  );
  await launchBackfill(services, backfill);
  return backfill.id;
}

/** The switch that stops all schedules of a project at once. */
export const scheduleSwitch = new Hono<Env>()
  .get(
    '/',
    can('schedule:read'),
    describe({ tag: 'schedules', summary: 'Whether all schedules are stopped', answers: { 200: StopView } }),
    async (c) => c.json(stopOf(await findStop(c.var.services.database.sql, PROJECT))),
  )
  .put(
    '/',
    can('schedule:edit'),
    describe({
      tag: 'schedules',
      summary:
        'Stop all schedules, or let them go on; what each was by itself, it stays. Starts nothing, and nothing that passed meanwhile is started later. With the same `Idempotency-Key` and body it is done once',
      answers: { 200: StopView },
    }),
    body(z.strictObject({ stopped: z.boolean(), note: Note, until: Until })),
    async (c) => {
      const { sql } = c.var.services.database;
      const { stopped, note, until } = c.req.valid('json');
      if (!stopped) {
        if (until !== null) throw new InvalidInput([errorAt('/until', 'is for a stop; leave it out')]);
        await orDoneBefore(c, { stopped, note }, (key) => startAll(sql, PROJECT, auditOf(c, note), key));
        return c.json(stopOf(null));
      }
      const stop = await orChangedBefore(c, { stopped, note, until }, async (key) =>
        stopAll(sql, PROJECT, { note, until: momentAhead(until) }, auditOf(c), key),
      );
      return c.json(stopOf(stop));
    },
  );

const stopOf = (row: SchedulePauseRow | null) => ({
  stopped: row !== null,
  since: row?.from_at ?? null,
  by: row?.paused_by ?? null,
  note: row?.note ?? null,
  until: row?.until_at ?? null,
});

function momentAhead(until: string | null): Date | null {
  if (until === null) return null;
  const moment = new Date(until);
  if (moment.getTime() <= Date.now()) {
    throw new InvalidInput([errorAt('/until', `${until} is not ahead; it is ${new Date().toISOString()} now`, { value: until })]);
  }
  return moment;
}
