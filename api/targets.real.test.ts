import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const add = (body: object) => api.call('POST', '/targets', { body: { host: '10.0.0.1', ...body } });
const pointersOf = (body: { readonly [name: string]: unknown }) => (body.problems as { pointer: string }[]).map(({ pointer }) => pointer);

test('a target names a credential that exists and pins host keys by a fingerprint of ours', async () => {
  await api.call('POST', '/credentials', { body: { name: 'login', kind: 'ssh_password', username: 'ops', password: 'x' } });
  const made = await api.call('POST', '/targets', {
    body: { name: 'edge-1', host: '10.0.0.1', credential: 'login', host_keys: [HOST_KEY], tags: ['edge'] },
  });
  expect([made.status, made.body]).toMatchObject([
    201,
    { host_key_policy: 'strict', enabled: true, host_keys: [{ type: 'ssh-ed25519', fingerprint: expect.stringMatching(/^SHA256:/) }] },
  ]);
  expect((await api.call<{ items: object[] }>('GET', '/targets?tag=edge')).body.items).toHaveLength(1);
  const unknown = await api.call('POST', '/targets', { body: { name: 'edge-2', host: '10.0.0.2', credential: 'nope' } });
  expect([unknown.status, unknown.body.detail]).toEqual([422, 'credential: "nope" is no credential']);
});

