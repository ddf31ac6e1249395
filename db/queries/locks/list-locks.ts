import type { Queryable } from '../../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../../cursor.ts';
import { hasText } from '../has-text.ts';

export interface LocksQuery {
  readonly project: string;
  /** How keys begin. */
  readonly prefix?: string | undefined;
  /** A part of keys, in any case. */
  readonly text?: string | undefined;
  /** Only keys that this run, or a step of it, holds or waits for. */
  readonly run?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Who holds a key or waits for it. */
export interface Claimant {
  readonly run_id: string;
  readonly number: number | null;
  readonly job: string | null;
  /** null for the run itself. */
  readonly step_key: string | null;
  readonly priority: number;
  readonly since: string;
}

export interface LockRow {
  readonly key: string;
  /** How many may hold it at a time, as whoever holds it longest sees it. */
  readonly max: number;
  readonly holders: readonly Claimant[];
  /** In their order, the first hundred; `waiting` counts all. */
  readonly waiters: readonly Claimant[];
  readonly waiting: number;
}

/** Claims of one key that are shown of each kind. */
const SHOWN = 100;

/** A page of keys that are held, by name, strictly after the cursor. Served by the primary key. */
export const listLocks = async (sql: Queryable, { project, prefix = '', text, run, after, limit }: LocksQuery): Promise<Page<LockRow>> => {
  const [last] = after === undefined ? [] : readCursor(after, 'key', ([key]) => typeof key === 'string');
  const claimant = (at: 'held_since' | 'since') => sql`
    jsonb_build_object('run_id', c.run_id, 'number', r.number, 'job', r.job, 'step_key', nullif(c.step_key, ''), 'priority', c.priority,
      'since', to_char(c.${sql(at)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
  const rows = await sql<LockRow[]>`
    select k.key,
      (select max from lock_claims c where c.project = ${project} and c.key = k.key order by state, held_since limit 1) as max,
      coalesce((select jsonb_agg(one order by held_since) from (
        select ${claimant('held_since')} as one, c.held_since from lock_claims c left join runs r on r.id = c.run_id
        where c.project = ${project} and c.key = k.key and c.state = 'holding' order by c.held_since limit ${SHOWN}) h), '[]') as holders,
      coalesce((select jsonb_agg(one order by place) from (
        select ${claimant('since')} as one, row_number() over (order by c.priority, c.since, c.run_id, c.step_key) as place
        from lock_claims c left join runs r on r.id = c.run_id
        where c.project = ${project} and c.key = k.key and c.state = 'waiting'
        order by c.priority, c.since, c.run_id, c.step_key limit ${SHOWN}) w), '[]') as waiters,
      (select count(*)::integer from lock_claims c where c.project = ${project} and c.key = k.key and c.state = 'waiting') as waiting
    from (
      select distinct key from lock_claims
      where project = ${project} and starts_with(key, ${prefix}) and key > ${String(last ?? '')}
        ${hasText(sql, text, sql`key`)} ${run === undefined ? sql`` : sql`and run_id = ${run}`}
      order by key limit ${limit + 1}
    ) k
    order by k.key`;
  return pageOf(rows, limit, ({ key }) => writeCursor('key', [key]));
};
