/** What brought a moment of a schedule: its time, its time after an outage, a person who starts it now, a person who goes over a range. */
export const FIRE_TRIGGERS = ['schedule', 'catchup', 'manual', 'backfill'] as const;
export type FireTrigger = (typeof FIRE_TRIGGERS)[number];

/** What became of a moment of a schedule; `asked` until what a person asked for has begun. */
export const FIRE_STATUSES = ['asked', 'started', 'missed'] as const;
export type FireStatus = (typeof FIRE_STATUSES)[number];

/** Why a moment of a schedule started nothing. */
export const MISSED_REASONS = [
  'paused',
  'overlap',
  'blackout',
  'window',
  'catchup',
  'dst',
  'buffer_full',
  'maintenance',
  'job_disabled',
  'invalid',
] as const;
export type MissedReason = (typeof MISSED_REASONS)[number];

/** How a schedule stands: at work; saved, and Temporal yet to be told of it; paused; stopped because its job is gone or off; nothing left to start. */
export const SCHEDULE_STATES = ['active', 'not_armed', 'paused', 'stopped', 'over'] as const;
export type ScheduleState = (typeof SCHEDULE_STATES)[number];
