import type { Queryable } from '../client.ts';
import type { Role } from '../schema/people.ts';

/** The user behind a session or a token, as far as permissions need them. */
export interface Holder {
  /** A session's hash, a token's id. */
  readonly id: string;
  readonly user_id: string;
  readonly user: string;
  readonly role: Role;
  /** Roles of the user's groups. */
  readonly group_roles: readonly Role[];
  /** The most that a token may do, whatever its user may; null for a session. */
  readonly limit: Role | null;
  readonly must_change_password: boolean;
  /** When the token ends by itself; null when it does not, and for a session. */
  readonly expires_at: string | null;
}

const groupRoles = (sql: Queryable) => sql`
  array(select g.role from group_members m join groups g on g.id = m.group_id where m.user_id = u.id and g.role is not null) as group_roles`;

/** Who holds the session with this hash; null when it has ended, was idle for too long, or its user may no longer log in. Served by the primary key. */
export const findSessionHolder = async (sql: Queryable, hash: string, idleSeconds: number): Promise<Holder | null> => {
  const [holder] = await sql<Holder[]>`
    select s.hash as id, u.id as user_id, u.name as user, u.role, ${groupRoles(sql)}, null as limit, u.must_change_password, null as expires_at
    from sessions s join users u on u.id = s.user_id
    where s.hash = ${hash} and u.active and s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => ${idleSeconds})`;
  return holder ?? null;
};

/** Who holds the token with this hash; null when it was revoked or has expired, or its user may no longer log in. Served by tokens_hash_key. */
export const findTokenHolder = async (sql: Queryable, hash: string): Promise<Holder | null> => {
  const [holder] = await sql<Holder[]>`
    select t.id, u.id as user_id, u.name as user, u.role, ${groupRoles(sql)}, t.role as limit, u.must_change_password, t.expires_at
    from tokens t join users u on u.id = t.user_id
    where t.hash = ${hash} and u.active and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`;
  return holder ?? null;
};

/** Those of these sessions (hashes) and tokens (ids) that may still be used. */
export const findValid = async (sql: Queryable, sessions: readonly string[], tokens: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await sql<{ id: string }[]>`
    select s.hash as id from sessions s join users u on u.id = s.user_id
    where s.hash = any(${sessions as string[]}::text[]) and u.active and s.expires_at > now()
    union all
    select t.id::text from tokens t join users u on u.id = t.user_id
    where t.id = any(${tokens as string[]}::uuid[]) and u.active and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`;
  return new Set(rows.map(({ id }) => id));
};

/** Remembers that these sessions (hashes) and tokens (ids) were used just now. */
export const markSeen = async (sql: Queryable, sessions: readonly string[], tokens: readonly string[]): Promise<void> => {
  await sql`
    with seen as (update sessions set last_seen_at = now() where hash = any(${sessions as string[]}::text[]))
    update tokens set last_used_at = now() where id = any(${tokens as string[]}::uuid[])`;
};
