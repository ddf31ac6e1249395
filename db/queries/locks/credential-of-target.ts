import type { Queryable } from '../../client.ts';

/** The name of the credential a target is opened with; null when it has none, or there is no such target. Served by targets_name. */
export const credentialOfTarget = async (sql: Queryable, project: string, target: string): Promise<string | null> => {
  const [row] = await sql<{ credential: string | null }[]>`
    select credential from targets where project = ${project} and name = ${target}`;
  return row?.credential ?? null;
};
