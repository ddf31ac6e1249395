import type { JsonObject } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';

/** What someone prefers, as it was stored, and how often that was changed; version 0: never. */
export interface StoredPreferences {
  readonly preferences: JsonObject;
  readonly version: number;
}

/** What this person prefers. Served by user_preferences_pkey. */
export const findPreferences = async (sql: Queryable, user: string): Promise<StoredPreferences> => {
  const [row] = await sql<StoredPreferences[]>`select preferences, version from user_preferences where user_id = ${user}`;
  return row ?? { preferences: {}, version: 0 };
};

/** Puts all that this person prefers in the place of the given version and answers with the new one; null when they are at another. Served by user_preferences_pkey. */
export const savePreferences = async (sql: Queryable, user: string, version: number, preferences: JsonObject): Promise<number | null> => {
  const [row] =
    version === 0
      ? await sql<{ version: number }[]>`
          insert into user_preferences (user_id, preferences) values (${user}, ${sql.json(preferences)}) on conflict (user_id) do nothing returning version`
      : await sql<{ version: number }[]>`
          update user_preferences set preferences = ${sql.json(preferences)}, version = version + 1, updated_at = now()
          where user_id = ${user} and version = ${version} returning version`;
  return row?.version ?? null;
};
