import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeyRing } from '#platform/key-ring.ts';
import { open, type Sealed, seal } from '#platform/vault.ts';
import { NameTaken, NotFound, VersionConflict } from '../conflicts.ts';
import type { TargetRow } from '../schema/targets.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditOf } from '../testing/runs.ts';
import { targetValues } from '../testing/targets.ts';
import { findTarget } from './find-target.ts';
import { listAudit } from './list-audit.ts';
import { findCredential, listCredentials } from './list-credentials.ts';
import { listTargets } from './list-targets.ts';
import { pinHostKey } from './pin-host-key.ts';
import { readCredential } from './read-credential.ts';
import { deleteCredential, saveCredential } from './save-credential.ts';
import { deleteTarget, saveTarget, type TargetValues } from './save-target.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const ring: KeyRing = { active: 'k1', keys: new Map([['k1', randomBytes(32)]]) };

const keep = (name: string, password: string, expected: number | null, id = uuidv7()) =>
  saveCredential(
    database.sql,
    'default',
    {
      id,
      name,
      kind: 'ssh_password',
      description: null,
      username: 'root',
      fingerprint: null,
      sample: false,
      sealed: { password: seal(ring, password, { project: 'default', id, version: (expected ?? 0) + 1, field: 'password' }) },
    },
    expected,
    auditOf('ann'),
  );

const openStored = async (name: string) => {
  const row = await readCredential(database.sql, 'default', name);
  if (!row) throw new Error(`no credential ${name}`);
  return open(ring, row.sealed.password as Sealed, { project: row.project, id: row.id, version: row.version, field: 'password' });
};

test('a kept secret opens again, also after it was replaced', async () => {
  const { id } = await keep('router', 'first secret', null);
  expect(await openStored('router')).toBe('first secret');
  expect(await keep('router', 'second secret', 1, id)).toMatchObject({ version: 2 });
  expect(await openStored('router')).toBe('second secret');
});

test('no secret stands in any table in the clear, and lists and audit show only the names of its fields', async () => {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  await keep('canary', canary, null);
  expect(await findCredential(database.sql, 'default', 'canary')).toMatchObject({ name: 'canary', fields: ['password'] });
  expect(JSON.stringify(await listCredentials(database.sql, { project: 'default', limit: 50 }))).not.toMatch(/sealed|wrapped/);
  const { items } = await listAudit(database.sql, { project: 'default', subject_kind: 'credential', subject: 'canary', limit: 5 });
  expect(JSON.stringify(items)).not.toMatch(/sealed|wrapped/);
  const tables = await database.sql<
    { name: string }[]
  >`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  for (const { name } of tables) {
    expect(await database.sql`select from ${database.sql(name)} as row where row::text like ${`%${canary}%`}`, name).toHaveLength(0);
  }
});

test('a secret moved to another credential in the database does not open there', async () => {
  await keep('mine', 'my secret', null);
  await keep('theirs', 'their secret', null);
  await database.sql`update credentials set sealed = (select sealed from credentials where name = 'theirs') where name = 'mine'`;
  await expect(openStored('mine')).rejects.toThrow(/credential .*field password\) does not open with key "k1"/);
});

test('an earlier secret put back into a newer version does not open', async () => {
  const { id } = await keep('rolled', 'old', null);
  const sealed = (await readCredential(database.sql, 'default', 'rolled'))?.sealed ?? {};
  await keep('rolled', 'new', 1, id);
  await database.sql`update credentials set sealed = ${database.sql.json(sealed)} where name = 'rolled'`;
  await expect(openStored('rolled')).rejects.toThrow('version 2');
});

test('names are unique, changes name the version they were made from, and a deleted credential is gone', async () => {
  await keep('single', 'x', null);
  await expect(keep('single', 'y', null)).rejects.toThrow(NameTaken);
  await expect(keep('single', 'y', 4)).rejects.toThrow(VersionConflict);
  await deleteCredential(database.sql, { project: 'default', name: 'single', expected: 1, audit: auditOf('ann') });
  expect(await readCredential(database.sql, 'default', 'single')).toBeNull();
  await expect(deleteCredential(database.sql, { project: 'default', name: 'single', audit: auditOf('ann') })).rejects.toThrow(NotFound);
});

const target = (name: string, also: Partial<TargetValues> = {}) =>
  targetValues(name, { tags: ['edge'], attributes: { site: 'ber' }, ...also });

const saveAs = (values: TargetValues, expected: number | null): Promise<TargetRow> =>
  saveTarget(database.sql, 'default', values, expected, auditOf('ann'));

test('a target is kept whole, changed from its version, listed by name and tag, and deleted', async () => {
  expect(await saveAs(target('t-b'), null)).toMatchObject({ ...target('t-b'), version: 1, created_by: 'ann' });
  await saveAs(target('t-a', { tags: ['core', 'edge'] }), null);
  expect(await saveAs(target('t-b', { port: 2222, tags: [] }), 1)).toMatchObject({ port: 2222, tags: [], version: 2, created_by: 'ann' });
  await expect(saveAs(target('t-b'), 1)).rejects.toThrow(VersionConflict);
  const page = await listTargets(database.sql, { project: 'default', limit: 1 });
  expect(page.items.map(({ name }) => name)).toEqual(['t-a']);
  expect((await listTargets(database.sql, { project: 'default', limit: 1, after: page.next ?? '' })).items.map(({ name }) => name)).toEqual(
    ['t-b'],
  );
  expect((await listTargets(database.sql, { project: 'default', tag: 'core', limit: 9 })).items.map(({ name }) => name)).toEqual(['t-a']);
  await deleteTarget(database.sql, { project: 'default', name: 't-a', expected: 1, audit: auditOf('ann') });
  expect(await findTarget(database.sql, 'default', 't-a')).toBeNull();
});

test('of many first contacts one pins the host key; a known host, a strict one and another project never pin', async () => {
  const key = (n: number) => ({ type: 'ssh-ed25519', fingerprint: `SHA256:${n}`, key: `AAAA${n}` });
  await saveAs(target('new-host', { host_key_policy: 'accept_new' }), null);
  await saveAs(target('strict-host'), null);
  const pins = await Promise.all([1, 2, 3, 4].map((n) => pinHostKey(database.sql, 'default', 'new-host', key(n), auditOf('system'))));
  expect(pins.filter(Boolean)).toHaveLength(1);
  expect((await findTarget(database.sql, 'default', 'new-host'))?.host_keys).toEqual([key(pins.indexOf(true) + 1)]);
  expect(await pinHostKey(database.sql, 'default', 'strict-host', key(1), auditOf('system'))).toBe(false);
  expect(await pinHostKey(database.sql, 'other', 'new-host', key(1), auditOf('system'))).toBe(false);
});
