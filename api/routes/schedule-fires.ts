import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { z } from 'zod';
import { type Audit, writeAudit } from '#db/audit.ts';
import { fireKey } from '#db/queries/agenda/agenda-rows.ts';
import { findRunOfKey } from '#db/queries/insert-run.ts';
import { askFire } from '#db/queries/schedules/asked-fires.ts';
import { clockMarks } from '#db/queries/schedules/clock-marks.ts';
import { findFire, type ListedFire, listFires } from '#db/queries/schedules/list-fires.ts';
import { keyMade, type OwnedKey, takeKey } from '#db/queries/take-key.ts';
import type { ScheduleRow } from '#db/schema/schedules.ts';
import { OVERLAP_POLICIES } from '#jobs/schedules/definition.ts';
import { FIRE_STATUSES, FIRE_TRIGGERS, MISSED_REASONS } from '#jobs/schedules/fire-state.ts';
import type { Zone } from '#jobs/zones/zone.ts';
import { zoneData } from '#platform/zone-data.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { MomentText, readMoment, requireZone } from '../moments.ts';
import { conflict } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { idempotencyOf } from '../runs/start-run.ts';
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
      const clocks = await clockMarks(services.database.read, zoneData(), page.items);
      return c.json({ ...page, items: page.items.map((row) => viewOfFire(row, zone, clocks.get(keyOfFire(row)))) });
    },
  )
  .post(
    '/:name/trigger',
    can('run:start'),
    describe({
      tag: 'schedules',
      summary:
        'Start a schedule’s job now, also while it is paused, by an overlap policy and for a moment of choice. With the same `Idempotency-Key` and body it is the same start',
      answers: {
        201: ScheduleFireView,
        202: ScheduleFireView,
        409: 'A run of the schedule is in the way by the overlap policy, or its job takes no run; the moment says so, too',
      },
    }),
    body(Trigger),
    async (c) => {
      const { services } = c.var;
      const ask = c.req.valid('json');
      const schedule = await requireSchedule(services, c.req.param('name'));
      const zone = requireZone(zoneData(), schedule.timezone, '/timezone');
      const audit = auditOf(c, ask.note ?? undefined);
      const idempotency = idempotencyOf(c, ask);
      const key = idempotency && { ...idempotency, project: PROJECT, actor: audit.actor };
      const known = key && (await findRunOfKey(services.database.sql, key));
      const fire = await settled(services, known ?? (await askedFor(services, schedule, zone, ask, audit, key)));
      if (fire.status === 'missed') throw conflict(`schedule ${schedule.name} started nothing: ${fire.message ?? fire.reason}`);
      const clocks = await clockMarks(services.database.sql, zoneData(), [fire]);
      return c.json(viewOfFire(fire, zone, clocks.get(keyOfFire(fire))), fire.status === 'started' ? 201 : 202);
    },
  );

/** Writes down what is asked for, once for a key; the id of the moment. */
async function askedFor(
  services: Services,
  schedule: ScheduleRow,
  zone: Zone,
  { overlap, nominal_time, parameters, note }: z.output<typeof Trigger>,
  audit: Audit,
  key: OwnedKey | null,
): Promise<string> {
  await refuseParameters(services, schedule, parameters ?? {});
  const wanted = nominal_time === null ? Date.now() : readMoment(nominal_time, zone, '/nominal_time');
  // Temporal cuts moments to seconds.
  const nominalAt = Math.floor(wanted / 1_000) * 1_000;
  return services.database.sql.begin(async (tx) => {
    const made = key && (await takeKey(tx, key, schedule.id));
    if (made) return made;
    const fire = await askFire(tx, schedule, { nominalAt, overlap, parameters, note, actor: audit.actor });
    if (key) await keyMade(tx, key, fire.id);
    await writeAudit(tx, audit, {
      project: schedule.project,
      action: 'schedule.trigger',
      subject_kind: 'schedule',
      subject: schedule.name,
      after: { nominal_time: fire.nominal_at, again: fire.again, overlap, parameters },
    });
    return fire.id;
  });
}

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

const keyOfFire = ({ schedule_id, nominal_at }: ListedFire): string => fireKey({ id: schedule_id, at: Date.parse(nominal_at) });
