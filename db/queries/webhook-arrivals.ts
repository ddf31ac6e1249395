import type { Json } from '#jobs/json.ts';
import type { Arrival, ArrivalCall } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';

/** Keeps what was posted to a step's address; null: something was before. Served by the primary key. */
export const insertArrival = async (sql: Queryable, { run, key }: ArrivalCall, project: string, body: Json): Promise<Arrival | null> => {
  const [row] = await sql<Arrival[]>`
    insert into webhook_arrivals (run_id, key, project, body) values (${run}, ${key}, ${project}, ${JSON.stringify(body)}::text::jsonb)
    on conflict do nothing returning body, ${millisecondsOf(sql)} as at`;
  return row ?? null;
};

/** What was posted to a step's address; null: nothing yet. Served by the primary key. */
export const findArrival = async (sql: Queryable, { run, key }: ArrivalCall): Promise<Arrival | null> => {
  const [row] = await sql<Arrival[]>`
    select body, ${millisecondsOf(sql)} as at from webhook_arrivals where run_id = ${run} and key = ${key}`;
  return row ?? null;
};

/** An arrival that its run has not been told of. */
export interface OwedArrival extends Arrival, ArrivalCall {
  readonly workflow_id: string;
}

/** Arrivals whose runs have not been told for two seconds; no other claimer sees them until their next try is due, with growing pauses. Served by webhook_arrivals_owed. */
export const claimArrivals = async (sql: Queryable, limit: number): Promise<readonly OwedArrival[]> =>
  sql<OwedArrival[]>`
    with due as materialized (
      select run_id, key from webhook_arrivals where delivered_at is null and next_at <= now() order by next_at limit ${limit} for update skip locked
    ), claimed as (
      update webhook_arrivals a set tries = a.tries + 1, next_at = now() + make_interval(secs => least(2 ^ least(a.tries, 8), 60))
      from due where a.run_id = due.run_id and a.key = due.key
      returning a.run_id, a.key, a.body, a.arrived_at
    )
    select c.run_id as run, c.key, c.body, ${millisecondsOf(sql)} as at, r.workflow_id from claimed c join runs r on r.id = c.run_id`;

const millisecondsOf = (sql: Queryable) => sql`floor(extract(epoch from arrived_at) * 1000)::float8`;

/** The run has been told of it. */
export const settleArrival = async (sql: Queryable, { run, key }: ArrivalCall): Promise<void> => {
  await sql`update webhook_arrivals set delivered_at = now() where run_id = ${run} and key = ${key}`;
};