test('many targets are switched off or given a tag at once, and those that have it already are named', async () => {
  for (const name of ['many-a', 'many-b', 'many-c']) await add({ name, tags: name === 'many-c' ? ['rack'] : [] });
  const change = (body: object) =>
    api.call('POST', '/targets/change', { body: { targets: ['many-a', 'many-b', 'many-c', 'many-z'], ...body } });
  const told = {
    changed: ['many-a', 'many-b'],
    left_alone: [
      { because: 'unknown', targets: ['many-z'] },
      { because: 'so_already', targets: ['many-c'] },
    ],
  };
  expect((await change({ add_tag: 'rack', dry_run: true })).body).toEqual(told);
  expect((await api.call<{ items: object[] }>('GET', '/targets?tag=rack')).body.items).toHaveLength(1);
  expect((await change({ add_tag: 'rack' })).body).toEqual(told);
  expect((await change({ enabled: false })).body).toMatchObject({ changed: ['many-a', 'many-b', 'many-c'] });
  expect((await change({ remove_tag: 'rack' })).body).toMatchObject({ changed: ['many-a', 'many-b', 'many-c'] });
  expect((await api.call('GET', '/targets/many-a')).body).toMatchObject({ enabled: false, tags: [], version: 4 });
  expect((await change({ enabled: true, add_tag: 'x' })).status).toBe(422);
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

test('a target is kept with all its fields and answered as it was sent', async () => {
  await add({ name: 'gate' });
  const sent = {
    kind: 'device',
    description: 'core of Frankfurt',
    host: 'core.fra.example',
    port: 2222,
    username: 'ops',
    credential: null,
    device_type: 'cisco_iosxe',
    tags: ['core', 'fra'],
    attributes: { site: 'fra', rank: 1 },
    timezone: 'Europe/Berlin',
    timeout_seconds: 30,
    jump: 'gate',
    remote_dir: '~/.work',
    host_key_policy: 'accept_new',
    legacy_algorithms: true,
    enabled: false,
  };
  const made = await add({ name: 'whole', ...sent });
  expect([made.status, made.body]).toMatchObject([201, { name: 'whole', version: 1, created_by: 'admin', ...sent }]);
  expect((await api.call('GET', '/targets/whole')).body).toMatchObject(sent);
  expect((await api.call('GET', '/targets?device_type=cisco_iosxe&enabled=false')).body.items).toMatchObject([
    { name: 'whole', last_check: null },
  ]);
});

test.each([
  [{ credential: 'logni' }, '/credential', 'credential: "logni" is no credential; did you mean "login"?'],
  [{ jump: 'gaet' }, '/jump', 'jump: "gaet" is no target; did you mean "gate"?'],
  [{ device_type: 'cisco_iosex' }, '/device_type', 'device_type: "cisco_iosex" is no device type; did you mean "cisco_iosxe"?'],
  [{ timezone: 'europe/berlin' }, '/timezone', expect.stringContaining('did you mean "Europe/Berlin"?')],
  [{ kind: 'device' }, '/device_type', expect.stringContaining('is missing')],
  [{ jump: 'whole' }, '/jump', 'jump: "whole" is a device; only ssh hosts can be jumped through'],
  [{ remote_dir: 'relative' }, '/remote_dir', expect.stringContaining('expected a directory')],
])('a target with %j is refused at %s', async (content, pointer, detail) => {
  const { status, body } = await add({ name: 'wrong', ...content });
  expect([status, pointersOf(body), body.detail]).toEqual([422, [pointer], detail]);
});

test('jumps in a circle and chains over five are refused with their path, also when they come about further up', async () => {
  const replace = (name: string, body: object) =>
    api.call('PUT', `/targets/${name}`, { body: { host: '10.0.0.1', ...body }, headers: { 'if-match': '*' } });
  for (const [at, name] of ['h0', 'h1', 'h2', 'h3', 'h4', 'h5'].entries()) {
    expect((await add({ name, ...(at > 0 && { jump: `h${at - 1}` }) })).status).toBe(201);
  }
  const long = await add({ name: 'h6', jump: 'h5' });
  expect([long.status, long.body.detail]).toEqual([422, 'jump: the way is longer than 5 jumps: h6 → h5 → h4 → h3 → h2 → h1 → h0']);
  const circle = await replace('h0', { jump: 'h2' });
  expect([circle.status, circle.body.detail]).toEqual([422, 'jump: the jumps go in a circle: h0 → h2 → h1 → h0']);
  await add({ name: 'h-start' });
  const pushed = await replace('h0', { jump: 'h-start' });
  expect([pushed.status, pushed.body.detail]).toEqual([422, 'jump: the way is longer than 5 jumps: h5 → h4 → h3 → h2 → h1 → h0 → h-start']);
  const used = await api.call('DELETE', '/targets/h2');
  expect([used.status, used.body.detail]).toEqual([409, 'the target "h2" is used by target h3 (jump); change those first']);
  const device = await replace('h2', { jump: 'h1', kind: 'device', device_type: 'linux' });
  expect([device.status, pointersOf(device.body)]).toEqual([422, ['/kind']]);
});

test('of two changes at once that would close a circle together one is refused', async () => {
  await add({ name: 'left' });
  await add({ name: 'right' });
  const jump = (name: string, over: string) =>
    api.call('PUT', `/targets/${name}`, { body: { host: '10.0.0.1', jump: over }, headers: { 'if-match': '*' } });
  const answers = await Promise.all([jump('left', 'right'), jump('right', 'left')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
});

test('a choice of targets is resolved, and a name that nobody has is said', async () => {
  await add({ name: 'web-1', tags: ['web'], attributes: { site: 'ber' } });
  await add({ name: 'web-2', tags: ['web'], enabled: false });
  const resolve = async (target: unknown) =>
    (await api.call('POST', '/targets/resolve', { body: { target }, token: api.tokens.viewer })).body;
  expect(await resolve('web-*')).toEqual({
    items: [
      { name: 'web-1', enabled: true },
      { name: 'web-2', enabled: false },
    ],
  });
  expect(await resolve({ tags: ['web'], site: 'ber' })).toEqual({ items: [{ name: 'web-1', enabled: true }] });
  expect(await resolve(['web-1', 'web-9'])).toMatchObject({ status: 422, detail: 'there is no target "web-9"' });
  expect(await resolve('web-[')).toMatchObject({
    status: 422,
    problems: [{ pointer: '/target/0', message: expect.stringContaining('bracket') }],
  });
  expect(await resolve({ tags: 'web' })).toMatchObject({ status: 422, problems: [{ pointer: '/target/tags' }] });
});

test('lists by name are searched by a part of what they say, in any case and over all their pages', async () => {
  const { sql } = api.database;
  const made = [
    ['/targets', { name: 'osl-1', host: 'Findme-100%.example', tags: ['findme-not'] }],
    ['/targets', { name: 'osl-2', host: '10.0.0.9', tags: ['FindMe_100'] }],
    ['/targets', { name: 'osl-3', host: '10.0.0.9' }],
    ['/credentials', { name: 'osl-login', kind: 'ssh_password', username: 'findme', password: 'x' }],
    ['/users', { name: 'osl-ann', display_name: 'Ann Findme', role: 'viewer', password: 'long-enough-for-one' }],
    ['/groups', { name: 'osl-night', description: 'whom to findme at night' }],
    ['/calendars', { name: 'osl-findme', entries: ['12-24'] }],
  ] as const;
  for (const [path, body] of made) expect([path, (await api.call('POST', path, { body })).status]).toEqual([path, 201]);
  await sql`insert into lock_claims (project, key, run_id, step_key, workflow_id, priority, max, state, since, held_since)
    select 'default', key, gen_random_uuid(), '', 'w', 5, 1, 'holding', now(), now() from unnest(array['job:FindMe', 'job:other']) key`;
  const found = async (path: string, q: string, more = '') => {
    const { body } = await api.call<{ items: readonly { name?: string; key?: string }[]; next: string | null }>(
      'GET',
      `${path}?q=${q}${more}`,
    );
    return [...body.items.map(({ name, key }) => name ?? key), ...(body.next === null ? [] : [body.next])];
  };
  const [first, next] = await found('/targets', 'FINDME', '&limit=1');
  expect(first).toBe('osl-1');
  expect(await found('/targets', 'FINDME', `&limit=1&after=${next}`)).toEqual(['osl-2']);
  expect(await found('/targets', encodeURIComponent('100%'))).toEqual(['osl-1']);
  expect(await found('/credentials', 'findme')).toEqual(['osl-login']);
  expect(await found('/users', 'findme')).toEqual(['osl-ann']);
  expect(await found('/groups', 'findme')).toEqual(['osl-night']);
  expect(await found('/calendars', 'FINDME')).toEqual(['osl-findme']);
  expect(await found('/locks', 'findme')).toEqual(['job:FindMe']);
});
