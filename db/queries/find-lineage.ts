import type { Queryable } from '../client.ts';
import type { RunRow } from '../schema/runs.ts';

/** What a run is to the one it came from. */
export type Relation = 'origin' | 'retry' | 'rerun' | 'sub_run' | 'chained';

export interface LineageRun
  extends Pick<RunRow, 'id' | 'number' | 'job' | 'version' | 'status' | 'created_at' | 'created_by' | 'parent_key'> {
  readonly relation: Relation;
  /** The run it came from; null when that is not among those found. */
  readonly of: string | null;
  /** Of a re-run: the steps that were named, and those whose results it kept. */
  readonly from: readonly string[] | null;
  readonly kept: readonly string[] | null;
}

/** Runs that hang together, oldest first, so that each stands after the one it came from. */
export interface Lineage {
  readonly items: readonly LineageRun[];
  readonly truncated: boolean;
}

const MOST = 200;
/** A line of more rounds than this is longer than it may show. */
const ROUNDS = MOST;

type Linked = Pick<RunRow, 'id' | 'retry_of' | 'rerun_of' | 'parent_run' | 'chain_source'>;

/** All runs that a run came from or that came from it, nearest first, as many as are shown. Served by runs_retry_of, runs_rerun_of, runs_parent, runs_chain_source and the primary key. */
export const findLineage = async (sql: Queryable, project: string, id: string): Promise<Lineage> => {
  const found = new Set<string>();
  const asked = new Set<string>();
  let next: readonly string[] = [id];
  for (let round = 0; round < ROUNDS && next.length > 0 && found.size <= MOST; round += 1) {
    const neighbours = await neighboursOf(sql, project, next);
    for (const one of next) asked.add(one);
    // A run that others name may be gone.
    for (const { id } of neighbours) found.add(id);
    const linked = neighbours.flatMap(({ id, retry_of, rerun_of, parent_run, chain_source }) => [
      id,
      retry_of,
      rerun_of,
      parent_run,
      chain_source,
    ]);
    next = [...new Set(linked)].filter((one) => one !== null && !asked.has(one)) as readonly string[];
  }
  const shown = [...new Set([id, ...found])].slice(0, MOST);
  return { items: await describe(sql, project, shown), truncated: found.size > MOST || next.length > 0 };
};

/** These runs, and those that name one of them. */
const neighboursOf = async (sql: Queryable, project: string, ids: readonly string[]): Promise<readonly Linked[]> => {
  const columns = sql`id, retry_of, rerun_of, parent_run, chain_source`;
  return sql<Linked[]>`
    select ${columns} from runs where id = any(${ids}::uuid[]) and project = ${project}
    union (select ${columns} from runs where project = ${project} and retry_of = any(${ids}::uuid[]) limit ${MOST + 1})
    union (select ${columns} from runs where project = ${project} and rerun_of = any(${ids}::uuid[]) limit ${MOST + 1})
    union (select ${columns} from runs where project = ${project} and parent_run = any(${ids}::uuid[]) limit ${MOST + 1})
    union (select ${columns} from runs where project = ${project} and chain_source = any(${ids}::uuid[]) limit ${MOST + 1})`;
};

const describe = async (sql: Queryable, project: string, ids: readonly string[]): Promise<readonly LineageRun[]> =>
  sql<LineageRun[]>`
    select r.id, r.number, r.job, r.version, r.status, r.created_at, r.created_by, r.parent_key,
      case when r.rerun_of is not null then 'rerun' when r.retry_of is not null then 'retry' when r.parent_run is not null then 'sub_run'
        when r.chain_source is not null then 'chained' else 'origin' end as relation,
      (select o.id from runs o where o.id = coalesce(r.rerun_of, r.retry_of, r.parent_run, r.chain_source) and o.id = any(${ids}::uuid[])) as of,
      case when r.rerun_of is not null and jsonb_typeof(i.rerun -> 'from') = 'array' then i.rerun -> 'from' end as "from",
      case when r.rerun_of is not null then i.rerun -> 'kept' end as kept
    from runs r left join run_inputs i on i.run_id = r.id
    where r.id = any(${ids}::uuid[]) and r.project = ${project} order by r.id`;
