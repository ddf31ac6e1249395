import type { Queryable } from '../../client.ts';

/** What steps wait for that know the same of the windows of a target, by their rows. */
export interface WaitingForWindow {
  readonly project: string;
  readonly target: string;
  /** ISO 8601; null: none is in sight. */
  readonly opens_at: string | null;
  /** Of their runs. */
  readonly workflows: readonly string[];
}

/** What open runs wait for windows of, so many at most. Served by run_steps_windows. */
export const waitingForWindows = async (sql: Queryable, limit: number): Promise<readonly WaitingForWindow[]> =>
  sql<WaitingForWindow[]>`
    select r.project, s.hold ->> 'target' as target, s.hold ->> 'opens_at' as opens_at, array_agg(distinct r.workflow_id) as workflows
    from run_steps s join runs r on r.id = s.run_id
    where s.waiting_for = 'window' and s.ended_at is null and r.ended_at is null
    group by 1, 2, 3 limit ${limit}`;
