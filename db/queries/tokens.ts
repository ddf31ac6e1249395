import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import { NotFound } from '../conflicts.ts';
import { NotFound } from '../conflicts.ts';
import type { Role, TokenRow } from '../schema/people.ts';
import { rolesOf, type UserWithRoles } from './find-user.ts';

/** A token about to be made; `hash` is the SHA-256 of its secret, `prefix` its first characters. */
export type NewToken = Pick<TokenRow, 'user_id' | 'name' | 'prefix' | 'hash' | 'role' | 'expires_at'>;

/** A token as a list shows it. */
export type TokenSummary = Omit<TokenRow, 'hash'>;

/** Makes a token. */
export const insertToken = async (sql: Sql, token: NewToken, audit: Audit): Promise<TokenSummary> =>
  sql.begin(async (tx) => {
    const { user_id, name, prefix, hash, role, expires_at } = token;
    const [row] = await tx<TokenSummary[]>`
      insert into tokens (id, user_id, name, prefix, hash, role, expires_at)
      values (${uuidv7()}, ${user_id}, ${name}, ${prefix}, ${hash}, ${role}, ${expires_at})
      returning id, user_id, name, prefix, role, created_at, expires_at, last_used_at, revoked_at`;
    if (!row) throw new Error(`token "${name}" was not stored`);
    await writeAudit(tx, audit, {
      action: 'token.create',
      subject_kind: 'token',
      subject: row.id,
      after: { name, prefix, role, expires_at },
    });
    return row;
  });

/** The user of a token that is neither revoked nor expired and whose user is active, with the most the token may do; null otherwise. Notes its use at most once a minute. Served by the unique hash. */
export const findToken = async (sql: Queryable, hash: string): Promise<(UserWithRoles & { readonly token_role: Role }) | null> => {
  const [row] = await sql<(UserWithRoles & { token_role: Role })[]>`
    with used as (
      update tokens set last_used_at = now() where hash = ${hash} and (last_used_at is null or last_used_at < now() - interval '1 minute')
    )
    select u.*, ${rolesOf(sql)} as roles, t.role as token_role from tokens t join users u on u.id = t.user_id
    where t.hash = ${hash} and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()) and u.active`;
  return row ?? null;
};

/** A user's tokens, newest first. Served by tokens_user. */
export const listTokens = async (sql: Queryable, userId: string): Promise<readonly TokenSummary[]> =>
  sql<TokenSummary[]>`
    select id, user_id, name, prefix, role, created_at, expires_at, last_used_at, revoked_at
    from tokens where user_id = ${userId} order by id desc`;

/** Ends a user's token at once. Throws NotFound. */
export const revokeToken = async (sql: Sql, userId: string, id: string, audit: Audit): Promise<void> => {
  await sql.begin(async (tx) => {
    const [row] = await tx<{ name: string }[]>`
      update tokens set revoked_at = coalesce(revoked_at, now()) where id = ${id} and user_id = ${userId} returning name`;
    if (!row) throw new NotFound('token', id);
    await writeAudit(tx, audit, { action: 'token.revoke', subject_kind: 'token', subject: id, before: { name: row.name } });
  });
};
