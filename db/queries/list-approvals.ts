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

export interface ApprovalsAsked {
  readonly project: string;
  /** Whoever asks: only what he may answer and has not; null: all. */
  readonly by: { readonly actor: string; readonly names: readonly string[] } | null;
  readonly limit: number;
}

/** Steps of open runs that wait for an answer, the newest runs first. Served by run_steps_approvals. */
export const listApprovals = async (sql: Queryable, { project, by, limit }: ApprovalsAsked): Promise<readonly WaitingApproval[]> =>
  sql<WaitingApproval[]>`
    select s.run_id, r.number as run_number, r.job, r.title, r.created_by, s.key, s.name, s.hold, s.started_at
    from run_steps s join runs r on r.id = s.run_id
    where s.waiting_for = 'approval' and s.ended_at is null and s.hold is not null and s.project = ${project} and r.ended_at is null
      and (${by === null} or (
        (s.hold -> 'approvers' = '[]' or s.hold -> 'approvers' ?| ${by ? [...by.names] : []}::text[])
        and not s.hold -> 'barred' ? ${by?.actor ?? ''}
        and not s.hold @> jsonb_build_object('answers', jsonb_build_array(jsonb_build_object('actor', ${by?.actor ?? ''}::text)))))
    order by s.run_id desc, s.key limit ${limit}`;
