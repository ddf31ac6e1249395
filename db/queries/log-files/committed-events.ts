import type { StepError } from '#jobs/failure.ts';
import { hasEnded, type RunStatus, type StepStatus, type WaitingFor } from '#jobs/run-state.ts';
import type { MissedReason } from '#jobs/schedules/fire-state.ts';
import type { Queryable, Sql } from '../../client.ts';
import type { AuditEntryRow } from '../../schema/audit.ts';
import type { QueueSampleRow } from '../../schema/queues.ts';
import type { RunRow } from '../../schema/runs.ts';

/** `tx` and `id` together are the same whenever the same event is read. */
interface Committed {
  readonly tx: number;
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What every event of a run says of the run. */
interface OfRun
  extends Committed,
    Pick<RunRow, 'project' | 'number' | 'job' | 'version' | 'client' | 'timezone' | 'schedule' | 'nominal_at' | 'trigger'> {
  readonly run: string;
}

/** A run, or a step where the run itself decided it, took a status; what the end of an attempt says is left to that. */
export interface StatusEvent extends OfRun, Pick<RunRow, 'total_steps' | 'failed_steps' | 'execution_time_ms'> {
  readonly kind: 'status';
  /** Empty: the run's own. */
  readonly key: string;
  readonly attempt: number | null;
  readonly status: RunStatus | StepStatus;
  readonly waiting_for: WaitingFor | null;
  readonly message: string | null;
  readonly actor: string | null;
  /** From when it could have begun to its first step. */
  readonly queued_ms: number | null;
}

/** A worker began an attempt of a step, or ended it. */
export interface AttemptEvent extends OfRun {
  readonly kind: 'began' | 'ended';
  readonly key: string;
  readonly type: string | null;
  readonly target: string | null;
  readonly attempt: number;
  readonly status: StepStatus;
  readonly worker_id: string | null;
  readonly reattached: boolean;
  readonly exit_code: number | null;
  readonly duration_ms: number | null;
  readonly error: StepError | null;
}

/** A moment of a schedule started nothing. */
export interface MissedEvent extends Committed {
  readonly kind: 'missed';
  readonly project: string;
  readonly schedule: string;
  readonly timezone: string | null;
  readonly nominal_at: string;
  readonly reason: MissedReason | null;
  readonly message: string | null;
}

/** Somebody changed something. */
export interface AuditEvent extends Committed, Omit<AuditEntryRow, 'id' | 'at'> {
  readonly kind: 'audit';
}

/** A queue as it was seen in a minute. */
export interface SampleEvent extends Committed, Omit<QueueSampleRow, 'at'> {
  readonly kind: 'sample';
}

export type CommittedEvent = StatusEvent | AttemptEvent | MissedEvent | AuditEvent | SampleEvent;

/** A clock that is behind must not make an event of now one of the past. */
const LEEWAY = '1 hour';

/** What transactions from `from` to below `to` wrote, in their order; null when it is more than `most`. Served by the BRIN indexes on tx, which cost writers nothing. */
export const committedEvents = async (sql: Sql, span: CommittedSpan, most: number): Promise<readonly CommittedEvent[] | null> => {
  const sources = await sql.begin('read only', async (tx) => {
    // Of rows that are older than the column Postgres knows too little, and would read them all, every second.
    await tx`select set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`;
    return readSources(tx, span, most);
  });
  const events = sources.flat();
  if (events.length > most || sources.some((source) => source.length > most)) return null;
  return inOrder(events);
};

interface CommittedSpan {
  readonly from: number;
  readonly to: number;
  readonly since: string;
}

async function readSources(
  sql: Queryable,
  { from, to, since }: CommittedSpan,
  most: number,
): Promise<readonly (readonly CommittedEvent[])[]> {
  const isNew = (tx: string, at: string) =>
    sql`${sql(tx)} >= ${from} and ${sql(tx)} < ${to} and ${sql(at)} >= ${since}::timestamptz - ${LEEWAY}::interval limit ${most + 1}`;
  const ofRun = sql`r.id as run, r.project, r.number, r.job, r.version, r.client, r.timezone, r.schedule, r.nominal_at, r.trigger`;
  const attempts = (kind: 'began' | 'ended', tx: string, at: string) => sql<AttemptEvent[]>`
    select ${kind} as kind, a.${sql(tx)} as tx, a.run_id || ' ' || a.key || ' ' || a.attempt || ' ' || ${kind} as id, a.${sql(at)} as at, ${ofRun},
      a.key, s.type, s.target, a.attempt, a.worker_id, a.reattached,
      ${kind === 'began' ? sql`'running' as status, null as exit_code, null as duration_ms, null as error` : sql`a.status, a.exit_code, a.duration_ms, a.error`}
    from (select * from step_attempts where ${isNew(tx, at)}) a
    join runs r on r.id = a.run_id left join run_steps s on s.run_id = a.run_id and s.key = a.key`;
  return Promise.all([
    sql<StatusEvent[]>`
      select 'status' as kind, h.tx, h.id::text as id, h.at, ${ofRun}, h.step_key as key, h.attempt, h.status, h.waiting_for, h.message, h.actor,
        r.total_steps, r.failed_steps, r.execution_time_ms, (extract(epoch from r.started_at - r.queued_at) * 1000)::bigint as queued_ms
      from (select * from status_history where ${isNew('tx', 'at')}) h join runs r on r.id = h.run_id
      where not exists (
        select from step_attempts a where a.run_id = h.run_id and a.key = h.step_key and a.attempt = h.attempt and a.status = h.status and a.ended_at is not null)`,
    attempts('began', 'tx', 'started_at'),
    attempts('ended', 'ended_tx', 'ended_at'),
    sql<MissedEvent[]>`
      select 'missed' as kind, f.tx, f.id::text as id, coalesce(f.decided_at, f.created_at) as at, f.project, f.schedule, s.timezone, f.nominal_at, f.reason, f.message
      from (select * from schedule_fires where status = 'missed' and ${isNew('tx', 'created_at')}) f left join schedules s on s.id = f.schedule_id`,
    sql<AuditEvent[]>`
      select 'audit' as kind, tx, id::text as id, at, project, actor, action, subject_kind, subject, before, after, request_id, reason
      from audit_entries where ${isNew('tx', 'at')}`,
    sql<SampleEvent[]>`
      select 'sample' as kind, tx, queue as id, at, queue, backlog, oldest_ms, added_per_second, dispatched_per_second, used, slots, pollers
      from queue_samples where ${isNew('tx', 'at')}`,
  ]);
}

/** As their transactions began; but of two that ran at the same time the one that ends a run may have begun first, and the end of a run stands behind all else of it. */
function inOrder(events: readonly CommittedEvent[]): readonly CommittedEvent[] {
  const lastOf = new Map<string, number>();
  for (const event of events) if ('run' in event) lastOf.set(event.run, Math.max(event.tx, lastOf.get(event.run) ?? 0));
  const placeOf = (event: CommittedEvent) =>
    event.kind === 'status' && event.key === '' && hasEnded(event.status) ? (lastOf.get(event.run) ?? event.tx) : event.tx;
  return events.toSorted(
    (a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b) || Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1),
  );
}

/** What was written together bears the times of several clocks: a change comes before what it caused, a beginning before what it is about, an end after it. */
function rankOf(event: CommittedEvent): number {
  if (event.kind === 'audit') return 0;
  if (event.kind !== 'status') return 2;
  if (!hasEnded(event.status)) return 1;
  return event.key === '' ? 4 : 3;
}
