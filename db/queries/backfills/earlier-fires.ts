import type { EarlierRun } from '#jobs/backfills/choose-fires.ts';
import { MOST_BACKFILL_MOMENTS } from '#jobs/backfills/words.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../../client.ts';

/** The moments of a schedule in a span that have a run, each with its last: the earliest ones, at most one more than a backfill looks at. Served by the unique index of schedule_fires. */
export const earlierFires = async (sql: Queryable, schedule: string, { from, to }: Span): Promise<ReadonlyMap<number, EarlierRun>> => {
  const rows = await sql<{ nominal_at: string; next_again: number; run: string; status: RunStatus | null }[]>`
    select f.nominal_at, f.next_again, f.run, r.status from (
      select nominal_at, max(again) + 1 as next_again, (array_agg(run order by again desc) filter (where run is not null))[1] as run
      from schedule_fires
      where schedule_id = ${schedule} and nominal_at >= ${new Date(from)} and nominal_at < ${new Date(to)}
      group by nominal_at order by nominal_at limit ${MOST_BACKFILL_MOMENTS + 1}
    ) f left join runs r on r.id = f.run
    where f.run is not null`;
  return new Map(rows.map(({ nominal_at, run, status, next_again }) => [Date.parse(nominal_at), { run, status, nextAgain: next_again }]));
};
