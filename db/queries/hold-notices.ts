import type { NoticesCall } from '#workflows/messages.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';
import type { NoticeRow } from '../schema/holds.ts';

/** Writes down what people are told of a step that waits, and tells whoever listens; one that stands already is not told again. */
export const insertNotices = async (sql: Queryable, { run, project, job, key, notices }: NoticesCall): Promise<void> => {
  const payloads = noticePayloads({ notices: notices.map(({ kind }) => [run, key, kind] as const) });
  await sql`
    with written as (
      insert into notices (id, project, run_id, key, job, kind, number, recipients, message)
      select n.id, ${project}, ${run}, ${key}, ${job}, n.kind, n.number, array(select jsonb_array_elements_text(n."to")), n.message
      from jsonb_to_recordset(${jsonRows(sql, notices)}) as n (id uuid, kind text, number integer, "to" jsonb, message text)
      on conflict (id) do nothing returning id
    )
    select pg_notify(${CHANNEL}, payload) from unnest(${payloads}::text[]) as payload where exists (select from written)`;
};

/** What people were told of the steps of a run, in order. Served by notices_run. */
export const listNotices = async (sql: Queryable, run: string): Promise<readonly NoticeRow[]> =>
  sql<NoticeRow[]>`select * from notices where run_id = ${run} order by at, id limit 1000`;
