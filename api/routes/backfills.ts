import { Hono } from 'hono';
import { z } from 'zod';
import { cancelBackfill } from '#db/queries/backfills/backfill-progress.ts';
import { createBackfill, ListChanged } from '#db/queries/backfills/create-backfill.ts';
import { keepDryRun } from '#db/queries/backfills/dry-runs.ts';
import { findBackfill, listBackfillFires, listBackfills } from '#db/queries/backfills/list-backfills.ts';
import { type BackfillAsked, planBackfill } from '#db/queries/backfills/plan-backfill.ts';
import type { BackfillRow } from '#db/schema/backfills.ts';
import type { ScheduleRow } from '#db/schema/schedules.ts';
import { BACKFILL_FIRE_STATUSES, BACKFILL_ORDERS, MOST_BACKFILL_ACTIVE, MOST_BACKFILL_FIRES, REPROCESS } from '#jobs/backfills/words.ts';
import { namedWall } from '#jobs/recurrence/named-wall.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import { zoneData } from '#platform/zone-data.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { launchBackfill } from '../backfills.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { MomentText, readMoment, requireZone } from '../moments.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import { conflict, notFound } from '../problem.ts';
import { idempotencyOf } from '../runs/start-run.ts';
import { refuseParameters } from '../schedule-parameters.ts';
import { requireSchedule } from '../schedules.ts';
import type { Services } from '../services.ts';
import { BackfillDryRun, BackfillFireView, BackfillView, viewOfBackfill } from '../views/backfill.ts';
import { isUuid, jsonObject, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';

const Ask = z.strictObject({
  from: MomentText,
  to: MomentText,
  reprocess: z.enum(REPROCESS).default('missing').meta({ description: 'moments without a run, those whose last run ended badly, or each' }),
  max_active: z.int().min(1).max(MOST_BACKFILL_ACTIVE).default(1).meta({ description: 'its runs under way at a time' }),
  limit: z.int().min(1).max(MOST_BACKFILL_FIRES).nullable().default(null).meta({ description: 'moments at most, the first in order' }),
  order: z.enum(BACKFILL_ORDERS).default('oldest'),
  ignore_calendars: z.boolean().default(false).meta({ description: 'start also what blackouts and windows leave out' }),
  parameters: jsonObject.nullable().default(null).meta({ description: 'in place of those of the schedule, name by name' }),
  note: z.string().max(1000).nullable().default(null),
  dry_run: z.boolean().default(false),
  hash: z.string().max(100).nullable().default(null).meta({ description: 'of a dry run: start what it listed, or nothing' }),
});

/** Moments of a schedule's past that are started after all. */
export const backfills = new Hono<Env>()
  .post(
    '/:name/backfills',
    can('run:start'),
    describe({
      tag: 'schedules',
      summary:
        'Start moments of a schedule’s past, some at a time; with `dry_run`, only list them. With the same `Idempotency-Key` and body it is the same backfill',
      answers: { 200: BackfillDryRun, 202: BackfillView, 409: 'With `hash`: the list is not that of the dry run any more' },
    }),
    body(Ask),
    async (c) => {
      const { services } = c.var;
      const { sql } = services.database;
      const ask = c.req.valid('json');
      const schedule = await requireSchedule(services, c.req.param('name'));
      const zones = zoneData();
      const zone = requireZone(zones, schedule.timezone, '/timezone');
      const span = { from: readMoment(ask.from, zone, '/from'), to: readMoment(ask.to, zone, '/to') };
      const { reprocess, order, limit, ignore_calendars: ignoreCalendars, parameters, note, max_active: maxActive } = ask;
      const asked: BackfillAsked = { span, reprocess, order, limit, ignoreCalendars };
      await refuseParameters(services, schedule, parameters ?? {});
      if (ask.dry_run) {
        const plan = await planBackfill(sql, zones, schedule, asked);
        await keepDryRun(sql, schedule.id, plan);
        const fires = plan.fires.map(({ at, marks, earlier_run }) => ({
          nominal_at: new Date(at).toISOString(),
          local_time: clockAt(at, zone),
          marks: [...marks],
          wall: namedWall(at, marks, zone),
          earlier_run,
        }));
        return c.json({ dry_run: true as const, schedule: schedule.name, hash: plan.hash, total: fires.length, fires }, 200);
      }
      const wanted = { ...asked, maxActive, parameters, note, expected: ask.hash };
      const backfill = await agreed(() => createBackfill(sql, zones, schedule, wanted, auditOf(c, note), idempotencyOf(c, ask)));
      await launchBackfill(services, backfill);
      c.header('Location', `${c.req.path}/${backfill.id}`);
      return c.json(viewOfBackfill(backfill), 202);
    },
  )
  .get(
    '/:name/backfills',
    can('schedule:read'),
    describe({ tag: 'schedules', summary: 'Backfills of a schedule, newest first', answers: { 200: pageOf(BackfillView) } }),
    query(z.strictObject(Paging)),
    async (c) => {
      const { id, project } = await requireSchedule(c.var.services, c.req.param('name'));
      const { items, next } = await listBackfills(c.var.services.database.read, project, id, c.req.valid('query'));
      return c.json({ items: items.map(viewOfBackfill), next });
    },
  )
  .get(
    '/:name/backfills/:id',
    can('schedule:read'),
    describe({ tag: 'schedules', summary: 'How far a backfill is', answers: { 200: BackfillView } }),
    async (c) => {
      const schedule = await requireSchedule(c.var.services, c.req.param('name'));
      return c.json(viewOfBackfill(await requireBackfill(c.var.services, schedule, c.req.param('id'))));
    },
  )
  .get(
    '/:name/backfills/:id/fires',
    can('schedule:read'),
    describe({ tag: 'schedules', summary: 'What became of each moment, in its order', answers: { 200: pageOf(BackfillFireView) } }),
    query(z.strictObject({ ...Paging, status: z.enum(BACKFILL_FIRE_STATUSES).optional() })),
    async (c) => {
      const { services } = c.var;
      const schedule = await requireSchedule(services, c.req.param('name'));
      const { id } = await requireBackfill(services, schedule, c.req.param('id'));
      const zone = requireZone(zoneData(), schedule.timezone, '/timezone');
      const { items, next } = await listBackfillFires(services.database.sql, id, c.req.valid('query'));
      const shown = items.map(({ backfill_id: _, ...fire }) => ({ ...fire, local_time: clockAt(Date.parse(fire.nominal_at), zone) }));
      return c.json({ items: shown, next });
    },
  )
  .post(
    '/:name/backfills/:id/cancel',
    can('run:cancel'),
    describe({
      tag: 'schedules',
      summary: 'Start nothing more of a backfill; runs of it that are under way go on; with the same `Idempotency-Key` it is done once',
      answers: { 202: BackfillView, 409: 'It has nothing left to start' },
    }),
    async (c) => {
      const { services } = c.var;
      const schedule = await requireSchedule(services, c.req.param('name'));
      const found = await requireBackfill(services, schedule, c.req.param('id'));
      await orDoneBefore(c, {}, (key) => cancelBackfill(services.database.sql, found, auditOf(c), key));
      return c.json(viewOfBackfill(await requireBackfill(services, schedule, found.id)), 202);
    },
  );

async function requireBackfill({ database }: Services, schedule: ScheduleRow, id: string): Promise<BackfillRow> {
  const found = isUuid(id) ? await findBackfill(database.sql, id.toLowerCase()) : null;
  if (found?.schedule_id !== schedule.id) throw notFound(`schedule ${schedule.name} has no backfill ${id}`);
  return found;
}

async function agreed(create: () => Promise<BackfillRow>): Promise<BackfillRow> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof ListChanged) throw conflict(error.message, 'list-changed');
    throw error;
  }
}
