import type { AgendaState } from '#jobs/agenda/words.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { Queryable } from '../../client.ts';
import type { AgendaFilter } from './standing-schedules.ts';

/** How many rows are counted for one answer. */
export const MOST_COUNTED_ROWS = 200_000;

/** So many of one state in a quarter of an hour: clocks differ by no less. */
export interface QuarterCount {
  readonly at: number;
  readonly state: AgendaState;
  readonly count: number;
}

/** Rows of the agenda by quarters of an hour, the earliest first, and until when all are counted. Served by schedule_fires_agenda and runs_scheduled_for. */
export const countRows = async (
  sql: Queryable,
  { project, job, schedule }: AgendaFilter,
  { from, to }: Span,
): Promise<{ readonly counts: readonly QuarterCount[]; readonly until: number }> => {
  const span = [new Date(from), new Date(to)] as const;
  const ofJob = job === undefined ? sql`` : sql`and job = ${job}`;
  const rows = await sql<QuarterCount[]>`
    with fires as (
      select f.nominal_at as at, f.status as state from schedule_fires f
      where f.project = ${project} and f.nominal_at >= ${span[0]} and f.nominal_at < ${span[1]}
        ${schedule === undefined ? sql`` : sql`and f.schedule = ${schedule}`}
        ${job === undefined ? sql`` : sql`and exists (select from schedules s where s.id = f.schedule_id and s.job = ${job})`}
      order by f.nominal_at limit ${MOST_COUNTED_ROWS}
    ), runs_waiting as (
      select scheduled_for as at, 'delayed' as state from runs
      where project = ${project} and status = 'scheduled' and scheduled_for >= ${span[0]} and scheduled_for < ${span[1]} ${ofJob}
        and ${schedule === undefined}
      order by scheduled_for limit ${MOST_COUNTED_ROWS}
    )
    select (extract(epoch from date_bin('15 minutes', at, 'epoch')) * 1000)::float8 as at, state, count(*)::integer as count
    from (select * from fires union all select * from runs_waiting) as r group by 1, 2 order by 1`;
  return { counts: rows, until: rowsUntil(rows, to) };
};

/** What was not cut off by the limit, counted for each kind of row by itself. */
function rowsUntil(rows: readonly QuarterCount[], to: number): number {
  const isRun = ({ state }: QuarterCount) => state === 'delayed';
  return Math.min(
    ...[rows.filter(isRun), rows.filter((row) => !isRun(row))].map((some) => {
      const all = some.reduce((sum, { count }) => sum + count, 0);
      return all < MOST_COUNTED_ROWS ? to : (some.at(-1)?.at ?? to);
    }),
  );
}

/** Moments from `since` on that have rows: where a rule means the same moment, the row counts. Served by schedule_fires_agenda. */
export const rowsSince = async (
  sql: Queryable,
  project: string,
  { from, to }: Span,
): Promise<readonly { readonly id: string; readonly at: number }[]> =>
  sql<{ id: string; at: number }[]>`
    select distinct schedule_id as id, (extract(epoch from nominal_at) * 1000)::float8 as at from schedule_fires
    where project = ${project} and nominal_at >= ${new Date(from)} and nominal_at < ${new Date(to)} limit ${MOST_COUNTED_ROWS}`;
