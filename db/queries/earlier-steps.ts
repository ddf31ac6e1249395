import type { EarlierStep } from '#jobs/earlier-states.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';

/** What the rows of a run say of its steps, as far as a re-run asks; each with the number of the run that executed it. Served by the primary keys. */
export const findEarlierSteps = async (sql: Queryable, run: string): Promise<readonly EarlierStep[]> =>
  sql<EarlierStep[]>`
    with numbers as materialized (
      select id, number from runs
      where id = ${run} or id = any(array(select distinct kept_from from run_steps where run_id = ${run} and kept_from is not null))
    )
    select s.key, s.parent_key, s.status, s.skip_reason, s.error, s.outputs, s.target, s.targets, s.item, s.parts,
      coalesce(origin.number, own.number) as number
    from run_steps s
    join numbers own on own.id = s.run_id
    left join numbers origin on origin.id = s.kept_from
    where s.run_id = ${run}`;

/** The outputs that rows of a run hold, by key. Served by the primary key. */
export const findOutputs = async (
  sql: Queryable,
  run: string,
  keys: readonly string[],
): Promise<{ readonly [key: string]: JsonObject }> => {
  const rows = await sql<{ key: string; outputs: JsonObject }[]>`
    select key, outputs from run_steps where run_id = ${run} and key = any(${keys}::text[]) and jsonb_typeof(outputs) = 'object'`;
  return Object.fromEntries(rows.map(({ key, outputs }) => [key, outputs]));
};
