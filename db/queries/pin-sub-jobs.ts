import type { Plan } from '#jobs/plan.ts';
import { subJobsOf } from '#jobs/sub-jobs.ts';
import type { RunInput } from '#workflows/messages.ts';
import { jsonRows, type Queryable } from '../client.ts';

/** Which version of its job each step that runs one will run, as things are now; null where there is none. Costs nothing for a plan without such steps. */
export const pinSubJobs = async (sql: Queryable, project: string, plan: Plan): Promise<NonNullable<RunInput['subJobs']> | null> => {
  const wanted = subJobsOf(plan);
  if (wanted.length === 0) return null;
  const rows = await sql<{ step: string; version: number | null }[]>`
    select w.step, v.version
    from jsonb_to_recordset(${jsonRows(sql, wanted)}) as w (step text, job text, version integer, tag text)
    left join jobs j on j.project = ${project} and j.name = w.job and j.deleted_at is null
    left join job_tags t on t.job_id = j.id and t.tag = w.tag
    left join job_versions v on v.job_id = j.id
      and v.version = coalesce(w.version, case when w.tag is null then j.version else t.version end)`;
  return Object.fromEntries(rows.map(({ step, version }) => [step, version]));
};
