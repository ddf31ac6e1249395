import { MOST_BULK_ITEMS } from '#jobs/bulk.ts';
import type { Transaction } from '../client.ts';
import { allOf, conditionsOf, type RunsWanted } from './runs-wanted.ts';

export interface JobsWanted {
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
}

const isList = <T>(wanted: readonly T[] | object): wanted is readonly T[] => Array.isArray(wanted);

/** One more than may be, so that too many are seen. */
const ENOUGH = MOST_BULK_ITEMS + 1;

/** The ids of these runs, as `subject`, in the order they were given or made. Served by the indexes of its filters. */
export const runsMatching = (tx: Transaction, project: string, wanted: readonly string[] | RunsWanted) => {
  if (isList<string>(wanted)) return tx`select id as subject from unnest(${[...new Set(wanted)]}::text[]) as given (id) limit ${ENOUGH}`;
  return tx`select r.id::text as subject from runs r where ${allOf(tx, conditionsOf(tx, project, wanted))} order by r.id limit ${ENOUGH}`;
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
