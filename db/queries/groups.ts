import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import { NameTaken, NotFound, VersionConflict } from '../conflicts.ts';
import type { GroupRow, Role } from '../schema/people.ts';
import { changeOnce, doOnce } from './change-once.ts';
import { hasText } from './has-text.ts';
import type { OwnedKey } from './take-key.ts';

/** A group with the names of its members. */
export type ShownGroup = GroupRow & { readonly members: readonly string[] };

const shown = (sql: Queryable) => sql`
  g.id, g.name, g.description, g.role, g.version, g.created_at, g.updated_at,
  array(select u.name from group_members m join users u on u.id = m.user_id where m.group_id = g.id order by u.name) as members`;

/** Every group, or those with this text in name or description, by name, after this name. Served by groups_name_key. */
export const listGroups = async (sql: Queryable, after: string, limit: number, text?: string): Promise<readonly ShownGroup[]> =>
  sql<ShownGroup[]>`
    select ${shown(sql)} from groups g where g.name > ${after} ${hasText(sql, text, sql`g.name, g.description`)} order by g.name limit ${limit}`;

/** The group of this name. Served by groups_name_key. */
export const findGroup = async (sql: Queryable, name: string): Promise<ShownGroup | null> => {
  const [group] = await sql<ShownGroup[]>`select ${shown(sql)} from groups g where g.name = ${name}`;
  return group ?? null;
};

export interface GroupContent {
  readonly description: string | null;
  readonly role: Role | null;
  /** Names of users; all must exist. */
  readonly members: readonly string[];
}

/** Makes a group, once for a key. Throws NameTaken, IdempotencyConflict. */
export const insertGroup = (
  sql: Sql,
  name: string,
  content: GroupContent,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<ShownGroup> =>
  changeOnce(sql, key, async (tx) => {
    const [made] = await tx<{ id: string }[]>`
      insert into groups (id, name, description, role) values (${uuidv7()}, ${name}, ${content.description}, ${content.role})
      on conflict (name) do nothing returning id`;
    if (!made) throw new NameTaken('group', name);
    await setMembers(tx, made.id, content.members);
    await writeAudit(tx, audit, { action: 'group.create', subject_kind: 'group', subject: name, after: content });
    return (await findGroup(tx, name)) as ShownGroup;
  });

/** Replaces what a group is, as long as it is at this version, once for a key. Throws NotFound, VersionConflict, IdempotencyConflict. */
export const updateGroup = (
  sql: Sql,
  name: string,
  version: number,
  content: GroupContent,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<ShownGroup> =>
  changeOnce(sql, key, async (tx) => {
    const before = await findGroup(tx, name);
    if (!before) throw new NotFound('group', name);
    const [changed] = await tx<{ id: string }[]>`
      update groups set description = ${content.description}, role = ${content.role}, version = version + 1, updated_at = now()
      where name = ${name} and version = ${version} returning id`;
    if (!changed) throw new VersionConflict('group', name, before.version, version);
    await setMembers(tx, changed.id, content.members);
    const { description, role, members } = before;
    await writeAudit(tx, audit, {
      action: 'group.change',
      subject_kind: 'group',
      subject: name,
      before: { description, role, members },
      after: content,
    });
    return (await findGroup(tx, name)) as ShownGroup;
  });

/** Removes a group, once for a key; its members stay. Throws NotFound, IdempotencyConflict. */
export const deleteGroup = (sql: Sql, name: string, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [gone] = await tx<{ description: string | null; role: Role | null }[]>`
      delete from groups where name = ${name} returning description, role`;
    if (!gone) throw new NotFound('group', name);
    await writeAudit(tx, audit, { action: 'group.delete', subject_kind: 'group', subject: name, before: gone });
  });

/** Names in this list that no user has. Served by users_name_key. */
export const findUnknownUsers = async (sql: Queryable, names: readonly string[]): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    select wanted as name from unnest(${names as string[]}::text[]) as wanted where not exists (select from users where name = wanted)`;
  return rows.map(({ name }) => name);
};

const setMembers = async (tx: Queryable, group: string, names: readonly string[]): Promise<void> => {
  await tx`delete from group_members where group_id = ${group}`;
  await tx`
    insert into group_members (group_id, user_id) select ${group}, id from users where name = any(${names as string[]}::text[])`;
};
