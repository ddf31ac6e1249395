import type { Queryable } from '../client.ts';

/** `and` that each of these columns has its value; one without a value may have any. */
export const hasValues = (sql: Queryable, values: { readonly [column: string]: string | boolean | undefined }) => {
  const given = Object.entries(values).flatMap(([column, value]) => (value === undefined ? [] : [sql`and ${sql(column)} = ${value}`]));
  return sql`${[sql``, ...given]}`;
};
