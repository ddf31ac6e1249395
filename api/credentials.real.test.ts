import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

const CANARY = 'canary-Zk3vQ9-do-not-show';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

test('a secret goes in, and neither an answer nor the database nor the audit shows it', async () => {
  const made = await api.call('POST', '/credentials', { body: { name: 'door', kind: 'ssh_password', username: 'root', password: CANARY } });
  expect([made.status, made.body]).toMatchObject([201, { name: 'door', version: 1, fields: ['password'] }]);
  const seen = [made.body, (await api.call('GET', '/credentials/door')).body, (await api.call('GET', '/credentials')).body];
  const rows = await api.database.sql`
    select to_jsonb(c)::text as row from credentials c union all select to_jsonb(a)::text from audit_entries a`;
  expect(JSON.stringify([seen, rows])).not.toContain(CANARY);
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 20));
});

test('a refused secret is not repeated in the refusal', async () => {
  const { status, body } = await api.call('POST', '/credentials', {
    body: { name: 'Bad Name', kind: 'ssh_password', password: CANARY, extra: CANARY },
  });
  expect(status).toBe(422);
  expect(JSON.stringify(body)).not.toContain(CANARY);
  expect(body.problems).toEqual(
    expect.arrayContaining([expect.objectContaining({ pointer: '/name' }), expect.objectContaining({ pointer: '/extra' })]),
  );
  const broken = await api.call('POST', '/credentials', {
    body: `{"name": "a", "kind": "ssh_password", "password": ${CANARY}}`,
    headers: { 'content-type': 'application/json' },
  });
  expect(broken.status).toBe(400);
  expect(JSON.stringify(broken.body)).not.toContain(CANARY.slice(0, 6));
});

test('a private key is checked, and shown by its fingerprint', async () => {
  const bad = await api.call('POST', '/credentials', { body: { name: 'key', kind: 'ssh_key', private_key: 'not a key' } });
  expect([bad.status, bad.body.detail]).toEqual([422, expect.stringMatching(/^private_key: expected a private key/)]);
  const made = await api.call('POST', '/credentials', { body: { name: 'key', kind: 'ssh_key', private_key: privateKey } });
  expect([made.status, made.body.fingerprint]).toEqual([201, expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/)]);
});

test('a replaced credential is a new version, sealed anew', async () => {
  const made = await api.call('POST', '/credentials', { body: { name: 'turning', kind: 'ssh_password', password: 'first' } });
  const before = await api.database.sql`select sealed from credentials where name = 'turning'`;
  const replaced = await api.call('PUT', '/credentials/turning', {
    body: { kind: 'ssh_password', password: 'second' },
    headers: { 'if-match': made.headers.get('etag') ?? '' },
  });
  expect([replaced.status, replaced.body.version]).toEqual([200, 2]);
  expect(await api.database.sql`select sealed from credentials where name = 'turning'`).not.toEqual(before);
});

test('a device login holds what its session asks for, and none of it is shown by answers, refusals, exports, database or audit', async () => {
  const secrets = { password: `${CANARY}-1`, line_password: `${CANARY}-2`, enable_secret: `${CANARY}-3` };
  const made = await api.call('POST', '/credentials', { body: { name: 'core', kind: 'device', username: 'ops', ...secrets } });
  expect([made.status, made.body]).toMatchObject([201, { kind: 'device', fingerprint: null }]);
  expect((made.body.fields as string[]).sort()).toEqual(['enable_secret', 'line_password', 'password']);
  await api.call('POST', '/targets', {
    body: { name: 'core-1', kind: 'device', device_type: 'cisco_iosxe', host: '10.0.0.9', credential: 'core' },
  });
  const refused = [
    await api.call('POST', '/credentials', { body: { name: 'none', kind: 'device', enable_secret: CANARY } }),
    await api.call('POST', '/credentials', { body: { name: 'half', kind: 'device', password: 'x', passphrase: CANARY } }),
    await api.call('POST', '/credentials', { body: { name: 'half', kind: 'ssh_key', private_key: CANARY, passphrase: CANARY } }),
    await api.call('PUT', '/credentials/core', { body: { kind: 'device', password: [CANARY] }, headers: { 'if-match': '*' } }),
  ];
  expect(refused.map(({ status, body }) => [status, (body.problems as { pointer: string }[])[0]?.pointer])).toEqual([
    [422, '/password'],
    [422, '/passphrase'],
    [422, '/private_key'],
    [422, '/password'],
  ]);
  const exports = await Promise.all(
    ['yaml', 'json', 'csv', 'ssh_config', 'ansible_ini', 'ansible_yaml'].map((format) =>
      api.call('GET', `/targets/export?format=${format}`),
    ),
  );
  expect(exports.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  const seen = [made.body, (await api.call('GET', '/credentials/core')).body, (await api.call('GET', '/audit')).body];
  const dump = await dumpOf(api);
  for (const form of [CANARY, Buffer.from(CANARY).toString('base64').slice(0, 20), Buffer.from(CANARY).toString('hex')]) {
    expect(JSON.stringify([seen, refused.map(({ body }) => body), exports.map(({ body }) => body), dump])).not.toContain(form);
  }
});

/** Every row of every table as text. */
async function dumpOf({ database: { sql } }: Installation): Promise<readonly string[]> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  const rows = await Promise.all(tables.map(({ name }) => sql<{ text: string }[]>`select t::text as text from ${sql(name)} t`));
  return rows.flat().map(({ text }) => text);
}

test('a credential in use says by whom and is not deleted; nobody’s is', async () => {
  await api.call('POST', '/credentials', { body: { name: 'shared', kind: 'ssh_password', username: 'ops', password: 'x' } });
  await api.call('POST', '/targets', { body: { name: 'user-1', host: '10.0.0.1', credential: 'shared' } });
  const definition = {
    name: 'binder',
    steps: [{ id: 'call', type: 'local.exec', secrets: { TOKEN: 'shared.password' }, config: { command: 'true' } }],
  };
  expect((await api.call('POST', '/jobs', { body: stringify(definition) })).status).toBe(201);
  expect((await api.call('GET', '/credentials/shared')).body.used_by).toEqual({ targets: ['user-1'], jobs: ['binder'], total: 2 });
  const refused = await api.call('DELETE', '/credentials/shared');
  expect([refused.status, refused.body.detail]).toEqual([
    409,
    'the credential "shared" is used by target user-1, job binder; change those first',
  ]);
  await api.call('DELETE', '/targets/user-1');
  await api.call('DELETE', '/jobs/binder?confirm=binder', { headers: { 'if-match': '*' } });
  expect((await api.call('DELETE', '/credentials/shared')).status).toBe(204);
});
