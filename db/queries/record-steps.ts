import type { StepError } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { wholeOf } from '#jobs/parts.ts';
import type { StepStatus } from '#jobs/run-state.ts';
import type { RunSnapshot } from '#workflows/messages.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';
import { foldStepEvents } from './fold-step-events.ts';
import { toldStatus } from './told-status.ts';

interface OfAttempt {
  readonly run: string;
  readonly key: string;
  /** 1-based, across in-place retries. */
  readonly attempt: number;
}

/** An attempt began; carries the run's snapshot, so that `running` needs no write of its own. */
export interface StepStarted extends OfAttempt {
  readonly kind: 'started';
  readonly project: string;
  readonly step_id: string;
  readonly step_number: number;
  readonly name: string;
  readonly type: string;
  /** As rendered; secrets are never inside. */
  readonly config: JsonObject;
  readonly target: string | null;
  /** What a part is about, as its row shows it. */
  readonly item?: Json;
  readonly worker_id: string;
  readonly attempts_allowed: number;
  /** It takes up what an earlier attempt began, and is no execution of its own. */
  readonly reattached?: boolean;
  /** What it does on its target outlives its worker, and is noted as something to look after. */
  readonly leaves_work?: boolean;
  /** Its first log line; null while unknown. */
  readonly first_line: number | null;
  /** ISO 8601. */
  readonly at: string;
  readonly snapshot: RunSnapshot;
}

export interface StepProgress extends OfAttempt {
  readonly kind: 'progress';
  readonly percent: number;
  readonly message: string | null;
}

/** An attempt ended. With `retrying` the attempt keeps its status and the step shows `retrying`, or `paused`. */
export interface StepFinished extends OfAttempt {
  readonly kind: 'finished';
  readonly status: StepStatus;
  readonly retrying: boolean;
  /** With `retrying`: nothing follows before a person wants it. */
  readonly isPaused?: boolean;
  readonly error: StepError | null;
  readonly outputs: JsonObject | null;
  readonly result: Json;
  readonly exit_code: number | null;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly at: string;
}

export type StepEvent = StepStarted | StepProgress | StepFinished;

/**
 * Writes what happened to steps, in one statement for the whole batch. An older attempt never overwrites a newer one, an ended step is
 * reopened only by a higher attempt of a run that has not ended, and an end that was already told by the run's closing record
 * only gains the details missing there. The same batch written again changes nothing; runs that were deleted stay deleted. Rows are
 * found through arrays and a lateral lock, so that Postgres never thinks of reading a table whole.
 */
