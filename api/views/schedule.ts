import { z } from 'zod';
import type { ScheduleSummary as SummaryRow } from '#db/queries/schedules/list-schedules.ts';
import type { ScheduleRow } from '#db/schema/schedules.ts';
import type { Problem } from '#jobs/problem.ts';
import { MOST_CALENDARS } from '#jobs/recurrence/to-utc-calendars.ts';
import { wordsOf } from '#jobs/recurrence/words.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { SCHEDULE_STATES } from '#jobs/schedules/fire-state.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import { zoneData } from '#platform/zone-data.ts';
import { instant, json } from './json.ts';

const definition = z
  .custom<ScheduleDefinition>(() => true)
  .meta({ type: 'object', description: 'the schedule as data; see /schema/schedule.json' });

const plan = z
  .object({
    is_armed: z.boolean().meta({ description: 'Temporal knows it as it stands; false: not yet, which takes a moment after a change' }),
    armed_version: z.number().nullable().meta({ description: 'the version that Temporal knows' }),
    armed_at: instant.nullable(),
    problem: z.string().nullable().meta({ description: 'why it could not be told; it is tried again' }),
    planned_until: instant
      .nullable()
      .meta({ description: 'its moments are told up to then, and further before it comes; null: without end, or not yet' }),
    is_short: z.boolean().meta({ description: 'planned for less than a year from now' }),
    calendars: z
      .number()
      .nullable()
      .meta({ description: `of ${MOST_CALENDARS} that a schedule may take in Temporal; more make the horizon shorter` }),
    zone_data: z.string().nullable().meta({ description: 'the release of the zone data that its moments were reckoned by' }),
  })
  .meta({ id: 'SchedulePlan' });

const pause = z
  .object({
    since: instant.nullable(),
    by: z.string().nullable(),
    note: z.string().nullable(),
    until: instant.nullable().meta({ description: 'when it goes on by itself' }),
  })
  .meta({ id: 'SchedulePause' });

/** A schedule as lists show it. */
export const ScheduleSummary = z
  .object({
    id: z.string(),
    project: z.string(),
    name: z.string(),
    version: z.number(),
    job: z.string(),
    words: z.string().meta({ description: 'when it starts something, in English' }),
    timezone: z.string(),
    state: z.enum(SCHEDULE_STATES).meta({
      description: 'not_armed: saved, and Temporal yet to be told; stopped: its job is gone or off; over: nothing left to start',
    }),
    stopped_reason: z.string().nullable(),
    pause: pause.nullable(),
    client: z.string().nullable(),
    priority: z.number().nullable(),
    definition,
    plan,
    next_at: instant.nullable().meta({ description: 'its next moment, whether it is paused or not' }),
    next_local: z.string().nullable().meta({ description: 'what the clocks of its zone show then' }),
    last_fire_at: instant.nullable().meta({ description: 'its last moment that started a run' }),
    last_run: z.string().nullable(),
    last_status: z.enum(RUN_STATUSES).nullable().meta({ description: 'how that run stands; queued until it has ended' }),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
    updated_by: z.string(),
  })
  .meta({ id: 'ScheduleSummary' });

/** A schedule in the list, with how it fared of late. */
export const ListedSchedule = ScheduleSummary.extend({
  missed_last_day: z
    .number()
    .meta({ description: 'its moments of the last 24 hours that started nothing, whatever the reason; 1000 at most' }),
}).meta({ id: 'ListedSchedule' });

/** A schedule with its text. */
export const ScheduleView = ScheduleSummary.extend({
  source: z.string().meta({ description: 'the text as written' }),
  format: z.enum(['yaml', 'json']),
}).meta({ id: 'Schedule' });

const warning = z.object({ pointer: z.string(), message: z.string(), severity: z.enum(['error', 'warning']) }).loose();

/** A schedule after a save, with what its author should know. */
export const ScheduleSaved = ScheduleView.extend({ warnings: z.array(warning) }).meta({ id: 'ScheduleSaved' });

