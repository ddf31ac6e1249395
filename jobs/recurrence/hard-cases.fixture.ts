import type { ScheduleDefinition } from '../schedules/definition.ts';

/** Zones whose clocks change east and west of UTC, at midnight, by half an hour, backwards for a month, and in the south. */
export const HARD_ZONES = [
  'Europe/London',
  'Europe/Berlin',
  'America/Santiago',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Havana',
] as const;

/** Rules that go wrong where times on a wall are reckoned with by hand. */
export const HARD_CASES: readonly Partial<ScheduleDefinition>[] = [
  { cron: '0 0 * * *' },
  { cron: '0 1 * * *' },
  { cron: '30 2 * * *' },
  { cron: '30 2 * * *', dst: { gap: 'skip' } },
  { cron: '30 1 * * *', dst: { fold: 'second' } },
  { cron: '15,45 0-2 * * *', dst: { gap: 'skip', fold: 'both' } },
  { cron: '0 0 * * sun' },
  { cron: '0 0 * * sat', dst: { fold: 'both' } },
  { cron: '0 * * * *' },
  { cron: '0 * * * *', dst: { gap: 'skip', fold: 'both' } },
  { cron: '*/15 8-18 * * mon-fri' },
  {
    calendar: [
      { day: [1, 'last'], hour: 0, minute: 30 },
      { nth_weekday: ['last sun', '1st sun', '2nd sun'], hour: '0-3', minute: 10 },
    ],
  },
  { cron: '0 3 29 2 *' },
  { every_days: 3, at: '02:00', from: '2026-01-01' },
  { calendar: { month: ['mar-apr', 'sep-nov'], weekday: ['fri-sat', 'sun'], hour: [0, 23], minute: '*/20' }, dst: { fold: 'second' } },
  { cron: '*/15 0-3 * * *', dst: { fold: 'both' } },
];
