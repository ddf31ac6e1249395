import type { Queryable } from '../client.ts';

/** The groups a user is in, by name. Served by the primary key of group_members. */
export const groupsOfUser = async (sql: Queryable, user_id: string): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    select g.name from group_members m join groups g on g.id = m.group_id where m.user_id = ${user_id} order by g.name`;
  return rows.map(({ name }) => name);
};
