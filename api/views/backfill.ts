import { z } from 'zod';
import type { BackfillRow } from '#db/schema/backfills.ts';
import { BACKFILL_FIRE_STATUSES, BACKFILL_ORDERS, BACKFILL_STATUSES, REPROCESS } from '#jobs/backfills/words.ts';
import { MARKS } from '#jobs/recurrence/wanted.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { instant, jsonObject } from './json.ts';

/** A backfill as the API shows it. */
export const BackfillView = z
  .object({
    id: z.string(),
    schedule: z.string(),
    from: instant,
    to: instant,
    reprocess: z.enum(REPROCESS),
    max_active: z.number(),
    order: z.enum(BACKFILL_ORDERS),
    ignore_calendars: z.boolean(),
    parameters: jsonObject.nullable(),
    note: z.string().nullable(),
    actor: z.string(),
    status: z.enum(BACKFILL_STATUSES),
    hash: z.string(),
    total: z.number(),
    started: z.number().meta({ description: 'runs that were started so far' }),
    active: z.number().meta({ description: 'of these, those that have not ended' }),
    ended: z.number(),
    failed: z.number().meta({ description: 'of those that ended, those that ended badly' }),
    refused: z.number().meta({ description: 'moments that were given no run' }),
    progress: z.number().meta({ description: 'percent' }),
    created_at: instant,
    updated_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'Backfill' });

/** A row in the words of the view. */
export function viewOfBackfill(row: BackfillRow): z.infer<typeof BackfillView> {
  const { from_at, to_at, in_order, list_hash, parameters, total, started, ended, refused } = row;
  return {
    id: row.id,
    schedule: row.schedule,
    from: from_at,
    to: to_at,
    reprocess: row.reprocess,
    max_active: row.max_active,
    order: in_order,
    ignore_calendars: row.ignore_calendars,
    parameters,
    note: row.note,
    actor: row.actor,
    status: row.status,
    hash: list_hash,
    total,
    started,
    active: started - ended,
    ended,
    failed: row.failed,
    refused,
    progress: total === 0 ? 100 : Math.floor((100 * (ended + refused)) / total),
    created_at: row.created_at,
    updated_at: row.updated_at,
    ended_at: row.ended_at,
  };
}

/** What a backfill would start. */
export const BackfillDryRun = z
  .object({
    dry_run: z.literal(true),
    schedule: z.string(),
    hash: z.string().meta({ description: 'given with the real request, exactly this list is started, or nothing' }),
    total: z.number(),
    fires: z.array(
      z.object({
        nominal_at: instant,
        local_time: z.string().meta({ description: 'on the clocks of the schedule, with their offset' }),
        marks: z.array(z.enum(MARKS)),
        wall: z.string().nullable().meta({ description: 'the time that the schedule names; null where a calendar put the moment off' }),
        earlier_run: z.string().nullable().meta({ description: 'the run of this moment that would be repeated' }),
      }),
    ),
  })
  .meta({ id: 'BackfillDryRun' });

/** A moment of a backfill. */
export const BackfillFireView = z.object({
  n: z.number(),
  nominal_at: instant,
  local_time: z.string(),
  again: z.number().meta({ description: '0 for the first run of this moment, more for those after it' }),
  earlier_run: z.string().nullable(),
  status: z.enum(BACKFILL_FIRE_STATUSES),
  error: z.string().nullable(),
  run: z.string().nullable(),
  run_status: z.enum(RUN_STATUSES).nullable().meta({ description: 'how the run ended' }),
  ended_at: instant.nullable(),
});
