import { z } from 'zod';
import { fireKey } from '#db/queries/agenda/agenda-rows.ts';
import type { ClockMarks } from '#db/queries/schedules/clock-marks.ts';
import { AGENDA_STATES } from '#jobs/agenda/words.ts';
import { namedWall } from '#jobs/recurrence/named-wall.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { FIRE_TRIGGERS, MISSED_REASONS } from '#jobs/schedules/fire-state.ts';
import { clockAt } from '#jobs/zones/clock.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import type { CountedHour } from '../agenda/count-agenda.ts';
import type { AgendaEntry } from '../agenda/read-agenda.ts';
import { instant } from './json.ts';
import { Marked, markedBy, UNMARKED } from './marked.ts';

const AgendaItem = z
  .object({
    at: instant,
    local_time: z.string().meta({ description: 'on the clocks of the zone asked for, with their offset' }),
    state: z.enum(AGENDA_STATES),
    reason: z.enum(MISSED_REASONS).nullable(),
    message: z.string().nullable(),
    ...Marked,
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
  counts: z.partialRecord(z.enum(AGENDA_STATES), z.number()).nullable().meta({ description: 'null from `counted_until` on' }),
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

/** An entry in the words of the API, with times on the clocks of a zone, and with what clocks made of moments that are over. */
export function viewOfEntry(
  entry: AgendaEntry,
  zone: Zone,
  zones: ZoneData,
  clocks: ReadonlyMap<string, ClockMarks>,
): z.infer<typeof AgendaItem> {
  const { at, again } = entry;
  const when = { at: new Date(at).toISOString(), local_time: clockAt(at, zone), again };
  const own = (name: string | null) => {
    const of = name === null ? null : zones.zone(name);
    return { zone: name, zone_time: of && clockAt(at, of) };
  };
  const nothing = {
    reason: null,
    message: null,
    ...UNMARKED,
    schedule: null,
    trigger: null,
    run: null,
    run_status: null,
  };
  if (entry.kind === 'run') {
    const { id, job, timezone } = entry.run;
    return { ...nothing, ...when, state: 'delayed', job, ...own(timezone), run: id, run_status: 'scheduled' };
  }
  if (entry.kind === 'moment') {
    const { of, marks } = entry.found;
    const { state, reason } = entry.outcome;
    const message = reason === 'job_disabled' ? of.stopped : null;
    const { gap = SCHEDULE_DEFAULTS.gap, fold = SCHEDULE_DEFAULTS.fold } = of.dst ?? {};
    const itsZone = zones.zone(of.timezone);
    const marked = marks.length > 0 && itsZone && { marks: [...marks], wall: namedWall(at, marks, itsZone), dst: { gap, fold } };
    return { ...nothing, ...when, state, reason, message, ...marked, schedule: of.name, job: of.job, ...own(of.timezone) };
  }
  const { status, reason, message, schedule, job, timezone, trigger, run, run_status } = entry.fire;
  const marked = markedBy(clocks.get(fireKey(entry)));
  return { ...nothing, ...when, ...marked, state: status, reason, message, schedule, job, ...own(timezone), trigger, run, run_status };
}

/** An hour in the words of the API. */
export const viewOfHour = ({ from, to, local, counts }: CountedHour): z.infer<typeof AgendaHour> => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  local,
  counts,
});
