import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { CredentialRow } from '../schema/targets.ts';

/** A credential without its secret: of the sealed fields only the names. */
export type CredentialSummary = Omit<CredentialRow, 'sealed'> & { readonly fields: readonly string[] };

/** A page of credentials by name, strictly after the cursor. Served by credentials_name (project, name). */
export const listCredentials = async (
  sql: Queryable,
  { project, limit, ...query }: { readonly project: string; readonly after?: string | undefined; readonly limit: number },
): Promise<Page<CredentialSummary>> => {
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<CredentialSummary[]>`
    select ${summary(sql)} from credentials
    where project = ${project} ${after === undefined ? sql`` : sql`and name > ${String(after)}`}
    order by name limit ${limit + 1}`;
  return pageOf(rows, limit, ({ name }) => writeCursor('name', [name]));
};

/** One credential without its secret, or null. Served by credentials_name. */
export const findCredential = async (sql: Queryable, project: string, name: string): Promise<CredentialSummary | null> => {
  const [row] = await sql<CredentialSummary[]>`select ${summary(sql)} from credentials where project = ${project} and name = ${name}`;
  return row ?? null;
};

const summary = (sql: Queryable) => sql`
  id, project, name, kind, description, username, version, fingerprint, sample, created_at, created_by, updated_at, updated_by,
  array(select jsonb_object_keys(sealed)) as fields`;
