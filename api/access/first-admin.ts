import { randomInt } from 'node:crypto';
import type { Sql } from '#db/client.ts';
import { createFirstAdmin } from '#db/queries/create-first-admin.ts';
import { hashPassword } from './password.ts';
import { hashOf } from './secret-token.ts';

const ADMIN = 'admin';
/** Without the letters and digits that are read as one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** In a database without users makes `admin` and answers the one-time password, which is shown once and stored nowhere; null when there are users. */
export async function ensureFirstAdmin(
  sql: Sql,
  bootstrapToken: string | undefined,
): Promise<{ readonly user: string; readonly password: string } | null> {
  const [someone] = await sql`select from users limit 1`;
  if (someone) return null;
  const password = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join(
    '-',
  );
  const made = await createFirstAdmin(sql, {
    name: ADMIN,
    password_hash: await hashPassword(password),
    token: bootstrapToken ? { hash: hashOf(bootstrapToken), prefix: bootstrapToken.slice(0, 8) } : null,
  });
  return made ? { user: ADMIN, password } : null;
}
