import { placeOfQueue } from '#jobs/queues/name.ts';
import type { Queryable, Sql } from '../../client.ts';
import { CHANNEL, noticePayloads } from '../../notices.ts';

/** Told to workers with the name of a queue that may want one: far fewer words than there are notices. */
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
        ${rows.map(({ zone }) => zone)}::text[])
      on conflict (name) do update set last_used_at = now(), state = 'open'
        where q.state = 'idle' or q.last_used_at < now() - interval '5 seconds'
      returning name
    )
    select pg_notify(${CALLS}, name) from used
    union all select pg_notify(${CHANNEL}, payload) from unnest(${noticePayloads({ queues: names })}::text[]) as payload
      where exists (select from used)`;
};

/** Calls back whenever a queue may want a worker, and each time listening (re)starts. */
export const hearOfQueues = async (sql: Sql, onCall: () => void): Promise<{ stop(): Promise<void> }> => {
  const { unlisten } = await sql.listen(CALLS, onCall, onCall);
  return { stop: unlisten };
};
