import type { Queryable } from '../../client.ts';

/** A step that waits for a maintenance window, by its row. */
export interface WaitingForWindow {
  readonly project: string;
  readonly workflow_id: string;
  readonly target: string;
  /** ISO 8601; null: none is in sight. */
  readonly opens_at: string | null;
}

/** What open runs wait for windows of, so many at most. Served by run_steps_windows. */
export const waitingForWindows = async (sql: Queryable, limit: number): Promise<readonly WaitingForWindow[]> =>
  sql<WaitingForWindow[]>`
    select distinct r.project, r.workflow_id, s.hold ->> 'target' as target, s.hold ->> 'opens_at' as opens_at
    from run_steps s join runs r on r.id = s.run_id
    where s.waiting_for = 'window' and s.ended_at is null and r.ended_at is null limit ${limit}`;
