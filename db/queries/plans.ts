import { jsonRows, type Queryable } from '../client.ts';
import type { PlanRow } from '../schema/plans.ts';

/** Keeps what a run would do. */
export const insertPlan = async (sql: Queryable, plan: Omit<PlanRow, 'created_at'>): Promise<void> => {
  await sql`
    insert into plans (id, project, job, job_id, version, hash, parameters, target, steps, ahead, created_by)
    select id, project, job, job_id, version, hash, parameters, target, steps, ahead, created_by
    from jsonb_populate_record(null::plans, ${jsonRows(sql, [plan])} -> 0)`;
};

/** A kept plan, or null. Served by the primary key. */
export const findPlan = async (sql: Queryable, project: string, id: string): Promise<PlanRow | null> => {
  const [row] = await sql<PlanRow[]>`select * from plans where id = ${id} and project = ${project}`;
  return row ?? null;
};
