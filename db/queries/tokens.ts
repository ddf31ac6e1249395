import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql, Transaction } from '../client.ts';
import { NotFound } from '../conflicts.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { Role, TokenRow } from '../schema/people.ts';
import { doOnce } from './change-once.ts';
import { type OwnedKey, takeKey } from './take-key.ts';

/** A token without its hash. */
export type ShownToken = Omit<TokenRow, 'hash'> & { readonly user: string };

const shown = (sql: Queryable) => sql`
  t.id, t.user_id, u.name as user, t.name, t.prefix, t.role, t.created_at, t.expires_at, t.last_used_at, t.revoked_at`;

export interface TokensQuery {
  /** null: everyone's. */
  readonly user_id: string | null;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of the tokens of one user, or of all, newest first, strictly after the cursor. Served by tokens_user. */
export const listTokens = async (sql: Queryable, { user_id, after, limit }: TokensQuery): Promise<Page<ShownToken>> => {
  const [last = null] = after === undefined ? [] : readCursor(after, '-id', ([id]) => typeof id === 'string' && UUID.test(id));
  const rows = await sql<ShownToken[]>`
    select ${shown(sql)} from tokens t join users u on u.id = t.user_id
    where (${user_id === null} or t.user_id = ${user_id}) ${last === null ? sql`` : sql`and t.id < ${String(last)}::uuid`}
    order by t.id desc limit ${limit + 1}`;
  return pageOf(rows, limit, ({ id }) => writeCursor('-id', [id]));
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface NewToken {
  readonly user_id: string;
  readonly name: string;
  /** What a list may show of it. */
  readonly prefix: string;
  readonly hash: string;
  readonly role: Role;
  readonly expires_at: string | null;
}

/** The token that this `Idempotency-Key` made is in use, or revoked: whoever asks again must not get another for it. */
export class TokenInUse extends Error {
  override readonly name = 'TokenInUse';

  constructor(key: string) {
    super(`Idempotency-Key "${key}" made a token that is in use or revoked; its secret was shown then`);
  }
}

/**
 * Stores a token's hash; the token itself is never stored. The same idempotency key and request are the same token: as long as no use of it is
 * known, it takes the new secret in place of one whose answer was lost. Throws TokenInUse, IdempotencyConflict.
 */
export const insertToken = (
  sql: Sql,
  token: NewToken,
  audit: Audit,
  idempotency: Omit<OwnedKey, 'actor'> | null = null,
): Promise<ShownToken> =>
  sql.begin(async (tx) => {
    const id = uuidv7();
    if (idempotency) {
      const made = await takeKey(tx, { ...idempotency, actor: audit.actor }, id);
      if (made !== null) return renewed(tx, made, token, audit, idempotency.key);
    }
    await tx`
      insert into tokens (id, user_id, name, prefix, hash, role, expires_at)
      values (${id}, ${token.user_id}, ${token.name}, ${token.prefix}, ${token.hash}, ${token.role}, ${token.expires_at})`;
    const { name, prefix, role, expires_at } = token;
    await writeAudit(tx, audit, { action: 'token.create', subject_kind: 'token', subject: id, after: { name, prefix, role, expires_at } });
    return shownToken(tx, id);
  });

async function renewed(tx: Transaction, id: string, { prefix, hash }: NewToken, audit: Audit, key: string): Promise<ShownToken> {
  const { count } = await tx`
    update tokens set prefix = ${prefix}, hash = ${hash} where id = ${id} and last_used_at is null and revoked_at is null`;
  if (count === 0) throw new TokenInUse(key);
  await writeAudit(tx, audit, { action: 'token.renew', subject_kind: 'token', subject: id, after: { prefix } });
  return shownToken(tx, id);
}

async function shownToken(sql: Queryable, id: string): Promise<ShownToken> {
  const [row] = await sql<ShownToken[]>`select ${shown(sql)} from tokens t join users u on u.id = t.user_id where t.id = ${id}`;
  if (!row) throw new NotFound('token', id);
  return row;
}

/** Ends a token of this user (null: of anyone) at once, once for a key. Throws NotFound, IdempotencyConflict. */
export const revokeToken = (sql: Sql, id: string, user_id: string | null, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [row] = await tx<{ name: string; prefix: string }[]>`
      update tokens set revoked_at = coalesce(revoked_at, now())
      where id = ${id} and (${user_id === null} or user_id = ${user_id}) returning name, prefix`;
    if (!row) throw new NotFound('token', id);
    await writeAudit(tx, audit, { action: 'token.revoke', subject_kind: 'token', subject: id, before: row });
  });
