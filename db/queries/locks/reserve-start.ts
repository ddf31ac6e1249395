import type { Sql } from '../../client.ts';

/** A start that shares a rate with others: never more than `max` in any span of `perMs` milliseconds. */
export interface StartAsk {
  readonly project: string;
  readonly resource: string;
  readonly run: string;
  readonly step: string;
  readonly max: number;
  readonly perMs: number;
}

/** The moment (epoch milliseconds) given to a start, which is now or later; it is given once, also when it is not used. */
export const reserveStart = (sql: Sql, { project, resource, run, step, max, perMs }: StartAsk): Promise<number> =>
  sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`${project} ${resource}`}, 1))`;
    await tx`delete from rate_starts where project = ${project} and resource = ${resource} and expires_at < clock_timestamp()`;
    const per = perMs / 1000;
    // None before an earlier one: so the span that ends with this start is the fullest that it is part of.
    const [given] = await tx<{ at: number }[]>`
      insert into rate_starts (project, resource, at, run_id, step_key, expires_at)
      select ${project}, ${resource}, moment, ${run}, ${step}, moment + make_interval(secs => ${per})
      from (select greatest(date_trunc('milliseconds', clock_timestamp()),
        (select at from rate_starts where project = ${project} and resource = ${resource} order by at desc limit 1),
        (select at + make_interval(secs => ${per}) from rate_starts where project = ${project} and resource = ${resource}
          order by at desc offset ${max - 1} limit 1)) as moment) as free
      returning (extract(epoch from at) * 1000)::bigint as at`;
    if (!given) throw new Error(`rate ${resource}: no moment was given`);
    return given.at;
  });
