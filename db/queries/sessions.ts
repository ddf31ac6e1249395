import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import type { Role } from '../schema/people.ts';
import { doOnce } from './change-once.ts';
import type { OwnedKey } from './take-key.ts';

/** What a login is checked against. */
export interface LoginRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly password_hash: string | null;
  readonly active: boolean;
  readonly must_change_password: boolean;
}

/** The user of this name, with the hash of their password. Served by users_name_key. */
export const findLogin = async (sql: Queryable, name: string): Promise<LoginRow | null> => {
  const [row] = await sql<LoginRow[]>`
    select id, name, role, password_hash, active, must_change_password from users where name = ${name}`;
  return row ?? null;
};

export interface NewSession {
  readonly hash: string;
  readonly user_id: string;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly expires_at: Date;
}

/** Opens a session and forgets the user's expired ones. */
export const openSession = (sql: Sql, session: NewSession, audit: Audit): Promise<void> =>
  sql.begin(async (tx) => {
    await tx`delete from sessions where user_id = ${session.user_id} and expires_at < now()`;
    await tx`
      insert into sessions (hash, user_id, address, user_agent, expires_at)
      values (${session.hash}, ${session.user_id}, ${session.address}, ${session.user_agent}, ${session.expires_at.toISOString()})`;
    await tx`update users set last_login_at = now() where id = ${session.user_id}`;
    await writeAudit(tx, audit, {
      action: 'session.open',
      subject_kind: 'user',
      subject: audit.actor,
      after: { address: session.address },
    });
  });

/** Ends one session. */
export const endSession = (sql: Sql, hash: string, audit: Audit): Promise<void> =>
  sql.begin(async (tx) => {
    await tx`delete from sessions where hash = ${hash}`;
    await writeAudit(tx, audit, { action: 'session.end', subject_kind: 'user', subject: audit.actor });
  });

/** Gives a user a new password and ends every session but the one kept, once for a key. Throws IdempotencyConflict. */
export const changePassword = (
  sql: Sql,
  user_id: string,
  password_hash: string,
  keep: string | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    await tx`
      update users set password_hash = ${password_hash}, must_change_password = false, version = version + 1, updated_at = now()
      where id = ${user_id}`;
    await tx`delete from sessions where user_id = ${user_id} and hash is distinct from ${keep}`;
    await writeAudit(tx, audit, { action: 'user.password', subject_kind: 'user', subject: audit.actor });
  });
