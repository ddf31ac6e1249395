import { z } from 'zod';
import type { ClockMarks } from '#db/queries/schedules/clock-marks.ts';
import type { ListedFire } from '#db/queries/schedules/list-fires.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { OVERLAP_POLICIES } from '#jobs/schedules/definition.ts';
import { FIRE_STATUSES, FIRE_TRIGGERS, MISSED_REASONS } from '#jobs/schedules/fire-state.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import type { Zone } from '#jobs/zones/zone.ts';
import { instant, jsonObject, pageOf } from './json.ts';
import { Marked, markedBy } from './marked.ts';

/** What became of one moment of a schedule. */
export const ScheduleFireView = z
  .object({
    id: z.string(),
    schedule: z.string(),
    nominal_at: instant.meta({ description: 'the moment that the schedule means, whenever it came to it' }),
    nominal_local: z.string().nullable().meta({ description: 'what the clocks of its zone show then' }),
    ...Marked,
    again: z.number().meta({ description: '0; more for further runs of the same moment, which a person asked for' }),
    trigger: z.enum(FIRE_TRIGGERS).meta({ description: 'its time; its time after an outage; a person now; a person over a range' }),
    status: z.enum(FIRE_STATUSES).meta({ description: 'asked: it has yet to start, in its turn' }),
    reason: z.enum(MISSED_REASONS).nullable().meta({ description: 'why it started nothing' }),
    message: z.string().nullable(),
    run: z
      .object({
        id: z.string(),
        number: z.number().nullable(),
        status: z.enum(RUN_STATUSES).nullable().meta({ description: 'null: the run was deleted' }),
        started_at: instant.nullable(),
        ended_at: instant.nullable(),
      })
      .nullable(),
    backfill: z.string().nullable().meta({ description: 'the one that started it' }),
    asked_by: z.string().nullable(),
    overlap: z.enum(OVERLAP_POLICIES).nullable().meta({ description: 'what that person asked for in place of the schedule’s' }),
    parameters: jsonObject.nullable().meta({ description: 'in place of those of the schedule, name by name' }),
    note: z.string().nullable(),
    created_at: instant,
    decided_at: instant.nullable(),
  })
  .meta({ id: 'ScheduleFire' });

export const ScheduleFirePage = pageOf(ScheduleFireView).meta({ id: 'ScheduleFirePage' });

/** A row in the words of the list, with what the clocks made of its moment. */
export function viewOfFire(row: ListedFire, zone: Zone | null, clocks: ClockMarks | undefined): z.infer<typeof ScheduleFireView> {
  const { id, schedule, nominal_at, again, trigger, status, reason, message, run, backfill, asked_by, note, created_at, decided_at } = row;
  const { run_number: number, run_status, run_started_at: started_at, run_ended_at: ended_at } = row;
  return {
    id,
    schedule,
    nominal_at,
    nominal_local: zone && clockAt(Date.parse(nominal_at), zone),
    ...markedBy(clocks),
    again,
    trigger,
    status,
    reason,
    message,
    run: run === null ? null : { id: run, number, status: run_status, started_at, ended_at },
    backfill,
    asked_by,
    overlap: row.overlap,
    parameters: row.parameters,
    note,
    created_at,
    decided_at,
  };
}
