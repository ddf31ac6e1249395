import type { Queryable } from '../client.ts';

/** By step id, the targets on which a step on several has not completed in this run, in their order; steps that completed on all are not named. Served by the primary key. */
export const failedTargets = async (sql: Queryable, run: string): Promise<{ readonly [step: string]: readonly string[] }> => {
  const rows = await sql<{ step_id: string; targets: readonly string[] }[]>`
    select whole.step_id, jsonb_agg(target.name order by target.n) as targets
    from run_steps whole cross join lateral jsonb_array_elements_text(whole.targets) with ordinality as target (name, n)
    where whole.run_id = ${run} and whole.targets is not null and not exists (
      select from run_steps part
      where part.run_id = whole.run_id and part.parent_key = whole.key and part.target = target.name and part.status = 'completed')
    group by whole.step_id`;
  return Object.fromEntries(rows.map(({ step_id, targets }) => [step_id, targets]));
};
