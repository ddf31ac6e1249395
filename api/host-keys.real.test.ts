import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostKey } from './testing/host-key.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

const add = (name: string, also: object = {}) => api.call('POST', '/targets', { body: { name, host: `${name}.example`, ...also } });
const keysOf = async (name: string) =>
  (await api.call<{ items: { fingerprint: string; key: string; revoked?: boolean }[] }>('GET', `/targets/${name}/host-keys`)).body.items;
const importText = (text: string, dryRun = false) =>
  api.call<{ items: { target: string; added: object[] }[]; problems: object[] }>('POST', `/targets/host-keys/import?dry_run=${dryRun}`, {
    body: text,
  });

test('keys are pinned from lines of any tool, once each, told in the audit, and forgotten by their fingerprint', async () => {
  await add('pinned');
  const [a, b, c] = [hostKey(), hostKey(), hostKey()];
  const made = await api.call('POST', '/targets/pinned/host-keys', {
    body: { keys: [a, `pinned.example,10.0.0.1 ${b} comment`], reason: 'seen on the console' },
  });
  expect([made.status, (await keysOf('pinned')).map(({ key }) => key)]).toEqual([201, [a, b].map((key) => key.split(' ')[1])]);
  await api.call('POST', '/targets/pinned/host-keys', { body: { keys: [a] } });
  expect((await api.call('GET', '/targets/pinned')).body.version).toBe(2);
  await api.call('POST', '/targets/pinned/host-keys', { body: { keys: [`@revoked * ${a}`, c] } });
  expect((await keysOf('pinned')).map(({ revoked }) => revoked)).toEqual([true, undefined, undefined]);

  const [, second] = await keysOf('pinned');
  const path = `/targets/pinned/host-keys/${encodeURIComponent(second?.fingerprint ?? '')}`;
  expect((await api.call('DELETE', path)).status).toBe(204);
  expect((await api.call('DELETE', path)).status).toBe(404);
  expect(await keysOf('pinned')).toHaveLength(2);
  const { body } = await api.call<{ items: { action: string; reason: string | null; before: object; after: object }[] }>(
    'GET',
    '/audit?subject_kind=target&subject=pinned',
  );
  expect(body.items.map(({ action }) => action)).toEqual(['target.save', 'target.save', 'target.save', 'target.create']);
  expect(body.items[2]).toMatchObject({ reason: 'seen on the console', before: { host_keys: [] }, after: { host_keys: [{}, {}] } });
});

test('a line that is no key is refused, as is what a viewer sends', async () => {
  await add('strict');
  expect((await api.call('POST', '/targets/strict/host-keys', { body: { keys: ['ssh-ed25519 bm90IGEga2V5'] } })).body).toMatchObject({
    status: 422,
    problems: [{ pointer: '/keys/0' }],
  });
  const keys = { keys: [hostKey()] };
  expect((await api.call('POST', '/targets/strict/host-keys', { body: keys, token: api.tokens.operator })).status).toBe(403);
  expect((await api.call('POST', '/targets/nobody/host-keys', { body: keys })).status).toBe(404);
});

test('a known_hosts file goes to the targets of its hosts and ports, hashed lines and revoked keys too', async () => {
  await add('plain');
  await add('odd-port', { port: 2222 });
  await add('hashed');
  const [a, b, c, d] = [hostKey(), hostKey(), hostKey(), hostKey()];
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update('hashed.example').digest('base64');
  const text = [
    `plain.example ${a}`,
    `[odd-port.example]:2222 ${b}`,
    `|1|${salt.toString('base64')}|${hash} ${c}`,
    `@revoked *.example ${d}`,
    `elsewhere ${a}`,
    `@cert-authority *.example ${a}`,
    'plain.example nonsense',
  ].join('\n');
  const dry = await importText(text, true);
  expect(dry.body.items.find(({ target }) => target === 'plain')?.added).toHaveLength(2);
  expect(await keysOf('plain')).toEqual([]);
  const { body } = await importText(text);
  expect(body.problems).toMatchObject([{ line: 6 }, { line: 7 }]);
  const keyOf = (line: string) => line.split(' ')[1];
  expect(await keysOf('plain')).toMatchObject([{ key: keyOf(a) }, { key: keyOf(d), revoked: true }]);
  // A pattern without a port does not speak for another one, as in ssh.
  expect(await keysOf('odd-port')).toMatchObject([{ key: keyOf(b) }]);
  expect(await keysOf('hashed')).toMatchObject([{ key: keyOf(c) }, { key: keyOf(d), revoked: true }]);
  expect((await importText(text)).body.items).toEqual([]);
});

test('a key that a target refuses is not brought back by a file that still knows it', async () => {
  const key = hostKey();
  await add('refusing');
  await api.call('POST', '/targets/refusing/host-keys', { body: { keys: [`@revoked refusing.example ${key}`] } });
  expect((await importText(`refusing.example ${key}`)).body.items).toEqual([]);
  expect(await keysOf('refusing')).toMatchObject([{ revoked: true }]);
});

test('a file with more keys than a target can hold changes nothing, and drops none that it has', async () => {
  await add('full');
  await api.call('POST', '/targets/full/host-keys', { body: { keys: [`@revoked full.example ${hostKey()}`] } });
  const before = await keysOf('full');
  const { status, body } = await importText(Array.from({ length: 20 }, () => `full.example ${hostKey()}`).join('\n'));
  expect([status, body.problems]).toEqual([
    422,
    [expect.objectContaining({ message: expect.stringContaining('full would hold 21 host keys') })],
  ]);
  expect(await keysOf('full')).toEqual(before);
});
