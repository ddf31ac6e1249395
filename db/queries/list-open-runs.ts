import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';

/** A run that has not ended as far as its row says; `owed` while its start is still in the outbox. */
export interface OpenRun {
  readonly id: string;
  readonly project: string;
  readonly workflow_id: string;
  /** The schedule that started it. */
  readonly schedule: string | null;
  readonly status: RunStatus;
  readonly seq: number;
  readonly completed_steps: number;
  readonly failed_steps: number;
  readonly progress: number;
  readonly updated_at: string;
  readonly owed: boolean;
}

/** Open runs of all projects whose rows have been still since `quietSince`, by id after `after`. Served by runs_open. */
export const listOpenRuns = async (sql: Queryable, quietSince: Date, after: string | null, limit: number): Promise<readonly OpenRun[]> =>
  sql<OpenRun[]>`
    select ${columns(sql)}
    from runs r
    where ended_at is null and updated_at <= ${quietSince} and (${after}::uuid is null or id > ${after})
    order by id limit ${limit}`;

/** Open runs of a schedule other than this one, where the next may take their place. Served by runs_schedule_open. */
export const openPredecessors = async (sql: Queryable, schedule: string, run: string): Promise<readonly OpenRun[]> =>
  sql<OpenRun[]>`
    select ${columns(sql)}
    from runs r
    where project = (select s.project from schedules s where s.id = ${schedule} and s.definition ->> 'overlap' is distinct from 'allow_all')
      and schedule_id = ${schedule} and ended_at is null and id <> ${run}
    order by id limit 10`;

const columns = (sql: Queryable) => sql`
  id, project, workflow_id, schedule, status, seq, completed_steps, failed_steps, progress, updated_at,
  exists (select from outbox o where o.run = r.id) as owed`;
