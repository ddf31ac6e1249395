import type { Json } from '#jobs/json.ts';
import type { Arrival, ArrivalCall } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** Keeps what was posted to a step's address; false: something was before. Served by the primary key. */
export const insertArrival = async (sql: Queryable, { run, key }: ArrivalCall, project: string, body: Json): Promise<boolean> => {
  const rows = await sql`
    insert into webhook_arrivals (run_id, key, project, body) values (${run}, ${key}, ${project}, ${sql.json(body as never)})
    on conflict do nothing returning key`;
  return rows.length > 0;
};

/** What was posted to a step's address; null: nothing yet. Served by the primary key. */
export const findArrival = async (sql: Queryable, { run, key }: ArrivalCall): Promise<Arrival | null> => {
  const [row] = await sql<Arrival[]>`
    select body, floor(extract(epoch from arrived_at) * 1000)::float8 as at from webhook_arrivals where run_id = ${run} and key = ${key}`;
  return row ?? null;
};

/** Arrivals whose runs have not been told for two seconds; no other claimer sees them until their next try is due, with growing pauses. Served by webhook_arrivals_owed. */
export const claimArrivals = async (sql: Queryable, limit: number): Promise<readonly (Arrival & ArrivalCall)[]> =>
  sql<(Arrival & ArrivalCall)[]>`
    with due as materialized (
      select run_id, key from webhook_arrivals where delivered_at is null and next_at <= now() order by next_at limit ${limit} for update skip locked
    )
    update webhook_arrivals a set tries = a.tries + 1, next_at = now() + make_interval(secs => least(2 ^ least(a.tries, 8), 60))
    from due where a.run_id = due.run_id and a.key = due.key
    returning a.run_id as run, a.key, a.body, floor(extract(epoch from a.arrived_at) * 1000)::float8 as at`;

/** The run has been told of it. */
export const settleArrival = async (sql: Queryable, { run, key }: ArrivalCall): Promise<void> => {
  await sql`update webhook_arrivals set delivered_at = now() where run_id = ${run} and key = ${key}`;
};
