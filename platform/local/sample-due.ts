import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, mintToken } from '#api/access/secret-token.ts';
import { connect } from '#db/client.ts';
import { insertToken, revokeToken } from '#db/queries/tokens.ts';

const FILE = 'sample-due';
const TOKEN_NAME = 'sample of npm start';
const TOKEN_LIVES_MS = 3_600_000;
const BY_US = { actor: 'system', request_id: null, reason: 'sample of the first start' };

/** Notes that the sample has to run on a database, from before anybody can see that it is no longer empty until the sample has ended. */
export const noteSampleDue = (folder: string, database: string): void => writeFileSync(join(folder, FILE), database);

/** Forgets that the sample has to run. */
export const forgetSample = (folder: string): void => rmSync(join(folder, FILE), { force: true });

/** Whether the sample has still to run on this database. */
export function sampleIsDue(folder: string, database: string): boolean {
  try {
    return readFileSync(join(folder, FILE), 'utf8') === database;
  } catch {
    return false;
  }
}

/** Does something as the first administrator with a token that is revoked afterwards. */
export async function withSampleToken<T>(databaseUrl: string, work: (token: string) => Promise<T>): Promise<T> {
  const database = connect({ url: databaseUrl, max: 1 });
  try {
    const [admin] = await database.sql<{ id: string }[]>`select id from users where role = 'admin' order by id limit 1`;
    if (!admin) throw new Error('there is no administrator');
    const token = mintToken();
    const expires_at = new Date(Date.now() + TOKEN_LIVES_MS).toISOString();
    const shown = { name: TOKEN_NAME, prefix: token.slice(0, 8), role: 'admin' as const, expires_at };
    const { id } = await insertToken(database.sql, { user_id: admin.id, hash: hashOf(token), ...shown }, BY_US);
    try {
      return await work(token);
    } finally {
      await revokeToken(database.sql, id, admin.id, BY_US);
    }
  } finally {
    await database.close();
  }
}

/** Revokes what a start left that was cut off during the sample. */
export async function revokeSampleTokens(databaseUrl: string): Promise<void> {
  const database = connect({ url: databaseUrl, max: 1 });
  try {
    const left = await database.sql<{ id: string }[]>`select id from tokens where name = ${TOKEN_NAME} and revoked_at is null`;
    for (const { id } of left) await revokeToken(database.sql, id, null, BY_US);
  } finally {
    await database.close();
  }
}
