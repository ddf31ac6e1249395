import { z } from 'zod';
import { FIRE_TRIGGERS, MISSED_REASONS } from '#db/schema/words.ts';
import { AGENDA_STATES } from '#jobs/agenda/words.ts';
import { MARKS } from '#jobs/recurrence/wanted.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import type { CountedHour } from '../agenda/count-agenda.ts';
import type { AgendaEntry } from '../agenda/read-agenda.ts';
import { instant } from './json.ts';

const AgendaItem = z
  .object({
    at: instant,
    local_time: z.string().meta({ description: 'on the clocks of the zone asked for, with their offset' }),
    state: z.enum(AGENDA_STATES),
    reason: z.enum(MISSED_REASONS).nullable(),
    message: z.string().nullable(),
    marks: z.array(z.enum(MARKS)),
    schedule: z.string().nullable().meta({ description: 'null for a run that waits for its time by itself' }),
    job: z.string().nullable(),
    zone: z.string().nullable().meta({ description: 'of the schedule' }),
    zone_time: z.string().nullable().meta({ description: 'on the clocks of the schedule' }),
    trigger: z.enum(FIRE_TRIGGERS).nullable(),
    again: z.number().meta({ description: 'more than 0 for further runs of the same moment' }),
    run: z.string().nullable(),
    run_status: z.enum(RUN_STATUSES).nullable(),
  })
  .meta({ id: 'AgendaItem' });

const AgendaHour = z.object({
  from: instant,
  to: instant,
  local: z.string().meta({ description: 'its start on the clocks of the zone; a day has 23 to 25 of them' }),
  counts: z.partialRecord(z.enum(AGENDA_STATES), z.number()),
});

/** A page of the agenda; the first one with counts. */
export const AgendaPage = z
  .object({
    from: instant,
    to: instant,
    zone: z.string(),
    items: z.array(AgendaItem),
    next: z.string().nullable(),
    hours: z.array(AgendaHour).nullable().meta({ description: 'with the first page only' }),
    counted_until: instant.nullable().meta({ description: 'earlier than `to` where counting all would take too long' }),
  })
  .meta({ id: 'Agenda' });

/** An entry in the words of the API, with times on the clocks of a zone. */
export function viewOfEntry(entry: AgendaEntry, zone: Zone, zones: ZoneData): z.infer<typeof AgendaItem> {
  const { at, again } = entry;
  const when = { at: new Date(at).toISOString(), local_time: clockAt(at, zone), again };
  const own = (name: string | null) => {
    const of = name === null ? null : zones.zone(name);
    return { zone: name, zone_time: of && clockAt(at, of) };
  };
  const nothing = { reason: null, message: null, marks: [], schedule: null, trigger: null, run: null, run_status: null };
  if (entry.kind === 'run') {
    const { id, job, timezone } = entry.run;
    return { ...nothing, ...when, state: 'delayed', job, ...own(timezone), run: id, run_status: 'scheduled' };
  }
  if (entry.kind === 'moment') {
    const { of, marks } = entry.found;
    const { state, reason } = entry.outcome;
    const message = reason === 'job_disabled' ? of.stopped : null;
    return { ...nothing, ...when, state, reason, message, marks: [...marks], schedule: of.name, job: of.job, ...own(of.timezone) };
  }
  const { status, reason, message, schedule, job, timezone, trigger, run, run_status } = entry.fire;
  return { ...nothing, ...when, state: status, reason, message, schedule, job, ...own(timezone), trigger, run, run_status };
}

/** An hour in the words of the API. */
export const viewOfHour = ({ from, to, local, counts }: CountedHour): z.infer<typeof AgendaHour> => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  local,
  counts,
});
