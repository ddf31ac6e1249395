-- Where runs come from and how they last changed: re-runs, runs that were told to start later or with some of their steps, and the newest line of
-- each run's history beside the run.

alter table runs
  -- The run whose results this one began with.
  add column rerun_of uuid,
  -- Changes of the run's own status, and the newest of them: who caused it, and when.
  add column status_history_count integer not null default 1,
  add column status_actor text,
  add column status_at timestamptz;

alter table run_steps
  -- The run that executed it, for a result that was kept.
  add column kept_from uuid,
  add column skip_reason text;

alter table run_inputs
  -- The steps that were chosen at start; null: all.
  add column steps jsonb,
  -- What was asked of a re-run, what it kept and why the rest runs.
  add column rerun jsonb,
  -- What the checks of its definition had to say when it was accepted.
  add column warnings jsonb;

update runs r set status_history_count = h.entries, status_at = h.at, status_actor = h.actor
from (
  select run_id, count(*)::integer as entries, max(at) as at, (array_agg(actor order by id desc))[1] as actor
  from status_history where step_key = '' group by run_id
) h
where h.run_id = r.id;

update run_steps set skip_reason = case
    when message like 'its condition was false%' then 'condition'
    when message like 'it is switched off%' then 'disabled'
    else 'upstream_failed' end
where status = 'skipped';

create index runs_retry_of on runs (project, retry_of) where retry_of is not null;
create index runs_rerun_of on runs (project, rerun_of) where rerun_of is not null;
create index runs_completed on runs (project, job, id desc) where status = 'completed';
