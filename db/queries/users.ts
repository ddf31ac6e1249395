import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import { LastAdmin, NameTaken, NotFound, VersionConflict } from '../conflicts.ts';
import type { Role, UserRow } from '../schema/people.ts';
import { changeOnce } from './change-once.ts';
import { hasText } from './has-text.ts';
import type { OwnedKey } from './take-key.ts';

/** A user without the hash of their password. */
export type ShownUser = Omit<UserRow, 'password_hash'> & { readonly groups: readonly string[] };

const shown = (sql: Queryable) => sql`
  u.id, u.name, u.display_name, u.role, u.must_change_password, u.active, u.version, u.created_at, u.updated_at, u.last_login_at,
  array(select g.name from group_members m join groups g on g.id = m.group_id where m.user_id = u.id order by g.name) as groups`;

/** Everyone, or who has this text in a name of theirs, by name, after this name. Served by users_name_key. */
export const listUsers = async (sql: Queryable, after: string, limit: number, text?: string): Promise<readonly ShownUser[]> =>
  sql<ShownUser[]>`
    select ${shown(sql)} from users u where u.name > ${after} ${hasText(sql, text, sql`u.name, u.display_name`)} order by u.name limit ${limit}`;

/** The user of this name. Served by users_name_key. */
export const findUser = async (sql: Queryable, name: string): Promise<ShownUser | null> => {
  const [user] = await sql<ShownUser[]>`select ${shown(sql)} from users u where u.name = ${name}`;
  return user ?? null;
};

export interface NewUser {
  readonly name: string;
  readonly display_name: string | null;
  readonly role: Role;
  readonly password_hash: string | null;
  readonly must_change_password: boolean;
}

/** Adds a user, once for a key. Throws NameTaken, IdempotencyConflict. */
export const insertUser = (sql: Sql, user: NewUser, audit: Audit, key: OwnedKey | null = null): Promise<ShownUser> =>
  changeOnce(sql, key, async (tx) => {
    const [made] = await tx<{ id: string }[]>`
      insert into users (id, name, display_name, role, password_hash, must_change_password)
      values (${uuidv7()}, ${user.name}, ${user.display_name}, ${user.role}, ${user.password_hash}, ${user.must_change_password})
      on conflict (name) do nothing returning id`;
    if (!made) throw new NameTaken('user', user.name);
    const { name, display_name, role } = user;
    await writeAudit(tx, audit, { action: 'user.create', subject_kind: 'user', subject: name, after: { name, display_name, role } });
    return (await findUser(tx, name)) as ShownUser;
  });

export interface UserChange {
  readonly display_name: string | null;
  readonly role: Role;
  readonly active: boolean;
  /** Absent: the password stays. */
  readonly password_hash?: string | undefined;
}

const LOCK = 0x6361706c;

/** Changes a user who is still at this version, once for a key; a new password or a closed account ends their sessions and tokens. Throws NotFound, VersionConflict and LastAdmin. */
export const updateUser = (
  sql: Sql,
  name: string,
  version: number,
  change: UserChange,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<ShownUser> =>
  changeOnce(sql, key, async (tx) => {
    // Two administrators who close each other's account at once must not both see the other one left.
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const before = await findUser(tx, name);
    if (!before) throw new NotFound('user', name);
    const administers = change.role === 'admin' && change.active;
    if (before.role === 'admin' && before.active && !administers && !(await hasOtherAdmin(tx, name))) throw new LastAdmin(name);
    const [changed] = await tx<{ id: string }[]>`
      update users set display_name = ${change.display_name}, role = ${change.role}, active = ${change.active},
        password_hash = coalesce(${change.password_hash ?? null}, password_hash),
        must_change_password = ${change.password_hash !== undefined} or must_change_password, version = version + 1, updated_at = now()
      where name = ${name} and version = ${version} returning id`;
    if (!changed) throw new VersionConflict('user', name, before.version, version);
    if (change.password_hash !== undefined || !change.active) {
      await tx`delete from sessions where user_id = ${changed.id}`;
      await tx`update tokens set revoked_at = now() where user_id = ${changed.id} and revoked_at is null`;
    }
    const { display_name, role, active } = change;
    await writeAudit(tx, audit, {
      action: 'user.change',
      subject_kind: 'user',
      subject: name,
      before: { display_name: before.display_name, role: before.role, active: before.active },
      after: { display_name, role, active, password: change.password_hash === undefined ? 'kept' : 'changed' },
    });
    return (await findUser(tx, name)) as ShownUser;
  });

const hasOtherAdmin = async (tx: Queryable, name: string): Promise<boolean> => {
  const [other] = await tx`select from users where role = 'admin' and active and name <> ${name} limit 1`;
  return other !== undefined;
};
