import type { Queryable } from '#db/client.ts';
import { groupsOfUser } from '#db/queries/groups-of-user.ts';
import { ROLES } from '#db/schema/words.ts';
import type { Answering } from '#jobs/holds/approval.ts';
import type { Identity } from './identity.ts';

/** Everything that approvers may call this person by: his name, his groups, and `role:` with each role that he holds, the lesser ones included. */
export async function answeringAs(sql: Queryable, { actor, userId, roles }: Identity): Promise<Answering> {
  const groups = userId === null ? [] : await groupsOfUser(sql, userId);
  const highest = Math.max(-1, ...roles.map((role) => ROLES.indexOf(role)));
  return { actor, names: [actor, ...groups, ...ROLES.slice(0, highest + 1).map((role) => `role:${role}`)] };
}
