import type { AgendaState, Place } from '#jobs/agenda/words.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import { FIRE_STATUSES, type FireStatus, type FireTrigger, type MissedReason } from '#jobs/schedules/fire-state.ts';
import type { Queryable } from '../../client.ts';
import { hasValues } from '../has-values.ts';
import type { AgendaFilter } from './standing-schedules.ts';

/** Which rows of the agenda are asked for: those in a span, after a place. */
export interface RowsAsked extends AgendaFilter {
  readonly span: Span;
  readonly after: Place | null;
  readonly limit: number;
  readonly states: readonly AgendaState[] | null;
}

/** What became of a moment. */
export interface FireOfAgenda {
  readonly schedule_id: string;
  readonly schedule: string;
  readonly nominal_at: string;
  readonly again: number;
  readonly trigger: FireTrigger;
  readonly status: FireStatus;
  readonly reason: MissedReason | null;
  readonly message: string | null;
  readonly run: string | null;
  readonly run_status: RunStatus | null;
  readonly job: string | null;
  readonly timezone: string | null;
}

/** What became of moments, in the order of the agenda. Served by schedule_fires_agenda. */
export const firesOfAgenda = async (sql: Queryable, asked: RowsAsked): Promise<readonly FireOfAgenda[]> => {
  const { span, after, limit, states } = asked;
  if (states !== null && !states.some((state) => (FIRE_STATUSES as readonly string[]).includes(state))) return [];
  const from = new Date(after?.at ?? span.from);
  return sql<FireOfAgenda[]>`
    select f.schedule_id, f.schedule, f.nominal_at, f.again, f.trigger, f.status, f.reason, f.message, f.run, r.status as run_status,
      s.job, s.timezone
    from schedule_fires f left join schedules s on s.id = f.schedule_id left join runs r on r.id = f.run
    where f.project = ${asked.project} and f.nominal_at >= ${from} and f.nominal_at < ${new Date(span.to)}
      ${after === null ? sql`` : sql`and (f.nominal_at, f.schedule_id, f.again) > (${from}, ${after.id}::uuid, ${after.again})`}
      ${hasValues(sql, { 's.job': asked.job, 'f.schedule': asked.schedule })}
      ${states === null ? sql`` : sql`and f.status = any(${states}::text[])`}
    order by f.nominal_at, f.schedule_id, f.again limit ${limit}`;
};

/** A run that waits for its time, whoever wanted it. */
export interface DelayedRun {
  readonly id: string;
  readonly job: string;
  readonly scheduled_for: string;
  readonly timezone: string | null;
}

/** Runs that wait for their time, in the order of the agenda; none where a schedule is asked for. Served by runs_scheduled_for. */
export const delayedRuns = async (sql: Queryable, asked: RowsAsked): Promise<readonly DelayedRun[]> => {
  const { project, span, after, limit, states, schedule, job } = asked;
  if (schedule !== undefined || (states !== null && !states.includes('delayed'))) return [];
  const from = new Date(after?.at ?? span.from);
  return sql<DelayedRun[]>`
    select id, job, scheduled_for, timezone from runs
    where project = ${project} and status = 'scheduled' and scheduled_for >= ${from} and scheduled_for < ${new Date(span.to)}
      ${after === null ? sql`` : sql`and (scheduled_for, id) > (${from}, ${after.id}::uuid)`}
      ${job === undefined ? sql`` : sql`and job = ${job}`}
    order by scheduled_for, id limit ${limit}`;
};

/** Which of these moments have a row by now. Served by the unique index of schedule_fires. */
export const knownFires = async (sql: Queryable, places: readonly Pick<Place, 'id' | 'at'>[]): Promise<ReadonlySet<string>> => {
  if (places.length === 0) return new Set();
  const rows = await sql<{ schedule_id: string; at: number }[]>`
    select f.schedule_id, (extract(epoch from f.nominal_at) * 1000)::float8 as at
    from unnest(${places.map(({ id }) => id)}::uuid[], ${places.map(({ at }) => new Date(at).toISOString())}::timestamptz[]) as p (id, at)
      join schedule_fires f on f.schedule_id = p.id and f.nominal_at = p.at`;
  return new Set(rows.map(({ schedule_id, at }) => fireKey({ id: schedule_id, at })));
};

/** One moment of one schedule. */
export const fireKey = ({ id, at }: Pick<Place, 'id' | 'at'>): string => `${id} ${at}`;
