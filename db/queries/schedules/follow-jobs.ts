import type { Transaction } from '../../client.ts';

/**
 * Stops the schedules of jobs that are gone or switched off and says why, and lets them go on when their job is back; in the transaction that
 * changes the jobs, or one schedule alone: whoever has that locked must not wait for the others. Served by schedules_job and jobs_name.
 */
export const followJobs = async (
  tx: Transaction,
  project: string,
  jobs: readonly string[],
  schedule: string | null = null,
): Promise<void> => {
  await tx`
    with standing as materialized (
      select s.id, s.stopped_reason as before, s.updated_by, case
        when j.id is null then 'job ' || s.job || ' was deleted'
        when not j.active then 'job ' || s.job || ' is switched off'
        when v.version is null and jsonb_typeof(s.definition -> 'version') = 'number'
          then 'job ' || s.job || ' has no version ' || (s.definition ->> 'version')
      end as reason
      from schedules s
      left join jobs j on j.project = s.project and j.name = s.job and j.deleted_at is null
      left join job_versions v on v.job_id = j.id and jsonb_typeof(s.definition -> 'version') = 'number' and v.version = (s.definition -> 'version')::integer
      where s.project = ${project} and s.job = any(${[...jobs]}::text[]) and s.deleted_at is null
        ${schedule === null ? tx`` : tx`and s.id = ${schedule}`}
      order by s.id for no key update of s
    ), changed as (
      update schedules s set stopped_reason = n.reason, arm_at = now(), arm_attempts = 0,
        live_since = case when n.reason is null then clock_timestamp() else s.live_since end
      from standing n where s.id = n.id and n.before is distinct from n.reason
      returning s.id, s.project, n.before, n.reason
    ), resumed as (
      update schedule_pauses p set until_at = now()
      from changed c where p.schedule_id = c.id and p.project = c.project and p.kind = 'stopped' and p.until_at is null and c.reason is null
    )
    insert into schedule_pauses (project, schedule_id, kind, paused_by, note)
    select project, id, 'stopped', '', reason from changed where before is null`;
};
