import type { JsonObject } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';

/** A step that waits for people's answer, with the run it belongs to. */
export interface WaitingApproval {
  readonly run_id: string;
  readonly run_number: number;
  readonly job: string;
  readonly title: string | null;
  readonly created_by: string;
  readonly key: string;
  readonly name: string;
  readonly hold: JsonObject;
  readonly started_at: string | null;
}

/** Whoever asks, by all that approvers may call him. */
interface Asker {
  readonly actor: string;
  readonly names: readonly string[];
}

export interface ApprovalsAsked {
  readonly project: string;
  /** Whoever asks: only what he may answer and has not; null: all. */
  readonly by: Asker | null;
  readonly limit: number;
}

/** Steps of open runs that wait for an answer, the newest runs first. Served by run_steps_approvals. */
export const listApprovals = async (sql: Queryable, { project, by, limit }: ApprovalsAsked): Promise<readonly WaitingApproval[]> =>
  sql<WaitingApproval[]>`
    select s.run_id, r.number as run_number, r.job, r.title, r.created_by, s.key, s.name, s.hold, s.started_at
    from run_steps s join runs r on r.id = s.run_id
    where ${waits(sql)} and s.project = ${project} and r.ended_at is null and ${by === null ? sql`true` : mayAnswer(sql, by)}
    order by s.run_id desc, s.key limit ${limit}`;

const waits = (sql: Queryable) => sql`s.waiting_for = 'approval' and s.ended_at is null and s.hold is not null`;

const mayAnswer = (sql: Queryable, { actor, names }: Asker) => sql`(
  (s.hold -> 'approvers' = '[]' or s.hold -> 'approvers' ?| ${[...names]}::text[])
  and not s.hold -> 'barred' ? ${actor}
  and not s.hold @> jsonb_build_object('answers', jsonb_build_array(jsonb_build_object('actor', ${actor}::text))))`;

/** The ids of the runs in which a step waits for an answer that this person may give and has not. Served by run_steps_approvals. */
export const runsToAnswer = (sql: Queryable, by: Asker) =>
  sql`select s.run_id from run_steps s where ${waits(sql)} and ${mayAnswer(sql, by)}`;
