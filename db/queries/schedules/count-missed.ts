import type { Queryable } from '../../client.ts';

/** How many moments of each of these schedules were missed since a moment, counted up to `most`; those without any are absent. Served by schedule_fires_missed. */
export const countMissed = async (
  sql: Queryable,
  schedules: readonly string[],
  since: Date,
  most: number,
): Promise<ReadonlyMap<string, number>> => {
  if (schedules.length === 0) return new Map();
  const rows = await sql<{ id: string; missed: number }[]>`
    select s.id, m.missed from unnest(${[...schedules]}::uuid[]) as s(id) cross join lateral (
      select count(*)::int as missed from (
        select 1 from schedule_fires f where f.schedule_id = s.id and f.status = 'missed' and f.nominal_at >= ${since} limit ${most}
      ) as found
    ) as m where m.missed > 0`;
  return new Map(rows.map(({ id, missed }) => [id, missed]));
};