export const recordSteps = async (sql: Queryable, batch: readonly StepEvent[]): Promise<void> => {
  if (batch.length === 0) return;
  const { runs, steps, attempts, progress, remoteWork } = foldStepEvents(batch);
  const notice = { runs: runs.map(({ run }) => run), steps: stepsTold([...steps, ...progress]) };

  /** What the row already says of this attempt's status stays. */
  const stands = sql`(
    (t.attempt = excluded.attempt and (t.ended_at is not null or t.status = 'waiting' or excluded.status = 'running'
      or (t.status = 'paused' and excluded.status in ('paused', 'retrying'))))
    or (t.attempt = 0 and t.ended_at is not null))`;
  const detail = (column: string) => sql`${sql(column)} = case
    when t.attempt = excluded.attempt then coalesce(excluded.${sql(column)}, t.${sql(column)})
    else excluded.${sql(column)} end`;

  const noted = sql`, noted as (
      insert into remote_work (run_id, key, project, target, type)
      select w.run, w.key, w.project, w.target, w.type
      from jsonb_to_recordset(${jsonRows(sql, remoteWork)}) as w (run uuid, key text, project text, target text, type text)
      join locked l on l.id = w.run
      order by w.run, w.key
      on conflict do nothing
    )`;

  await sql`
    with told as materialized (
      select * from jsonb_to_recordset(${jsonRows(sql, runs)}) as (
        run uuid, seq bigint, status text, waiting_for text, message text, error_message text, completed_steps integer,
        failed_steps integer, progress smallint, actor text, worker_id text, started_at timestamptz)
    ), locked as materialized (
      select l.* from (select run from told order by run) t cross join lateral (
        select r.id, r.seq, ${toldStatus(sql)} as status, r.waiting_for, r.message, r.error_message, r.completed_steps, r.failed_steps, r.progress,
          r.started_at, r.ended_at
        from runs r where r.id = t.run for no key update
      ) l
    ), next as materialized (
      select l.id, l.status as before, told.actor, told.worker_id,
        least(l.started_at, told.started_at) as started_at, now_is.*
      from locked l join told on told.run = l.id
      cross join lateral (
        select told.seq, told.status, told.waiting_for, told.message, told.error_message, told.completed_steps, told.failed_steps,
          greatest(told.progress, l.progress) as progress
        where told.seq > l.seq
        union all
        select l.seq, l.status, l.waiting_for, l.message, l.error_message, l.completed_steps, l.failed_steps, l.progress
        where told.seq <= l.seq or told.seq is null
      ) as now_is
      where told.seq > l.seq or told.started_at < l.started_at or (l.started_at is null and told.started_at is not null)
    ), mirrored as (
      update runs r set (seq, status, waiting_for, message, error_message, completed_steps, failed_steps, progress, worker_id,
        started_at, status_history_count, status_actor, status_at, updated_at) = (
        select n.seq, n.status, n.waiting_for, n.message, n.error_message, n.completed_steps, n.failed_steps, n.progress,
          coalesce(n.worker_id, r.worker_id), n.started_at, r.status_history_count + (n.status <> n.before)::integer,
          case when n.status <> n.before then n.actor else r.status_actor end, case when n.status <> n.before then now() else r.status_at end,
          now()
        from next n where n.id = r.id)
      where r.id = any(array(select id from next))
    ), history as (
      insert into status_history (run_id, seq, status, waiting_for, message, progress, actor)
      select id, seq, status, waiting_for, message, progress, actor from next where status <> before
    ), stepped as (
      insert into run_steps as t (run_id, key, project, step_id, parent_key, step_number, name, type, status, error, config, outputs, result,
        exit_code, stdout, stderr, target, item, worker_id, attempt, attempts_allowed, progress, progress_message, started_at, ended_at)
      select s.run, s.key, s.project, s.step_id, s.parent_key, s.step_number, s.name, s.type, s.status, s.error, s.config, s.outputs, s.result,
        s.exit_code, s.stdout, s.stderr, s.target, s.item, s.worker_id, s.attempt, s.attempts_allowed, s.progress, s.progress_message,
        s.started_at, s.ended_at
      from jsonb_to_recordset(${jsonRows(sql, steps)}) as s (
        run uuid, key text, project text, step_id text, parent_key text, step_number integer, name text, type text, status text, error jsonb,
        config jsonb, outputs jsonb, result jsonb, exit_code integer, stdout text, stderr text, target text, item jsonb, worker_id text,
        attempt integer, attempts_allowed integer, progress smallint, progress_message text, started_at timestamptz,
        ended_at timestamptz)
      join locked l on l.id = s.run
      where l.ended_at is null or s.ended_at is not null
        or exists (select from run_steps known where known.run_id = s.run and known.key = s.key)
      order by s.run, s.key
      on conflict (run_id, key) do update set
        status = case when ${stands} then t.status else excluded.status end,
        waiting_for = case when ${stands} then t.waiting_for end,
        message = case when ${stands} then t.message end,
        started_at = least(t.started_at, excluded.started_at),
        ended_at = case when ${stands} then least(t.ended_at, excluded.ended_at) else excluded.ended_at end,
        progress = case when t.attempt = excluded.attempt then greatest(t.progress, excluded.progress) else excluded.progress end,
        config = coalesce(excluded.config, t.config),
        target = coalesce(excluded.target, t.target),
        item = coalesce(excluded.item, t.item),
        worker_id = coalesce(excluded.worker_id, t.worker_id),
        attempts_allowed = coalesce(excluded.attempts_allowed, t.attempts_allowed),
        attempt = excluded.attempt,
        ${detail('error')}, ${detail('outputs')}, ${detail('result')}, ${detail('exit_code')}, ${detail('stdout')},
        ${detail('stderr')}, ${detail('progress_message')},
        updated_at = now()
      where excluded.attempt >= t.attempt
        and (not ${stands} or excluded.status in ('running', t.status))
        and (${stands} or (select l.ended_at from locked l where l.id = t.run_id) is null)
    ), attempted as (
      insert into step_attempts as t (run_id, key, attempt, status, error, worker_id, exit_code, first_line, reattached, started_at, ended_at)
      select a.run, a.key, a.attempt, a.status, a.error, a.worker_id, a.exit_code, a.first_line, a.reattached, a.started_at, a.ended_at
      from jsonb_to_recordset(${jsonRows(sql, attempts)}) as a (
        run uuid, key text, attempt integer, status text, error jsonb, worker_id text, exit_code integer, first_line integer,
        reattached boolean, started_at timestamptz, ended_at timestamptz)
      join locked l on l.id = a.run
      where l.ended_at is null or a.ended_at is not null
      order by a.run, a.key, a.attempt
      on conflict (run_id, key, attempt) do update set
        status = case when excluded.ended_at is null then t.status else excluded.status end,
        error = coalesce(t.error, excluded.error),
        exit_code = coalesce(t.exit_code, excluded.exit_code),
        worker_id = coalesce(t.worker_id, excluded.worker_id),
        first_line = coalesce(t.first_line, excluded.first_line),
        reattached = t.reattached or excluded.reattached,
        started_at = least(t.started_at, excluded.started_at),
        ended_at = least(t.ended_at, excluded.ended_at),
        ended_tx = case when t.ended_at is null then excluded.ended_tx else t.ended_tx end
      where (t.ended_at is null or t.status = excluded.status) and (excluded.ended_at is not null or t.started_at is null)
    ), progressed as (
      update run_steps t set progress = greatest(t.progress, p.progress), progress_message = p.progress_message, updated_at = now()
      from jsonb_to_recordset(${jsonRows(sql, progress)}) as p (
        run uuid, key text, attempt integer, progress smallint, progress_message text)
      where t.run_id = p.run and t.run_id = any(array(select run from told)) and t.key = p.key and t.attempt = p.attempt and t.ended_at is null
    )${remoteWork.length > 0 ? noted : sql``}
    select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads(notice)}::text[]) as payload`;
};

/** The steps told of, as [run, key], and the step that a part belongs to, which is as far as its parts are. */
const stepsTold = (told: readonly { readonly run: string; readonly key: string }[]) => {
  const pairs = told.flatMap(({ run, key }) => [key, wholeOf(key) ?? key].map((one) => [run, one] as const));
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
};
