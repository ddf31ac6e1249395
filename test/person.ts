import { hashOf, mintToken } from '#api/access/secret-token.ts';
import { insertGroup } from '#db/queries/groups.ts';
import { insertToken } from '#db/queries/tokens.ts';
import { insertUser } from '#db/queries/users.ts';
import type { Role } from '#db/schema/words.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import type { Stack } from './stack.ts';

const by = { actor: 'test', request_id: null, reason: null };

/** The API as one more user of this installation uses it, alone in a group of this name if one is given. */
export const addPerson = async (stack: Stack, name: string, role: Role, group?: string): Promise<ApiClient> =>
  apiClient(stack.url, await addPersonToken(stack, name, role, group));

/** The token of one more user, as above. */
export async function addPersonToken({ database: { sql } }: Stack, name: string, role: Role, group?: string): Promise<string> {
  const user = await insertUser(sql, { name, display_name: null, role, password_hash: null, must_change_password: false }, by);
  const token = mintToken();
  await insertToken(sql, { user_id: user.id, name, prefix: token.slice(0, 8), hash: hashOf(token), role, expires_at: null }, by);
  if (group !== undefined) await insertGroup(sql, group, { description: null, role: null, members: [name] }, by);
  return token;
}
