import type { Queryable } from '../../client.ts';
import type { LogFilesRow } from '../../schema/log-files.ts';

/** A worker that writes log files. */
export interface Follower {
  readonly id: string;
  readonly host: string;
  readonly dir: string;
}

/** What is to be written next: rows of transactions from `position` to below `horizon`, all of which have ended. */
export interface Span {
  readonly position: number;
  readonly horizon: number;
  /** No transaction has begun from here on; above `horizon` while that one is still open. */
  readonly newest: number;
  /** ISO 8601; what happened before is not for the files. */
  readonly since: string;
  /** The database was put back to an older state, or brought here from another server: nothing between then and now is followed. */
  readonly wasReset: boolean;
}

/** What the first worker of all finds, of transactions before it, if it is of the last hour: runs may be accepted while it starts. */
const BEFORE_THE_FIRST = 20_000;

/** How long the files belong to a worker that is not heard of. */
const LEASE_SECONDS = 15;

/** Whether the files are this worker's to write, and from where on; null: another one writes them. The first call of all begins with what has just happened. */
export const claimLogFiles = async (sql: Queryable, { id, host, dir }: Follower): Promise<Span | null> => {
  // Written only now and then, as others are kept off for much longer.
  const [kept] = await sql<Span[]>`
    select position, since, ${openFrom(sql)} as horizon, ${begunBelow(sql)} as newest, false as "wasReset" from log_files
    where holder = ${id} and held_until > now() + make_interval(secs => ${LEASE_SECONDS / 2}) and position <= ${openFrom(sql)}`;
  if (kept) return kept;
  const [claimed] = await sql<Span[]>`
    with now_is as materialized (select ${openFrom(sql)} as horizon, ${begunBelow(sql)} as newest)
    insert into log_files as f (position, holder, held_until, host, dir)
    select greatest(horizon - ${BEFORE_THE_FIRST}, 0), ${id}, now() + make_interval(secs => ${LEASE_SECONDS}), ${host}, ${dir} from now_is
    on conflict (id) do update set holder = excluded.holder, held_until = excluded.held_until, host = excluded.host, dir = excluded.dir,
      position = least(f.position, (select horizon from now_is)), since = case when f.position > (select horizon from now_is) then now() else f.since end
    where f.holder = excluded.holder or f.held_until is null or f.held_until < now()
    returning position, since, (select horizon from now_is) as horizon, (select newest from now_is) as newest,
      coalesce(old.position > new.position, false) as "wasReset"`;
  return claimed ?? null;
};

/** All transactions below it have ended. */
const openFrom = (sql: Queryable) => sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;

/** None at or above it has begun. */
const begunBelow = (sql: Queryable) => sql`pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;

/** Notes that everything below `to` is in the files; false when they have become another's. */
export const advanceLogFiles = async (
  sql: Queryable,
  { id }: Follower,
  { from, to, hasWritten }: { readonly from: number; readonly to: number; readonly hasWritten: boolean },
): Promise<boolean> => {
  const moved = await sql`
    update log_files set position = ${to}, written_at = case when ${hasWritten} then now() else written_at end,
      problem = case when not ${hasWritten} then problem end, problem_since = case when not ${hasWritten} then problem_since end
    where holder = ${id} and position = ${from} returning true`;
  return moved.length > 0;
};

/** Notes why nothing is written; it stands until something is. */
export const noteTroubleWithLogFiles = async (sql: Queryable, { id }: Follower, problem: string): Promise<void> => {
  await sql`update log_files set problem = ${problem}, problem_since = coalesce(problem_since, now()) where holder = ${id}`;
};

/** Gives the files up, so that another worker may write them at once; with the reason where it is one. */
export const leaveLogFiles = async (sql: Queryable, { id }: Follower, problem: string | null): Promise<void> => {
  await sql`
    update log_files set holder = null, held_until = null, problem = coalesce(${problem}, problem),
      problem_since = case when ${problem}::text is not null then coalesce(problem_since, now()) else problem_since end
    where holder = ${id}`;
};

/** Whether it is time to pack files that are closed (`tidied_at`) or to remove those that have had their time (`cleaned_at`); of many who ask, one is told so. */
export const isTimeTo = async (
  sql: Queryable,
  { id }: Follower,
  chore: 'tidied_at' | 'cleaned_at',
  everySeconds: number,
): Promise<boolean> => {
  const due = await sql`
    update log_files set ${sql(chore)} = now()
    where holder = ${id} and ${sql(chore)} < now() - make_interval(secs => ${everySeconds}) returning true`;
  return due.length > 0;
};

/** How the log files are, null while no worker has ever written any. */
export const findLogFiles = async (sql: Queryable): Promise<LogFilesRow | null> => {
  const [row] = await sql<LogFilesRow[]>`select * from log_files`;
  return row ?? null;
};
