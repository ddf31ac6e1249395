import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { OverlapPolicy, ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { FireStatus, FireTrigger, MissedReason, ScheduleState } from '#jobs/schedules/fire-state.ts';
import { authored, big, owned, time } from './columns.ts';
import type { PauseKind } from './words.ts';

/** When a job starts by itself, and how far Temporal knows of it. */
export const schedules = pgTable('schedules', {
  ...owned(),
  name: text().notNull(),
  version: integer().notNull(),
  job: text().notNull(),
  source: text().notNull(),
  format: text().$type<'yaml' | 'json'>().notNull(),
  definition: jsonb().$type<ScheduleDefinition>().notNull(),
  timezone: text().notNull(),
  client: text(),
  priority: smallint(),
  paused: boolean().notNull(),
  paused_at: time(),
  paused_by: text(),
  pause_note: text(),
  paused_until: time(),
  /** Why it starts nothing although nobody paused it. */
  stopped_reason: text(),
  /** When Temporal is to be told (again); null: nobody asked since it was told. */
  arm_at: time(),
  /** Somebody is telling it until then, at the latest. */
  arming_until: time(),
  arm_attempts: integer().notNull(),
  arm_problem: text(),
  /** What Temporal knows. */
  armed_version: integer(),
  armed_at: time(),
  planned_until: time(),
  planned_calendars: integer(),
  zone_data: text(),
  /** Moments before this have their row among the fires. */
  swept_until: time().notNull(),
  /** When somebody looks over those after it. */
  sweep_at: time().notNull(),
  next_at: time(),
  last_fire_at: time(),
  last_run: uuid(),
  last_status: text().$type<RunStatus>(),
  ...authored(),
  deleted_at: time(),
  /** Since when its times are these; a change of anything else leaves it. */
  effective_at: time().notNull(),
  /** Since when it starts what it means: its times are these, nothing holds it. */
  live_since: time().notNull(),
  state: text().$type<ScheduleState>().notNull(),
});

/** What a schedule meant from a moment on. */
export const scheduleVersions = pgTable(
  'schedule_versions',
  {
    schedule_id: uuid().notNull(),
    version: integer().notNull(),
    definition: jsonb().$type<ScheduleDefinition>().notNull(),
    from_at: time().notNull(),
    author: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.schedule_id, table.version] })],
);

/** What became of one moment of a schedule. */
export const scheduleFires = pgTable('schedule_fires', {
  ...owned(),
  schedule_id: uuid().notNull(),
  schedule: text().notNull(),
  nominal_at: time().notNull(),
  /** 0; more for further runs of the same moment, which a person asked for. */
  again: smallint().notNull(),
  trigger: text().$type<FireTrigger>().notNull(),
  status: text().$type<FireStatus>().notNull(),
  reason: text().$type<MissedReason>(),
  message: text(),
  run: uuid(),
  /** Which execution in Temporal it is, of several that may have one id. */
  execution: text(),
  backfill: uuid(),
  asked_by: text(),
  /** What a person asked for beside the moment; null: as the schedule has it. */
  overlap: text().$type<OverlapPolicy>(),
  parameters: jsonb().$type<JsonObject>(),
  note: text(),
  /** When Temporal was asked to start it, the last time. */
  told_at: time(),
  /** When somebody saw to it, the last time. */
  looked_at: time(),
  /** Since when it has its place in line; null: nobody has seen to it while Temporal was there. */
  in_line_at: time(),
  created_at: time().notNull(),
  decided_at: time(),
  /** The transaction that wrote it, or its status. */
  tx: big(),
});

/** Times during which a schedule, or with a null schedule all of them, was to start nothing. */
export const schedulePauses = pgTable('schedule_pauses', {
  ...owned(),
  schedule_id: uuid(),
  kind: text().$type<PauseKind>().notNull(),
  from_at: time().notNull(),
  until_at: time(),
  paused_by: text().notNull(),
  note: text(),
  resumed_by: text(),
});

/** Which schedules a calendar concerns. */
export const scheduleCalendars = pgTable('schedule_calendars', { schedule_id: uuid().notNull(), calendar: text().notNull() }, (table) => [
  primaryKey({ columns: [table.schedule_id, table.calendar] }),
]);

export type ScheduleRow = typeof schedules.$inferSelect;
export type ScheduleFireRow = typeof scheduleFires.$inferSelect;
export type SchedulePauseRow = typeof schedulePauses.$inferSelect;
