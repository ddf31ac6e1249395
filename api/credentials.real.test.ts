import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

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

test('a target names a credential that exists and pins host keys by a fingerprint of ours', async () => {
  await api.call('POST', '/credentials', { body: { name: 'login', kind: 'ssh_password', username: 'ops', password: CANARY } });
  const made = await api.call('POST', '/targets', {
    body: { name: 'edge-1', host: '10.0.0.1', credential: 'login', host_keys: [HOST_KEY], tags: ['edge'] },
  });
  expect([made.status, made.body]).toMatchObject([
    201,
    { host_key_policy: 'strict', enabled: true, host_keys: [{ type: 'ssh-ed25519', fingerprint: expect.stringMatching(/^SHA256:/) }] },
  ]);
  expect((await api.call<{ items: object[] }>('GET', '/targets?tag=edge')).body.items).toHaveLength(1);
  const unknown = await api.call('POST', '/targets', { body: { name: 'edge-2', host: '10.0.0.2', credential: 'nope' } });
  expect([unknown.status, unknown.body.detail]).toEqual([422, 'credential: no credential nope']);
});

test.each([
  [{ host: 'user@host' }, '/host'],
  [{ host: '10.0.0.1', port: 70_000 }, '/port'],
  [{ host: '10.0.0.1', host_key_policy: 'ignore' }, '/host_key_policy'],
  [{ host: '10.0.0.1', host_keys: ['ssh-ed25519 bm90IGEga2V5'] }, '/host_keys/0'],
  [{ host: '10.0.0.1', colour: 'red' }, '/colour'],
  [{ host: '10.0.0.1', name: 'health' }, '/name'],
])('a target with %j is refused at %s', async (content, pointer) => {
  const { status, body } = await api.call('POST', '/targets', { body: { name: 'wrong', ...content } });
  expect(status).toBe(422);
  expect(body.problems).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
});
