import type { Circumstances, Pause, RunSpan, Verdict } from '#jobs/schedules/why-missed.ts';
import { jsonRows, type Queryable } from '../../client.ts';
import { firstIdAt } from '../../partitions.ts';
import type { SchedulePauseRow, ScheduleRow } from '../../schema/schedules.ts';
import { PAUSE_REASONS, pauseWords } from './why-held.ts';

/** A schedule whose past is looked over by whoever claimed it, and when it did (epoch milliseconds). */
export type Unswept = Pick<ScheduleRow, 'id' | 'project' | 'name' | 'swept_until' | 'live_since'> & { readonly now: number };

/** Claims schedules whose past is due to be looked over, those first that have waited longest; nobody gets them again for `everyMs`, whatever becomes of the claim. Served by schedules_sweep_at. */
export const claimUnswept = async (sql: Queryable, everyMs: number, limit: number): Promise<readonly Unswept[]> =>
  sql<Unswept[]>`
    with due as materialized (
      select id from schedules where deleted_at is null and sweep_at <= now() order by sweep_at limit ${limit} for update skip locked
    )
    update schedules set sweep_at = now() + make_interval(secs => ${everyMs / 1_000}) where id in (select id from due)
    returning id, project, name, swept_until, live_since, (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;

/** Says how far each was looked over, in epoch milliseconds, and which are due again at once; whoever has said so meanwhile knows better. */
export const setSwept = async (
  sql: Queryable,
  swept: readonly (Pick<Unswept, 'id' | 'swept_until'> & { readonly until: number; readonly isMore: boolean })[],
): Promise<void> => {
  const rows = swept.map(({ until, isMore: is_more, ...row }) => ({ ...row, until: new Date(until).toISOString(), is_more }));
  await sql`
    with done as materialized (
      select s.id, n.until, n.is_more
      from jsonb_to_recordset(${jsonRows(sql, rows)}) as n (id uuid, swept_until timestamptz, until timestamptz, is_more boolean)
      join schedules s on s.id = n.id and date_trunc('milliseconds', s.swept_until) = n.swept_until
      order by s.id for no key update of s
    )
    update schedules s set swept_until = d.until, sweep_at = case when d.is_more then now() else s.sweep_at end
    from done d where s.id = d.id`;
};

/** The moments of a schedule from one moment (included) to another (not included) of which there is a row, in epoch milliseconds. Served by the unique index. */
export const knownMoments = async (sql: Queryable, schedule: string, from: number, to: number): Promise<ReadonlySet<number>> => {
  const rows = await sql<{ nominal_at: string }[]>`
    select nominal_at from schedule_fires
    where schedule_id = ${schedule} and nominal_at >= ${new Date(from)} and nominal_at < ${new Date(to)} and again = 0`;
  return new Set(rows.map(({ nominal_at }) => Date.parse(nominal_at)));
};

/** What moments of this stretch may have met: pauses, and runs that no backfill made. Served by schedule_pauses_of, runs_schedule, runs_schedule_open and schedule_fires_run. */
export async function metBetween(
  sql: Queryable,
  { id, project }: Pick<Unswept, 'id' | 'project'>,
  from: number,
  to: number,
): Promise<Pick<Circumstances, 'pauses' | 'runs' | 'waiting'>> {
  const [pauses, runs, waiting] = await Promise.all([
    sql<SchedulePauseRow[]>`
      select * from schedule_pauses
      where project = ${project} and (schedule_id = ${id} or schedule_id is null) and from_at < ${new Date(to)}
        and (until_at is null or until_at > ${new Date(from)})
      order by from_at`,
    sql<{ nominal_at: string; created_at: string; ended_at: string | null }[]>`
      with own as (
        (select id, nominal_at, created_at, ended_at from runs
          where project = ${project} and schedule_id = ${id} and ended_at is null)
        union
        (select id, nominal_at, created_at, ended_at from runs
          where project = ${project} and schedule_id = ${id} and id >= ${firstIdAt(new Date(from))}
          order by id limit ${MOST_RUNS})
        union
        (select id, nominal_at, created_at, ended_at from runs
          where project = ${project} and schedule_id = ${id} and id < ${firstIdAt(new Date(from))}
          order by id desc limit ${MOST_BEFORE})
      )
      select nominal_at, created_at, ended_at from own
      where (ended_at is null or ended_at > ${new Date(from)})
        and not exists (select from schedule_fires f where f.run = own.id and f.backfill is not null)
      order by created_at`,
    sql<{ waiting: number }[]>`select count(*) as waiting from schedule_fires where schedule_id = ${id} and status = 'asked'`,
  ]);
  return { pauses: pauses.map(pauseOf), runs: runs.map(spanOf), waiting: waiting[0]?.waiting ?? 0 };
}

/** Of those that began before, the last ones; what goes on is found however old it is. */
const MOST_BEFORE = 50;
const MOST_RUNS = 5_000;

const pauseOf = (row: SchedulePauseRow): Pause => ({
  from: Date.parse(row.from_at),
  until: row.until_at === null ? null : Date.parse(row.until_at),
  reason: PAUSE_REASONS[row.kind],
  message: pauseWords(row),
});

const spanOf = (row: { nominal_at: string; created_at: string; ended_at: string | null }): RunSpan => ({
  nominal: Date.parse(row.nominal_at),
  from: Date.parse(row.created_at),
  until: row.ended_at === null ? null : Date.parse(row.ended_at),
});

/** Writes down what became of moments of which there is no row; where there is one by now, it stands. */
export const writeVerdicts = async (
  sql: Queryable,
  { id, project, name }: Pick<Unswept, 'id' | 'project' | 'name'>,
  verdicts: readonly { readonly at: number; readonly verdict: Verdict }[],
): Promise<void> => {
  if (verdicts.length === 0) return;
  const rows = verdicts.map(({ at, verdict }) => ({ at: new Date(at).toISOString(), trigger: 'schedule', ...verdict }));
  await sql`
    insert into schedule_fires (project, schedule_id, schedule, nominal_at, trigger, status, reason, message, decided_at)
    select ${project}, ${id}, ${name}, at, trigger, status, reason, message, case when status = 'missed' then now() end
    from jsonb_to_recordset(${jsonRows(sql, rows)}) as (at timestamptz, trigger text, status text, reason text, message text)
    on conflict (schedule_id, nominal_at, again) do nothing`;
};
