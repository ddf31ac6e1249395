import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import type { UserRow } from '../schema/people.ts';
import { rolesOf, type UserWithRoles } from './find-user.ts';

/** A login about to begin; `hash` is the SHA-256 of the cookie's secret. */
export interface NewSession {
  readonly hash: string;
  readonly user: Pick<UserRow, 'id' | 'name'>;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly expires_at: Date;
}

/** Begins a session and notes the login. */
export const openSession = async (sql: Sql, { hash, user, address, user_agent, expires_at }: NewSession, audit: Audit): Promise<void> => {
  await sql.begin(async (tx) => {
    await tx`
      insert into sessions (hash, user_id, address, user_agent, expires_at)
      values (${hash}, ${user.id}, ${address}, ${user_agent}, ${expires_at})`;
    await tx`update users set last_login_at = now() where id = ${user.id}`;
    await writeAudit(tx, audit, { action: 'session.open', subject_kind: 'user', subject: user.name, after: { address } });
  });
};

/** The user of a session that has not expired and whose user is active, or null; notes at most once a minute that it was seen. Served by the primary keys. */
export const findSession = async (sql: Queryable, hash: string): Promise<UserWithRoles | null> => {
  const [row] = await sql<UserWithRoles[]>`
    with seen as (
      update sessions set last_seen_at = now() where hash = ${hash} and last_seen_at < now() - interval '1 minute'
    )
    select u.*, ${rolesOf(sql)} as roles from sessions s join users u on u.id = s.user_id
    where s.hash = ${hash} and s.expires_at > now() and u.active`;
  return row ?? null;
};

/** Ends a session; one that is not there has ended already. */
export const closeSession = async (sql: Queryable, hash: string): Promise<void> => {
  await sql`delete from sessions where hash = ${hash}`;
};
