import { z } from 'zod';
import type { CalendarUsers } from '#db/queries/calendars/calendar-users.ts';
import type { CalendarWithFeed } from '#db/queries/calendars/find-calendar.ts';
import type { CalendarDefinition } from '#jobs/calendars/definition.ts';
import { alarmOf } from '#jobs/calendars/refresh.ts';
import { instant } from './json.ts';

const Feed = z.object({
  url: z.string().nullable().meta({ description: 'null: the text was uploaded' }),
  refresh_ms: z.number().nullable(),
  bytes: z.number(),
  hash: z.string(),
  events: z.number().meta({ description: 'events in the text' }),
  instances: z.number().meta({ description: 'times that they come to between `expanded_from` and `expanded_to`' }),
  expanded_from: instant,
  expanded_to: instant,
  fetched_at: instant.meta({ description: 'when the text that counts was read' }),
  tried_at: instant,
  due_at: instant,
  attempts: z.number().meta({ description: 'failures in a row' }),
  problem: z.string().nullable().meta({ description: 'why it could not be read last' }),
  alarm: z.string().nullable().meta({ description: 'what somebody should look at' }),
});

/** A calendar as lists show it. */
export const CalendarSummary = z
  .object({
    id: z.string(),
    project: z.string(),
    name: z.string(),
    version: z.number(),
    timezone: z.string().nullable().meta({ description: 'null: that of whatever uses it' }),
    note: z.string().nullable(),
    entries: z.number(),
    feed: Feed.nullable().meta({ description: 'what it imports' }),
    created_at: instant,
    created_by: z.string(),
    updated_at: instant,
    updated_by: z.string(),
  })
  .meta({ id: 'CalendarSummary' });

export const CalendarView = CalendarSummary.extend({
  source: z.string().meta({ description: 'as it was written' }),
  format: z.enum(['yaml', 'json']),
  definition: z.custom<CalendarDefinition>().meta({ type: 'object' }),
  used_by: z.object({ schedules: z.array(z.string()), targets: z.array(z.string()) }),
}).meta({ id: 'Calendar' });

const StartChange = z.object({
  schedule: z.string(),
  change: z.enum(['removed', 'added', 'moved']),
  at: instant.nullable().meta({ description: 'the start that there was' }),
  to: instant.nullable().meta({ description: 'the start that there is instead' }),
  wall: z.string().meta({ description: 'what the clocks of the schedule’s zone show, by its rule' }),
});

/** What a change of a calendar means for the schedules that use it, from now to the end of the horizon. */
export const CalendarEffects = z
  .object({
    until: instant,
    removed: z.number(),
    added: z.number(),
    moved: z.number(),
    schedules: z.array(
      z.object({
        name: z.string(),
        removed: z.number(),
        added: z.number(),
        moved: z.number(),
        compared_until: instant.meta({ description: 'earlier than `until` for a schedule that starts very often' }),
      }),
    ),
    is_complete: z.boolean().meta({ description: 'false: more schedules use it than were looked at' }),
    changes: z.array(StartChange).meta({ description: 'the first of them' }),
  })
  .meta({ id: 'CalendarEffects' });

/** A calendar that was saved, with what that changes. */
export const CalendarSaved = CalendarView.extend({ dry_run: z.literal(false), effects: CalendarEffects }).meta({ id: 'CalendarSaved' });

export const CalendarSpan = z.object({
  from: instant,
  to: instant.meta({ description: 'its end, which is no part of it' }),
  local_from: z.string().meta({ description: 'what the clocks show then' }),
  local_to: z.string(),
});

/** What saving would come to. */
export const CalendarDryRun = z
  .object({
    dry_run: z.literal(true),
    name: z.string(),
    feed: z.object({ events: z.number(), instances: z.number() }).nullable(),
    timezone: z.string(),
    spans: z.array(CalendarSpan).meta({ description: 'its first times from now on' }),
    effects: CalendarEffects,
  })
  .meta({ id: 'CalendarDryRun' });

/** Times of a calendar in a range. */
export const CalendarSpans = z
  .object({
    timezone: z.string(),
    items: z.array(CalendarSpan),
    is_complete: z.boolean().meta({ description: 'false: there are more in the range' }),
  })
  .meta({ id: 'CalendarSpans' });

/** A calendar as lists show it. */
export const summaryOf = ({ definition, feed, source: _s, format: _f, ...row }: CalendarWithFeed): z.infer<typeof CalendarSummary> => ({
  ...row,
  note: definition.note ?? null,
  entries: definition.entries?.length ?? 0,
  feed: feed && { ...feed, alarm: alarmOf(feed) },
});

export const viewOf = (row: CalendarWithFeed, users: CalendarUsers): z.infer<typeof CalendarView> => ({
  ...summaryOf(row),
  source: row.source,
  format: row.format,
  definition: row.definition,
  used_by: { schedules: [...users.schedules], targets: [...users.targets] },
});
