import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { z } from 'zod';
import { writeAudit } from '#db/audit.ts';
import { askFire } from '#db/queries/schedules/asked-fires.ts';
import { findFire, type ListedFire, listFires } from '#db/queries/schedules/list-fires.ts';
import { FIRE_STATUSES, FIRE_TRIGGERS, MISSED_REASONS } from '#db/schema/words.ts';
import { OVERLAP_POLICIES } from '#jobs/schedules/definition.ts';
import { zoneData } from '#platform/zone-data.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { MomentText, readMoment, requireZone } from '../moments.ts';
import { conflict } from '../problem.ts';
import { refuseParameters } from '../schedule-parameters.ts';
import { requireSchedule } from '../schedules.ts';
import type { Services } from '../services.ts';
import { jsonObject } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { ScheduleFirePage, ScheduleFireView, viewOfFire } from '../views/schedule-fire.ts';

const FiresQuery = z.strictObject({
  ...Paging,
  status: z.enum(FIRE_STATUSES).optional(),
  reason: z.enum(MISSED_REASONS).optional(),
  trigger: z.enum(FIRE_TRIGGERS).optional(),
  from: MomentText.optional(),
  to: MomentText.optional(),
});

const Trigger = z.strictObject({
  overlap: z.enum(OVERLAP_POLICIES).nullable().default(null).meta({ description: 'in place of that of the schedule' }),
  nominal_time: MomentText.nullable().default(null).meta({ description: 'the moment that the run stands for; null: now' }),
  parameters: jsonObject.nullable().default(null).meta({ description: 'in place of those of the schedule, name by name' }),
  note: z.string().max(1000).nullable().default(null),
});

/** So long a start by hand is waited for; after that it is told how it stands. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 100;

/** What became of the moments of schedules, and starts by hand. */
export const scheduleFires = new Hono<Env>()
  .get(
    '/:name/fires',
    can('schedule:read'),
    describe({
      tag: 'schedules',
      summary: 'What became of each moment of a schedule, the latest first: the run it started, or why it started nothing',
      answers: { 200: ScheduleFirePage },
    }),
    query(FiresQuery),
    async (c) => {
      const { services } = c.var;
      const { from, to, ...asked } = c.req.valid('query');
      const schedule = await requireSchedule(services, c.req.param('name'));
      const zone = requireZone(zoneData(), schedule.timezone, '/timezone');
      const moment = (text: string | undefined, pointer: string) => text && new Date(readMoment(text, zone, pointer));
      const span = { from: moment(from, '/from') || undefined, to: moment(to, '/to') || undefined };
      const page = await listFires(services.database.read, { schedule: schedule.id, ...asked, ...span });
      return c.json({ ...page, items: page.items.map((row) => viewOfFire(row, zone)) });
    },
  )
  .post(
    '/:name/trigger',
    can('run:start'),
    describe({
      tag: 'schedules',
      summary: 'Start a schedule’s job now, also while it is paused, by an overlap policy and for a moment of choice',
      answers: {
        201: ScheduleFireView,
        202: ScheduleFireView,
        409: 'A run of the schedule is in the way by the overlap policy, or its job takes no run; the moment says so, too',
      },
    }),
    body(Trigger),
    async (c) => {
      const { services } = c.var;
      const { overlap, nominal_time, parameters, note } = c.req.valid('json');
      const schedule = await requireSchedule(services, c.req.param('name'));
      const zone = requireZone(zoneData(), schedule.timezone, '/timezone');
      await refuseParameters(services, schedule, parameters ?? {});
      const wanted = nominal_time === null ? Date.now() : readMoment(nominal_time, zone, '/nominal_time');
      // Temporal cuts moments to seconds.
      const nominalAt = Math.floor(wanted / 1_000) * 1_000;
      const audit = auditOf(c, note ?? undefined);
      const { id } = await services.database.sql.begin(async (tx) => {
        const fire = await askFire(tx, schedule, { nominalAt, overlap, parameters, note, actor: audit.actor });
        const after = { nominal_time: fire.nominal_at, again: fire.again, overlap, parameters };
        await writeAudit(tx, audit, {
          project: schedule.project,
          action: 'schedule.trigger',
          subject_kind: 'schedule',
          subject: schedule.name,
          after,
        });
        return fire;
      });
      const fire = await settled(services, id);
      if (fire.status === 'missed') throw conflict(`schedule ${schedule.name} started nothing: ${fire.message ?? fire.reason}`);
      return c.json(viewOfFire(fire, zone), fire.status === 'started' ? 201 : 202);
    },
  );

/** The start that was asked for once it is known what becomes of it, or as it stands after a while: a worker sees to it. */
async function settled({ database }: Services, id: string): Promise<ListedFire> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const fire = await findFire(database.sql, id);
    if (!fire) throw conflict('the schedule was just deleted');
    const isWaiting = fire.status === 'asked' && (fire.told_at === null || Date.parse(fire.told_at) > Date.now() - 2_000);
    if (!isWaiting || Date.now() > until) return fire;
    await sleep(LOOK_MS);
  }
}
