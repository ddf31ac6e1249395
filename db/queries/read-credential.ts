import type { Queryable } from '../client.ts';
import type { CredentialRow } from '../schema/targets.ts';

/** A credential with its sealed fields, or null; for those who will open it. Served by credentials_name. */
export const readCredential = async (sql: Queryable, project: string, name: string): Promise<CredentialRow | null> => {
  const [row] = await sql<CredentialRow[]>`select * from credentials where project = ${project} and name = ${name}`;
  return row ?? null;
};
