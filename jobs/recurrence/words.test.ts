import { expect, test } from 'vitest';
import type { ScheduleDefinition } from '../schedules/definition.ts';
import { wordsOf } from './words.ts';

const said = (when: Partial<ScheduleDefinition>): string => wordsOf({ name: 'one', job: 'one', ...when });

test.each<[Partial<ScheduleDefinition>, string]>([
  [{ cron: '30 2 * * *' }, 'at 02:30 every day, UTC'],
  [{ cron: '* * * * *' }, 'every minute, UTC'],
  [{ cron: '*/15 * * * *' }, 'every 15 minutes, UTC'],
  [{ cron: '5/20 * * * *' }, 'every 20 minutes, first at minute 5, UTC'],
  [{ cron: '0 * * * *' }, 'every hour, UTC'],
  [{ cron: '@hourly' }, 'every hour, UTC'],
  [{ cron: '7 * * * *' }, 'every hour at minute 7, UTC'],
  [{ cron: '0,10,35 * * * *' }, 'every hour at minutes 0, 10 and 35, UTC'],
  [{ cron: '0-9 * * * *' }, 'every hour at minutes 0 to 9, UTC'],
  [{ cron: '*/15 8-18 * * mon-fri' }, 'every 15 minutes from 08:00 to 18:45 every weekday, UTC'],
  [{ cron: '0 6,12,18 * * *' }, 'at 06:00, 12:00 and 18:00 every day, UTC'],
  [{ cron: '*/10 1,3 * * *' }, 'every 10 minutes of hours 1 and 3, UTC'],
  [{ cron: '30 0-22/2 * * *' }, 'at minute 30 of hours 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 22 every day, UTC'],
  [{ cron: '0 0 1 1 *' }, 'at 00:00 on the 1st of the month in January, UTC'],
  [{ cron: '0 0 13 * 5' }, 'at 00:00 on the 13th of the month if it is a Friday, UTC'],
  [{ cron: '0 0 1,15 * *' }, 'at 00:00 on the 1st and the 15th of the month, UTC'],
  [{ cron: '0 0 1-7 jun-aug 0,6' }, 'at 00:00 on the 1st to the 7th of the month from June to August if it is a Saturday or Sunday, UTC'],
  [{ cron: '0 9 * * 1,3' }, 'at 09:00 every Monday and Wednesday, UTC'],
  [{ cron: '0 9 * mar,oct sun' }, 'at 09:00 every Sunday in March and October, UTC'],
  [{ calendar: { day: 'last', hour: 18 } }, 'at 18:00 on the last day of the month, UTC'],
  [{ calendar: { day: ['1', 'last-1'], hour: 18 } }, 'at 18:00 on the 1st and the 2nd last day of the month, UTC'],
  [{ calendar: { nth_weekday: '1st mon', hour: 4 } }, 'at 04:00 on the 1st Monday of the month, UTC'],
  [
    { calendar: { nth_weekday: ['2nd tue', 'last fri'], month: 'dec' } },
    'at 00:00 on the 2nd Tuesday or the last Friday of the month in December, UTC',
  ],
  [{ calendar: { nth_weekday: ['1st mon', '1ST monday, 1st mon'], hour: '4, 4-4,4' } }, 'at 04:00 on the 1st Monday of the month, UTC'],
  [{ calendar: { nth_weekday: '1st mon', day: '3-7' } }, 'at 00:00 on the 3rd to the 7th of the month if it is the 1st Monday, UTC'],
  [
    {
      calendar: [
        { weekday: 'mon-fri', hour: 6 },
        { weekday: 'sat', hour: 8 },
      ],
    },
    'at 06:00 every weekday, and at 08:00 every Saturday, UTC',
  ],
  [{ every: '6h' }, 'every 6 h, counted from 1970-01-01T00:00:00Z'],
  [{ every: '90s', anchor: '2027-01-01T00:00:00+01:00', timezone: 'Europe/Berlin' }, 'every 1 m 30 s, counted from 2026-12-31T23:00:00Z'],
  [{ every_days: 1, at: '02:30' }, 'at 02:30 every day, UTC'],
  [{ every_days: 3, at: '02:30', from: '2027-01-04' }, 'at 02:30 every 3 days from 2027-01-04 on, UTC'],
  [{ scheduled_for: '2027-01-31T22:00:00Z' }, 'once, at 2027-01-31T22:00:00Z'],
  [
    { scheduled_for: '2027-01-31T23:00', timezone: 'Europe/Berlin' },
    'once, at 2027-01-31 23:00, Europe/Berlin; a time the clocks leave out is moved ahead',
  ],
  [
    { cron: '30 2 * * mon-fri', timezone: 'Europe/Berlin' },
    'at 02:30 every weekday, Europe/Berlin; a time the clocks leave out is moved ahead',
  ],
  [
    { cron: '30 2 * * *', timezone: 'Europe/Berlin', dst: { gap: 'skip', fold: 'both' } },
    'at 02:30 every day, Europe/Berlin; a time the clocks leave out is dropped, one they show twice counts both times',
  ],
  [
    { cron: '30 2 * * *', timezone: 'Europe/Berlin', dst: { fold: 'second' } },
    'at 02:30 every day, Europe/Berlin; a time the clocks leave out is moved ahead, one they show twice counts the second time',
  ],
  [
    {
      cron: '0 4 * * *',
      start_at: '2027-01-01T00:00:00Z',
      end_at: '2028-01-01T00:00:00Z',
      jitter: '5m',
      calendars: [
        { name: 'holidays', use: 'block' },
        { name: 'freeze', use: 'block' },
        { name: 'office', use: 'only' },
        { name: 'audit', use: 'defer' },
      ],
    },
    'at 04:00 every day, UTC, from 2027-01-01T00:00:00Z on, before 2028-01-01T00:00:00Z, only during office, not during holidays and freeze, put off past audit, each up to 5 m later',
  ],
])('%j in words', (when, words) => {
  expect(said(when)).toBe(words);
});
