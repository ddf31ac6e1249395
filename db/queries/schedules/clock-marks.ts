import { candidates } from '#jobs/recurrence/candidates.ts';
import { namedWall } from '#jobs/recurrence/named-wall.ts';
import type { Mark } from '#jobs/recurrence/wanted.ts';
import { type FoldPolicy, type GapPolicy, SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleFireRow } from '../../schema/schedules.ts';
import { fireKey } from '../agenda/agenda-rows.ts';

/** What the clocks made of a moment. */
export interface ClockMarks {
  readonly marks: readonly Mark[];
  /** The time on the wall that the schedule names, `2027-03-28T02:30`. */
  readonly wall: string | null;
  /** The policies that decided. */
  readonly dst: { readonly gap: GapPolicy; readonly fold: FoldPolicy };
}

const DAY_MS = 86_400_000;

/** What the clocks made of these moments, by the definitions that stood then; those of which there is nothing to say are left out. Served by the primary keys of schedules and schedule_versions. */
export const clockMarks = async (
  sql: Queryable,
  zones: ZoneData,
  fires: readonly Pick<ScheduleFireRow, 'schedule_id' | 'nominal_at'>[],
): Promise<ReadonlyMap<string, ClockMarks>> => {
  if (fires.length === 0) return new Map();
  const rows = await sql<{ id: string; at: number; definition: ScheduleDefinition }[]>`
    select p.id, (extract(epoch from p.at) * 1000)::float8 as at, coalesce(
      (select v.definition from schedule_versions v where v.schedule_id = p.id and v.from_at <= p.at order by v.version desc limit 1),
      s.definition) as definition
    from unnest(${fires.map(({ schedule_id }) => schedule_id)}::uuid[], ${fires.map(({ nominal_at }) => nominal_at)}::timestamptz[]) as p (id, at)
      join schedules s on s.id = p.id`;
  return new Map(
    rows.flatMap(({ id, at, definition }) => {
      const found = marksAt(definition, at, zones);
      return found ? [[fireKey({ id, at }), found] as const] : [];
    }),
  );
};

function marksAt(definition: ScheduleDefinition, at: number, zones: ZoneData): ClockMarks | null {
  const zone = zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
  // Clocks that go on as they went make nothing of any moment.
  if (!zone || zone.offsetAt(at - DAY_MS) === zone.offsetAt(at + DAY_MS)) return null;
  const [meant] = candidates(ruleOf(definition), zone, { from: at, to: at + 1 });
  if (!meant || meant.marks.length === 0) return null;
  const { gap = SCHEDULE_DEFAULTS.gap, fold = SCHEDULE_DEFAULTS.fold } = definition.dst ?? {};
  return { marks: meant.marks, wall: namedWall(at, meant.marks, zone), dst: { gap, fold } };
}
