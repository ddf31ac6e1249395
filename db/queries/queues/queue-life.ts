import type { Queryable } from '../../client.ts';
import { noticePayloads, notify } from '../../notices.ts';
import { CHANNEL } from '../../notices.ts';

/** How long after its last use a queue stays open. */
export const IDLE_AFTER = '10 minutes';

/** Notes that a queue has nothing to do, unless it was used meanwhile; true when that is so. */
export const closeIdleQueue = async (sql: Queryable, name: string): Promise<boolean> => {
  const closed = await sql`
    with closed as (
      update queues set state = 'idle', problem = null, problem_at = null
      where name = ${name} and state = 'open' and zone is not null and last_used_at < now() - ${IDLE_AFTER}::interval returning name
    )
    select pg_notify(${CHANNEL}, ${noticePayloads({ queues: [name] })[0] ?? ''}) from closed`;
  return closed.length > 0;
};

/** Notes that steps of these queues run or wait: they stay open. */
export const keepQueuesOpen = async (sql: Queryable, names: readonly string[]): Promise<void> => {
  await sql`update queues set last_used_at = now(), state = 'open' where name = any(${names}::text[])`;
};

/** Notes what is wrong with a queue, and that its worker failed; null: nothing any more. */
export const noteProblem = async (sql: Queryable, name: string, problem: string | null): Promise<void> => {
  const changed = await sql`
    update queues set problem = ${problem}, problem_at = case when ${problem}::text is null then null else now() end,
      failures = failures + case when ${problem}::text is null then 0 else 1 end
    where name = ${name} and (problem is not null or ${problem}::text is not null) returning name`;
  if (changed.length > 0) await notify(sql, { queues: [name] });
};
