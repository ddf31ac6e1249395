import { MOST_BULK_ITEMS } from '#jobs/bulk.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Transaction } from '../client.ts';
import { firstIdAt } from '../partitions.ts';

/** What runs have in common; every field given must hold. */
export interface RunsWanted {
  readonly status?: readonly RunStatus[] | undefined;
  readonly job?: string | undefined;
  readonly client?: string | undefined;
  readonly ref_num?: string | undefined;
  readonly created_by?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

export interface JobsWanted {
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
}

const isList = <T>(wanted: readonly T[] | object): wanted is readonly T[] => Array.isArray(wanted);

/** One more than may be, so that too many are seen. */
const ENOUGH = MOST_BULK_ITEMS + 1;

/** The ids of these runs, as `subject`, in the order they were given or made. Served by runs_project_id and the indexes of its filters. */
export const runsMatching = (tx: Transaction, project: string, wanted: readonly string[] | RunsWanted) => {
  if (isList<string>(wanted)) return tx`select id as subject from unnest(${[...new Set(wanted)]}::text[]) as given (id) limit ${ENOUGH}`;
  const { status, job, client, ref_num, created_by, since, until } = wanted;
  return tx`
    select id::text as subject from runs where project = ${project}
      ${status === undefined ? tx`` : tx`and status = any(${[...status]}::text[])`}
      ${job === undefined ? tx`` : tx`and job = ${job}`}
      ${client === undefined ? tx`` : tx`and client = ${client}`}
      ${ref_num === undefined ? tx`` : tx`and ref_num = ${ref_num}`}
      ${created_by === undefined ? tx`` : tx`and created_by = ${created_by}`}
      ${since === undefined ? tx`` : tx`and id >= ${firstIdAt(since)}`}
      ${until === undefined ? tx`` : tx`and id < ${firstIdAt(until)}`}
    order by id limit ${ENOUGH}`;
};

/** The names of these jobs, as `subject`. Served by jobs_name and jobs_category. */
export const jobsMatching = (tx: Transaction, project: string, wanted: readonly string[] | JobsWanted) => {
  if (isList<string>(wanted))
    return tx`select name as subject from unnest(${[...new Set(wanted)]}::text[]) as given (name) limit ${ENOUGH}`;
  const { category, tag } = wanted;
  return tx`
    select name as subject from jobs where project = ${project} and deleted_at is null
      ${category === undefined ? tx`` : tx`and category = ${category}`} ${tag === undefined ? tx`` : tx`and ${tag} = any(tags)`}
    order by name limit ${ENOUGH}`;
};
