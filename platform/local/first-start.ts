import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFirstAdmin } from '#api/access/first-admin.ts';
import { connect } from '#db/client.ts';

/** How to get into a new installation. */
export interface FirstLogin {
  readonly user: string;
  readonly password: string;
}

const FILE = 'first-login';

/**
 * On an empty database makes the administrator with a one-time password and, if one is given, a token for scripts; null when there are users already.
 * `onEmpty` is told before anything is made.
 * The password is kept beside the key (mode 0600) until it was used, so that a start cut off before it was read locks nobody out.
 */
export async function firstStart(
  databaseUrl: string,
  folder: string,
  token: string | undefined,
  onEmpty: () => void,
): Promise<FirstLogin | null> {
  const database = connect({ url: databaseUrl, max: 1 });
  try {
    const [someone] = await database.sql`select from users limit 1`;
    if (!someone) onEmpty();
    const login = await ensureFirstAdmin(database.sql, token);
    if (!login) return null;
    writeFileSync(join(folder, FILE), `${login.user}\n${login.password}\n`, { mode: 0o600 });
    return login;
  } finally {
    await database.close();
  }
}

/** The one-time login while nobody has used it yet; forgets it once somebody has. */
export async function unusedFirstLogin(databaseUrl: string, folder: string): Promise<FirstLogin | null> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  const [user = '', password = ''] = readFileSync(file, 'utf8').split('\n');
  const database = connect({ url: databaseUrl, max: 1 });
  try {
    const [waiting] = await database.sql`select from users where name = ${user} and must_change_password`;
    if (waiting) return { user, password };
    rmSync(file, { force: true });
    return null;
  } finally {
    await database.close();
  }
}
