import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import { NotFound } from '../conflicts.ts';
import type { Role, TokenRow } from '../schema/people.ts';

/** A token without its hash. */
export type ShownToken = Omit<TokenRow, 'hash'> & { readonly user: string };

const shown = (sql: Queryable) => sql`
  t.id, t.user_id, u.name as user, t.name, t.prefix, t.role, t.created_at, t.expires_at, t.last_used_at, t.revoked_at`;

/** The tokens of one user, or of all, newest first. Served by tokens_user. */
export const listTokens = async (sql: Queryable, user_id: string | null): Promise<readonly ShownToken[]> =>
  sql<ShownToken[]>`
    select ${shown(sql)} from tokens t join users u on u.id = t.user_id
    where ${user_id === null} or t.user_id = ${user_id} order by t.id desc limit 1000`;

export interface NewToken {
  readonly user_id: string;
  readonly name: string;
  /** What a list may show of it. */
  readonly prefix: string;
  readonly hash: string;
  readonly role: Role;
  readonly expires_at: string | null;
}

/** Stores a token's hash; the token itself is never stored. */
export const insertToken = (sql: Sql, token: NewToken, audit: Audit): Promise<ShownToken> =>
  sql.begin(async (tx) => {
    const id = uuidv7();
    await tx`
      insert into tokens (id, user_id, name, prefix, hash, role, expires_at)
      values (${id}, ${token.user_id}, ${token.name}, ${token.prefix}, ${token.hash}, ${token.role}, ${token.expires_at})`;
    const { name, prefix, role, expires_at } = token;
    await writeAudit(tx, audit, { action: 'token.create', subject_kind: 'token', subject: id, after: { name, prefix, role, expires_at } });
    const [row] = await tx<ShownToken[]>`select ${shown(tx)} from tokens t join users u on u.id = t.user_id where t.id = ${id}`;
    return row as ShownToken;
  });

/** Ends a token of this user (null: of anyone) at once. Throws NotFound. */
export const revokeToken = (sql: Sql, id: string, user_id: string | null, audit: Audit): Promise<void> =>
  sql.begin(async (tx) => {
    const [row] = await tx<{ name: string; prefix: string }[]>`
      update tokens set revoked_at = coalesce(revoked_at, now())
      where id = ${id} and (${user_id === null} or user_id = ${user_id}) returning name, prefix`;
    if (!row) throw new NotFound('token', id);
    await writeAudit(tx, audit, { action: 'token.revoke', subject_kind: 'token', subject: id, before: row });
  });
