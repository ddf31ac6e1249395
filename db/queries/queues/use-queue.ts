import { placeOfQueue } from '#jobs/queues/name.ts';
import type { Queryable, Sql } from '../../client.ts';
import { CHANNEL, noticePayloads } from '../../notices.ts';

/** Told to workers with the name of a queue that may want one, or is not to hand out: far fewer words than there are notices. */
const CALLS = 'capstan_queues';

/** Says that steps are about to be put into these queues: those that are new are made, those that were idle are opened, and workers are called. */
export const useQueues = async (sql: Queryable, names: readonly string[]): Promise<void> => {
  const rows = names.flatMap((name) => {
    const place = placeOfQueue(name);
    return place ? [{ name, ...place }] : [];
  });
  await sql`
    with used as (
      insert into queues as q (name, capability, zone)
      select * from unnest(${rows.map(({ name }) => name)}::text[], ${rows.map(({ capability }) => capability)}::text[],
        ${rows.map(({ zone }) => zone)}::text[]) as n (name, capability, zone)
      -- Said a thousand times a second, it must not have each wait for the row that the one before has locked.
      where not exists (select from queues q where q.name = n.name and q.state = 'open' and q.last_used_at >= now() - interval '5 seconds')
      on conflict (name) do update set last_used_at = now(), state = 'open'
        where q.state = 'idle' or q.last_used_at < now() - interval '5 seconds'
      returning name
    )
    select pg_notify(${CALLS}, name) from used
    union all select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads({ queues: names })}::text[]) as payload
      where exists (select from used)`;
};

/** Has workers look at a queue at once. */
export const callWorkers = async (sql: Queryable, name: string): Promise<void> => {
  await sql`select pg_notify(${CALLS}, ${name})`;
};

/** Calls back whenever a queue may want a worker, and each time listening (re)starts. */
export const hearOfQueues = async (sql: Sql, onCall: () => void): Promise<{ stop(): Promise<void> }> => {
  const { unlisten } = await sql.listen(CALLS, onCall, onCall);
  return { stop: unlisten };
};
