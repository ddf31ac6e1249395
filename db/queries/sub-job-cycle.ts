import type { Plan } from '#jobs/plan.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { subJobsOf } from '#jobs/sub-jobs.ts';
import type { Queryable } from '../client.ts';

/** Deeper than any run may go. */
const DEEPEST = 20;

/** Throws InvalidInput when a job, by the current versions of the jobs that it runs, would come to run itself. Costs nothing for a plan that runs none. */
export const refuseCycle = async (tx: Queryable, project: string, plan: Plan): Promise<void> => {
  const called = [...new Set(subJobsOf(plan).map(({ job }) => job))];
  if (called.length === 0) return;
  const [cycle] = await tx<{ line: string[] }[]>`
    with recursive calls (job, line) as (
      select job, array[${plan.job}, job] from unnest(${called}::text[]) as job
      union
      select sub.job #>> '{}', line || (sub.job #>> '{}')
      from calls c
      join jobs j on j.project = ${project} and j.name = c.job and j.deleted_at is null
      join job_versions v on v.job_id = j.id and v.version = j.version
      cross join lateral jsonb_path_query(v.plan, '$.**{1 to 4} ? (@.type == "job.run").config.job') as sub (job)
      where c.job <> ${plan.job} and cardinality(line) < ${DEEPEST} and not sub.job #>> '{}' = any(line[2:])
    )
    select line from calls where job = ${plan.job} order by cardinality(line) limit 1`;
  if (!cycle) return;
  const message = `a step would run this job itself: ${cycle.line.join(' → ')}`;
  throw new InvalidInput([{ pointer: '/steps', message, severity: 'error' }]);
};
