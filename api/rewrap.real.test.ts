import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCredential } from '#db/queries/read-credential.ts';
import { saveCredential } from '#db/queries/save-credential.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { auditOf } from '#db/testing/runs.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import { open, type Sealed, seal } from '#platform/vault.ts';
import { rewrapAll } from './rewrap.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const old = randomBytes(32);
const oldRing: KeyRing = { active: 'old', keys: new Map([['old', old]]) };
const newRing: KeyRing = {
  active: 'new',
  keys: new Map([
    ['new', randomBytes(32)],
    ['old', old],
  ]),
};

const keep = (ring: KeyRing, name: string, expected: number | null = null, id = uuidv7()) => {
  const sealed = { password: seal(ring, `secret of ${name}`, { project: 'default', id, version: (expected ?? 0) + 1, field: 'password' }) };
  const values = { id, name, kind: 'ssh_password', description: null, username: null, fingerprint: null, sample: false, sealed } as const;
  return saveCredential(database.sql, 'default', values, expected, auditOf('ann'));
};

const opened = async (ring: KeyRing, name: string) => {
  const row = await readCredential(database.sql, 'default', name);
  if (!row) throw new Error(`no credential ${name}`);
  return open(ring, row.sealed.password as Sealed, { project: row.project, id: row.id, version: row.version, field: 'password' });
};

const rotate = () => rewrapAll({ database, keyRing: newRing }, auditOf('ann'));

test('every secret is wrapped by the new key, without a new version, and opens without the old one', async () => {
  for (let n = 0; n < 230; n++) await keep(oldRing, `c${n}`);
  await keep(newRing, 'fresh');
  expect(await rotate()).toEqual({ active: 'new', rewrapped: 230, current: 1, failed: [] });
  const withoutOld: KeyRing = { active: 'new', keys: new Map([...newRing.keys].filter(([id]) => id === 'new')) };
  expect(await opened(withoutOld, 'c0')).toBe('secret of c0');
  expect(await opened(withoutOld, 'c229')).toBe('secret of c229');
  expect(await readCredential(database.sql, 'default', 'c7')).toMatchObject({ version: 1, updated_by: 'ann' });
  expect(await rotate()).toEqual({ active: 'new', rewrapped: 0, current: 231, failed: [] });
});

test('a secret under a key that is gone, and one moved from elsewhere, are named with the key and do not stop the others', async () => {
  const gone: KeyRing = { active: 'gone', keys: new Map([['gone', randomBytes(32)]]) };
  await keep(gone, 'under-gone');
  await keep(oldRing, 'from');
  await keep(oldRing, 'to');
  await keep(oldRing, 'zz-last');
  await database.sql`update credentials set sealed = (select sealed from credentials where name = 'from') where name = 'to'`;
  const { rewrapped, failed } = await rotate();
  expect(rewrapped).toBe(2);
  expect(failed).toEqual([
    {
      credential: 'under-gone',
      field: 'password',
      key_id: 'gone',
      message: expect.stringContaining('"gone", which the key ring does not hold'),
    },
    { credential: 'to', field: 'password', key_id: 'old', message: expect.stringMatching(/does not open with key "old"/) },
  ]);
  expect(await opened(newRing, 'zz-last')).toBe('secret of zz-last');
});

test('secrets saved while keys rotate are neither lost nor replaced by older ones', async () => {
  const made = await Promise.all(Array.from({ length: 40 }, (_, n) => keep(oldRing, `busy${n}`)));
  await Promise.all([rotate(), ...made.map(({ name, id }) => keep(oldRing, name, 1, id)), rotate()]);
  await rotate();
  for (const { name } of made) expect(await opened(newRing, name)).toBe(`secret of ${name}`);
});
