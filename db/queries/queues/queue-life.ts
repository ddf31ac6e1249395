import type { Queryable } from '../../client.ts';
import { CHANNEL, noticePayloads, notify } from '../../notices.ts';

/** How long after its last use a queue stays open. */
const IDLE_AFTER = '10 minutes';

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

/** Notes that the worker of a queue failed, and what is wrong once that is told to people. */
export const noteFailure = async (sql: Queryable, name: string, problem: string | null): Promise<void> => {
  await sql`
    update queues set failures = failures + 1, problem = coalesce(${problem}::text, problem),
      problem_at = case when ${problem}::text is null then problem_at else now() end
    where name = ${name}`;
  await notify(sql, { queues: [name] });
};

/** Notes that nothing is wrong with a queue any more. */
export const noteWell = async (sql: Queryable, name: string): Promise<void> => {
  await sql`update queues set problem = null, problem_at = null where name = ${name}`;
  await notify(sql, { queues: [name] });
};