/** What a save would say. */
export const ScheduleValidation = z
  .object({
    valid: z.boolean(),
    problems: z.array(warning),
    definition: json.nullable(),
    words: z.string().nullable(),
    next_at: instant.nullable(),
  })
  .meta({ id: 'ScheduleValidation' });

/** Moments that came and started nothing. */
export const Missed = z
  .object({
    count: z.number(),
    at_least: z.boolean().meta({ description: 'there are more; no more are counted' }),
    from: instant,
    to: instant,
  })
  .meta({ id: 'MissedMoments' });

/** A schedule after its pause, with what became of the moments that came meanwhile. */
export const ResumedView = ScheduleView.extend({
  missed: Missed,
  backfill: z.string().nullable().meta({ description: 'starts what was missed; null: nobody asked for it, or there is nothing' }),
}).meta({ id: 'ResumedSchedule' });

export const ManyPaused = z
  .object({ count: z.number(), schedules: z.array(z.string()).meta({ description: 'names, 200 at most' }) })
  .meta({ id: 'ManyPaused' });

export const ManyResumed = z
  .object({
    count: z.number(),
    schedules: z.array(z.object({ schedule: z.string(), missed: Missed })).meta({ description: '200 at most' }),
  })
  .meta({ id: 'ManyResumed' });

/** Whether all schedules are stopped, since when, by whom, why and until when. */
export const StopView = pause.extend({ stopped: z.boolean() }).meta({ id: 'ScheduleStop' });

/** Which schedules are meant; all conditions must hold. */
export const ScheduleFilter = {
  state: z.enum(SCHEDULE_STATES).optional(),
  job: z.string().max(200).optional(),
  timezone: z.string().max(100).optional(),
  client: z.string().max(200).optional(),
  last_status: z.enum(RUN_STATUSES).optional().meta({ description: 'how its last run stands' }),
  calendar: z.string().max(200).optional().meta({ description: 'the name of a calendar it uses' }),
  q: z.string().min(1).max(200).optional().meta({ description: 'part of its name or its job’s' }),
};

const YEAR_MS = 365 * 86_400_000;

/** A row in the words of the list. */
export function summaryOf(row: SummaryRow): z.infer<typeof ScheduleSummary> {
  const { id, project, name, version, job, timezone, state, stopped_reason, client, priority, next_at } = row;
  const { last_fire_at, last_run, last_status, created_at, created_by, updated_at, updated_by } = row;
  const zone = zoneData().zone(timezone);
  return {
    id,
    project,
    name,
    version,
    job,
    words: wordsOf(row.definition),
    timezone,
    state,
    stopped_reason,
    pause: row.paused ? { since: row.paused_at, by: row.paused_by, note: row.pause_note, until: row.paused_until } : null,
    client,
    priority,
    definition: row.definition,
    plan: planOf(row),
    next_at,
    next_local: next_at === null || !zone ? null : clockAt(Date.parse(next_at), zone),
    last_fire_at,
    last_run,
    last_status,
    created_at,
    created_by,
    updated_at,
    updated_by,
  };
}

const planOf = (row: SummaryRow): z.infer<typeof plan> => ({
  is_armed: row.armed_version === row.version && row.arm_at === null && row.arming_until === null,
  armed_version: row.armed_version,
  armed_at: row.armed_at,
  problem: row.arm_problem,
  planned_until: row.planned_until,
  is_short: row.planned_until !== null && Date.parse(row.planned_until) < Date.now() + YEAR_MS,
  calendars: row.planned_calendars,
  zone_data: row.zone_data,
});

/** A row in the words of its own page. */
export const viewOfSchedule = (row: ScheduleRow): z.infer<typeof ScheduleView> => ({
  ...summaryOf(row),
  source: row.source,
  format: row.format,
});

/** The same after a save. */
export const savedSchedule = (row: ScheduleRow, warnings: readonly Problem[]): z.infer<typeof ScheduleSaved> => ({
  ...viewOfSchedule(row),
  warnings: warnings.map((one) => ({ ...one })),
});
