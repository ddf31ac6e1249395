import { hasEnded, hasEndedBadly, RUN_STATUSES, type RunStatus } from '#jobs/run-state.ts';
import type { RunRecord } from '#workflows/messages.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';
import { toldStatus } from './told-status.ts';

/**
 * Writes runs as their workflows know them, in one statement for the whole batch; a record that is not newer than the row changes
 * nothing. At the first running moment and at the end the times are set; each change of status goes to the history. The steps told
 * are taken over with the attempts of theirs that have no row, and when the run has ended, whatever the rows still show open is closed, the run
 * is counted, its end is noted for the triggers that listen to it, and the schedule that started it is told how it ended, and paused where it wants that after
 * a failure; of many runs of one schedule that end at once only the last one touches its row. Rows are found through arrays and a lateral lock, so that Postgres
 * never thinks of reading a table whole.
 */
export const recordRuns = async (sql: Queryable, records: readonly RunRecord[]): Promise<void> => {
  if (records.length === 0) return;
  const { told, steps } = fold(records);
  const notice = { runs: told.map(({ run }) => run), steps: steps.map(({ run, key }) => [run, key] as const) };

  await sql`
    with told as materialized (
      select * from jsonb_to_recordset(${jsonRows(sql, told)}) as (
        run uuid, seq bigint, status text, waiting_for text, message text, error_message text, completed_steps integer,
        failed_steps integer, progress smallint, actor text, ended boolean, result_data jsonb)
    ), locked as materialized (
      select l.* from (select run from told order by run) t cross join lateral (
        select r.id, r.seq, ${toldStatus(sql)} as status, r.project, r.job, r.job_id, r.client, r.started_at, r.ended_at, r.number, r.schedule_id
        from runs r where r.id = t.run for no key update
      ) l
    ), newer as materialized (
      select told.*, l.status as before, l.ended_at is not null as had_ended, l.project, l.job, l.job_id, l.client, l.number, l.schedule_id,
        coalesce(l.started_at, case when told.status = 'running' or told.completed_steps + told.failed_steps > 0 then now() end) as started_at
      from told join locked l on l.id = told.run where told.seq > l.seq
    ), mirrored as (
      update runs r set (seq, status, waiting_for, message, error_message, completed_steps, failed_steps, progress, result_data,
        started_at, ended_at, status_history_count, status_actor, status_at, updated_at) = (
        select n.seq, n.status, n.waiting_for, n.message, n.error_message, n.completed_steps, n.failed_steps,
          greatest(r.progress, n.progress), coalesce(n.result_data, r.result_data), n.started_at,
          case when n.ended then coalesce(r.ended_at, greatest(now(), n.started_at)) end,
          r.status_history_count + (n.status <> n.before)::integer, case when n.status <> n.before then n.actor else r.status_actor end,
          case when n.status <> n.before then now() else r.status_at end, now()
        from newer n where n.run = r.id)
      where r.id = any(array(select run from newer))
    ), history as (
      insert into status_history (run_id, seq, status, waiting_for, message, progress, actor)
      select run, seq, status, waiting_for, coalesce(message, error_message), progress, actor from newer where status <> before
    ), counted as (
      insert into run_stat_deltas (project, hour, job, client, status, duration_bucket, runs, total_ms)
      select project, date_trunc('hour', now()), job, coalesce(client, ''), status,
        case when ms is null then -1 else floor(log(2, greatest(ms, 1)))::smallint end, 1, coalesce(ms, 0)
      from newer, lateral (
        select case when started_at is not null then (extract(epoch from now() - least(started_at, now())) * 1000)::bigint end as ms
      ) as took
      where ended and not had_ended
    ), fired as (
      insert into trigger_firings (project, job_id, position, trigger, source_run, source_job, next_at)
      select n.project, t.job_id, t.position, t.trigger, n.run, n.job, now()
      from newer n join job_triggers t on t.project = n.project and t.source = n.job
      where n.ended and not n.had_ended and n.job_id is not null and n.status = any(t.statuses)
      on conflict do nothing
    ), of_schedules as materialized (
      select schedule_id, jsonb_object_agg(run, status) as statuses,
        (array_agg(number order by run) filter (where status = any(${PAUSING})))[1] as failed
      from newer where ended and not had_ended and schedule_id is not null group by schedule_id
    ), locked_schedules as materialized (
      select o.*, s.last_run, s.pausing
      from (select * from of_schedules order by schedule_id) o cross join lateral (
        select last_run, not s.paused and o.failed is not null and coalesce((s.definition -> 'pause_on_failure')::boolean, false) as pausing
        from schedules s
        where id = o.schedule_id and deleted_at is null
          and (o.statuses ? s.last_run::text or (o.failed is not null and coalesce((s.definition -> 'pause_on_failure')::boolean, false)))
        for no key update
      ) s
    ), scheduled as (
      update schedules s set last_status = coalesce(l.statuses ->> s.last_run::text, s.last_status),
        paused = s.paused or l.pausing, paused_at = case when l.pausing then now() else s.paused_at end,
        paused_by = case when l.pausing then 'schedule' else s.paused_by end,
        pause_note = case when l.pausing then 'run #' || l.failed || ' failed' else s.pause_note end,
        arm_at = case when l.pausing then now() else s.arm_at end, arm_attempts = case when l.pausing then 0 else s.arm_attempts end
      from locked_schedules l where s.id = l.schedule_id
    ), paused as (
      insert into schedule_pauses (project, schedule_id, kind, paused_by, note)
      select s.project, s.id, 'failure', 'schedule', 'run #' || l.failed || ' failed'
      from locked_schedules l join schedules s on s.id = l.schedule_id where l.pausing
    ), stepped as (
      insert into run_steps as t (run_id, key, project, step_id, parent_key, target, targets, item, parts, step_number, name, type, status, waiting_for,
        message, skip_reason, hold, error, outputs, attempt, progress, started_at, ended_at)
      select s.run, s.key, s.project, s.step_id, s.parent_key, s.target, s.targets, s.item, s.parts, s.number, s.name, s.type, s.status, s.waiting_for, s.message, s.skip_reason, s.hold, s.error, s.outputs,
        coalesce(s.attempt, 0), case when s.status = 'completed' then 100 else 0 end, case when s.status = 'running' then now() else (s.hold ->> 'since')::timestamptz end,
        case when s.ended then now() end
      from jsonb_to_recordset(${jsonRows(sql, steps)}) as s (
        run uuid, project text, seq bigint, key text, step_id text, parent_key text, target text, targets jsonb, item jsonb, parts integer, of_slice boolean, number integer, name text, type text, status text, waiting_for text,
        error jsonb, message text, skip_reason text, hold jsonb, outputs jsonb, attempt integer, ended boolean)
      join locked l on l.id = s.run and (s.seq > l.seq or (s.of_slice and l.ended_at is null))
      order by s.run, s.key
      on conflict (run_id, key) do update set
        status = excluded.status, waiting_for = excluded.waiting_for, message = excluded.message, skip_reason = excluded.skip_reason,
        hold = case when excluded.status in ('running', 'queued') then null else coalesce(excluded.hold, t.hold) end,
        step_id = excluded.step_id, parent_key = excluded.parent_key, target = coalesce(t.target, excluded.target),
        targets = coalesce(excluded.targets, t.targets), item = coalesce(t.item, excluded.item), parts = coalesce(excluded.parts, t.parts), started_at = coalesce(t.started_at, excluded.started_at),
        step_number = excluded.step_number, name = excluded.name, type = excluded.type,
        error = case when excluded.status in ('running', 'completed') then null else coalesce(excluded.error, t.error) end,
        outputs = coalesce(excluded.outputs, t.outputs),
        progress = greatest(t.progress, excluded.progress),
        ended_at = case when excluded.ended_at is null then null else coalesce(t.ended_at, greatest(excluded.ended_at, t.started_at)) end,
        updated_at = now()
      where (t.status, t.waiting_for, t.message, t.step_number, t.type, t.ended_at is null) is distinct from
        (excluded.status, excluded.waiting_for, excluded.message, excluded.step_number, excluded.type, excluded.ended_at is null)
        or t.error is distinct from coalesce(excluded.error, t.error) or t.hold is distinct from coalesce(excluded.hold, t.hold)
      returning t.run_id, t.key, old.status as before, new.status, new.waiting_for, new.message, new.attempt
    ), step_history as (
      insert into status_history (run_id, step_key, seq, attempt, status, waiting_for, message, actor)
      select s.run_id, s.key, n.seq, s.attempt, s.status, s.waiting_for, s.message, n.actor
      from stepped s left join newer n on n.run = s.run_id where s.status is distinct from s.before
    ), abandoned as (
      update run_steps t set status = case when n.status = 'cancelled' then 'cancelled' else 'lost' end, waiting_for = null,
        ended_at = greatest(now(), t.started_at), updated_at = now()
      from newer n
      where t.run_id = n.run and t.run_id = any(array(select run from newer where ended)) and t.ended_at is null
        and not exists (select from jsonb_array_elements(${jsonRows(sql, notice.steps)}) as told (step)
          where told.step ->> 0 = t.run_id::text and told.step ->> 1 = t.key)
    ), unseen as (
      insert into step_attempts (run_id, key, attempt, status, error, ended_at)
      select s.run, s.key, n, case when n = s.attempt then s.status else 'lost' end, case when n = s.attempt then s.error end, now()
      from jsonb_to_recordset(${jsonRows(sql, steps)}) as s (
        run uuid, seq bigint, of_slice boolean, key text, status text, error jsonb, attempt integer, ended boolean)
      join locked l on l.id = s.run and (s.seq > l.seq or (s.of_slice and l.ended_at is null))
      cross join lateral generate_series(1, s.attempt) as n
      where s.ended
      order by s.run, s.key, n
      on conflict do nothing
    ), closed as (
      update step_attempts a set ended_at = greatest(now(), a.started_at), ended_tx = pg_current_xact_id()::text::bigint,
        status = coalesce((select s ->> 'status' from jsonb_array_elements(${jsonRows(sql, steps)}) as s
          where s ->> 'run' = a.run_id::text and s ->> 'key' = a.key), case when n.status = 'cancelled' then 'cancelled' else 'lost' end)
      from newer n
      where a.run_id = n.run and a.run_id = any(array(select run from newer where ended)) and a.ended_at is null
    ), forgotten as (
      delete from run_secrets where run_id = any(array(select run from newer where ended))
    )
    select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads(notice)}::text[]) as payload`;
};

/** Ends after which a schedule that wants it starts nothing more until a person has looked. */
const PAUSING: readonly RunStatus[] = RUN_STATUSES.filter((status) => hasEnded(status) && hasEndedBadly(status));

/** The newest record of each run and the newest word on each step: a statement may touch a row only once. */
const fold = (records: readonly RunRecord[]) => {
  const inOrder = [...records].sort((a, b) => a.snapshot.seq - b.snapshot.seq);
  const runs = new Map(inOrder.map((record) => [record.run, record]));
  const steps = new Map(
    inOrder.flatMap(({ run, project, snapshot: { seq }, steps, ofSlice: of_slice = false }) =>
      steps.map((step) => [`${run} ${step.key}`, { run, project, seq, of_slice, ...step, ended: hasEnded(step.status) }] as const),
    ),
  );
  return {
    told: [...runs.values()].map(({ run, snapshot, result_data }) => ({ run, ...snapshot, ended: hasEnded(snapshot.status), result_data })),
    steps: [...steps.values()],
  };
};
