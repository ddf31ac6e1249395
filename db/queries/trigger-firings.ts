import type { TriggerDefinition } from '#jobs/definition.ts';
import type { EndStatus } from '#jobs/definition-words.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { Problem } from '#jobs/problem.ts';
import { jsonRows, type Queryable } from '../client.ts';
import type { TriggerFiringRow } from '../schema/chains.ts';
import type { FiringReason } from '../schema/words.ts';

/** One trigger of one job. */
export interface TriggerPlace {
  readonly project: string;
  readonly job_id: string;
  readonly position: number;
}

/** The end of a run that a trigger has yet to act upon, with the run as it ended; `number` is null when the run was deleted. */
export interface OpenFiring {
  readonly id: string;
  readonly trigger: TriggerDefinition;
  readonly source_run: string;
  readonly source_job: string;
  readonly number: number | null;
  readonly run_status: EndStatus;
  readonly parameters: JsonObject;
  readonly result_data: Json;
  readonly created_by: string;
  readonly chain_depth: number;
  readonly ended_at: string;
}

/** What became of ends: they started a run, or nothing, and why. */
export type Outcome =
  | { readonly run: string }
  | { readonly reason: FiringReason; readonly message: string; readonly problems?: readonly Problem[] };

/** Triggers with ends that are due to be looked at, the longest due first. Served by trigger_firings_next_at. */
export const dueTriggers = async (sql: Queryable, limit: number): Promise<readonly TriggerPlace[]> =>
  sql<TriggerPlace[]>`
    select project, job_id, position from trigger_firings where next_at <= now()
    group by project, job_id, position order by min(next_at) limit ${limit}`;

/** Makes this transaction the only one that acts upon a trigger; false when another does. */
export const lockTrigger = async (tx: Queryable, { job_id, position }: TriggerPlace): Promise<boolean> => {
  const [row] = await tx<{ mine: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${`trigger ${job_id} ${position}`}, 0)) as mine`;
  return row?.mine ?? false;
};

/** The ends a trigger has yet to act upon, oldest first, so many of each job: a join must not lose sight of one that ends seldom behind one that ends often. Served by trigger_firings_open. */
export const openFirings = async (tx: Queryable, { job_id, position }: TriggerPlace, limit: number): Promise<readonly OpenFiring[]> =>
  tx<OpenFiring[]>`
    with open as materialized (
      select f.id, f.trigger, f.source_run, f.source_job, coalesce(r.ended_at, f.created_at) as ended_at,
        row_number() over (partition by f.source_job order by coalesce(r.ended_at, f.created_at), f.id) as place
      from trigger_firings f left join runs r on r.id = f.source_run
      where f.job_id = ${job_id} and f.position = ${position} and f.next_at is not null
    )
    select o.id, o.trigger, o.source_run, o.source_job, r.number, r.status as run_status, r.parameters, r.result_data, r.created_by,
      coalesce(r.chain_depth, 0) as chain_depth, o.ended_at
    from open o left join runs r on r.id = o.source_run
    where o.place <= ${limit} order by o.ended_at, o.id`;

/** Writes down what became of ends; they are not looked at again. */
export const settleFirings = async (tx: Queryable, ids: readonly string[], outcome: Outcome): Promise<void> => {
  const {
    run = null,
    reason = null,
    message = null,
    problems = null,
  } = { ...outcome } as {
    readonly [field in 'run' | 'reason' | 'message']?: string;
  } & { readonly problems?: readonly Problem[] };
  await tx`
    update trigger_firings set status = ${run === null ? 'not_started' : 'started'}, run = ${run}::uuid, reason = ${reason}, message = ${message},
      problems = ${problems === null ? null : jsonRows(tx, problems)}, next_at = null, decided_at = now()
    where id = any(${ids}::uuid[])`;
};

/** Ends that wait for others are looked at again at this moment, if nothing comes before. */
export const holdFirings = async (tx: Queryable, ids: readonly string[], until: Date): Promise<void> => {
  await tx`update trigger_firings set status = 'waiting', next_at = ${until} where id = any(${ids}::uuid[])`;
};

/** Longest pause between two tries of a trigger that cannot be acted upon. */
const LONGEST_PAUSE_SECONDS = 300;

/** Looks at the due ends of a trigger again later, with growing pauses. */
export const postponeFirings = async (sql: Queryable, { job_id, position }: TriggerPlace): Promise<void> => {
  await sql`
    update trigger_firings set attempts = attempts + 1,
      next_at = now() + make_interval(secs => least(2 ^ least(attempts, 10), ${LONGEST_PAUSE_SECONDS}))
    where job_id = ${job_id} and position = ${position} and next_at <= now()`;
};

/** What became of the ends a job's triggers listen to, newest first, with the runs' numbers. Served by trigger_firings_job. */
export const listFirings = async (sql: Queryable, jobId: string, after: string | null, limit: number): Promise<readonly ListedFiring[]> =>
  sql<ListedFiring[]>`
    select f.id, f.position, f.source_run, f.source_job, s.number as source_number, s.status as source_status, f.status, f.reason, f.message,
      f.problems, f.run, r.number as run_number, f.created_at, f.decided_at
    from trigger_firings f left join runs s on s.id = f.source_run left join runs r on r.id = f.run
    where f.job_id = ${jobId} and (${after}::uuid is null or f.id < ${after})
    order by f.id desc limit ${limit}`;

/** A row of that list. */
export type ListedFiring = Pick<
  TriggerFiringRow,
  'id' | 'position' | 'source_run' | 'source_job' | 'status' | 'reason' | 'message' | 'problems' | 'run' | 'created_at' | 'decided_at'
> & { readonly source_number: number | null; readonly source_status: EndStatus | null; readonly run_number: number | null };
