import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { CredentialRow } from '../schema/targets.ts';
import { type CredentialUsers, credentialUsers } from './credential-users.ts';
import { hasText } from './has-text.ts';

/** A credential without its secret: of the sealed fields only the names; and who uses it. */
export type CredentialSummary = Omit<CredentialRow, 'sealed'> & { readonly fields: readonly string[]; readonly used_by: CredentialUsers };
type Row = Omit<CredentialSummary, 'used_by'>;

export interface CredentialsQuery {
  readonly project: string;
  /** Part of name, kind, login or description, in any case. */
  readonly text?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of credentials by name, strictly after the cursor. Served by credentials_name (project, name). */
export const listCredentials = async (sql: Queryable, { project, limit, ...query }: CredentialsQuery): Promise<Page<CredentialSummary>> => {
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<Row[]>`
    select ${summary(sql)} from credentials
    where project = ${project} ${after === undefined ? sql`` : sql`and name > ${String(after)}`}
      ${hasText(sql, query.text, sql`name, kind, username, description`)}
    order by name limit ${limit + 1}`;
  const page = pageOf(rows, limit, ({ name }) => writeCursor('name', [name]));
  return { ...page, items: await withUsers(sql, project, page.items) };
};

/** One credential without its secret, or null. Served by credentials_name. */
export const findCredential = async (sql: Queryable, project: string, name: string): Promise<CredentialSummary | null> => {
  const rows = await sql<Row[]>`select ${summary(sql)} from credentials where project = ${project} and name = ${name}`;
  const [credential] = await withUsers(sql, project, rows);
  return credential ?? null;
};

const NOBODY: CredentialUsers = { targets: [], jobs: [], total: 0 };

const withUsers = async (sql: Queryable, project: string, rows: readonly Row[]): Promise<readonly CredentialSummary[]> => {
  if (rows.length === 0) return [];
  const users = await credentialUsers(
    sql,
    project,
    rows.map(({ name }) => name),
  );
  return rows.map((row) => ({ ...row, used_by: users.get(row.name) ?? NOBODY }));
};

const summary = (sql: Queryable) => sql`
  id, project, name, kind, description, username, version, fingerprint, expires_at, sample, created_at, created_by, updated_at, updated_by,
  array(select jsonb_object_keys(sealed)) as fields`;
