import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { createIdentities } from './identities.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const TOKEN = 'a-token-of-the-installer-with-40-letters';

test('of ten processes that start at once on an empty database one makes the administrator, and only once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => ensureFirstAdmin(database.sql, TOKEN)));
  const made = answers.filter((answer) => answer !== null);
  expect(made).toEqual([{ user: 'admin', password: expect.stringMatching(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/) }]);
  expect(await ensureFirstAdmin(database.sql, TOKEN)).toBeNull();
  expect(await database.sql`select name, must_change_password from users`).toMatchObject([{ name: 'admin', must_change_password: true }]);
});

test('the token of the installation administers at once, and only its hash is stored', async () => {
  const identities = createIdentities(database.sql);
  expect(await identities.ofToken(TOKEN)).toMatchObject({ actor: 'admin', roles: ['admin'], mustChangePassword: false });
  expect(await identities.ofToken(`${TOKEN}x`)).toBeNull();
  const rows = await database.sql`select to_jsonb(t)::text as row from tokens t union all select to_jsonb(a)::text from audit_entries a`;
  expect(JSON.stringify(rows)).not.toContain(TOKEN);
  await identities.close();
});
