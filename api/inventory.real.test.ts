import { afterAll, beforeAll, expect, test } from 'vitest';
import { INVENTORY_FORMAT_NAMES } from '#jobs/inventory/formats.ts';
import { type Installation, startInstallation } from './testing/installation.ts';
import type { ImportReport } from './views/inventory.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
  await api.call('POST', '/credentials', { body: { name: 'login', kind: 'ssh_password', username: 'ops', password: 'canary-in-vault' } });
});
afterAll(() => api.close());

const send = (format: string, text: string, dryRun = false) =>
  api.call<ImportReport>('POST', `/targets/import?format=${format}&dry_run=${dryRun}`, { body: text });
const names = async () => (await api.call<{ items: { name: string }[] }>('GET', '/targets?limit=200')).body.items.map(({ name }) => name);
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

const INVENTORY = `targets:
  - name: gate
    host: gate.example.com
    user: ops
    host_keys: ["gate.example.com ${KEY}"]
  - name: web-1
    host: 10.0.0.1
    jump: gate
    credential: login
    tags: [web, edge]
    attributes: { site: ber, rank: 1 }
  - name: core-1
    kind: device
    device_type: cisco_ios
    host: 10.0.0.2
`;

test('a dry run says what would happen and does nothing; the import does it, once, with an entry in the audit each', async () => {
  const dry = await send('yaml', INVENTORY, true);
  expect([dry.status, dry.body]).toMatchObject([200, { dry_run: true, saved: false, counts: { create: 3, change: 0, same: 0, bad: 0 } }]);
  expect(dry.body.items).toMatchObject([
    { name: 'gate', line: 2, action: 'create' },
    { name: 'web-1', line: 6, action: 'create' },
    { name: 'core-1', line: 12, action: 'create' },
  ]);
  expect(await names()).toEqual([]);

  expect((await send('yaml', INVENTORY)).body).toMatchObject({ saved: true, counts: { create: 3 } });
  expect(await names()).toEqual(['core-1', 'gate', 'web-1']);
  expect((await send('yaml', INVENTORY)).body).toMatchObject({ saved: true, counts: { create: 0, change: 0, same: 3, bad: 0 } });
  const { body } = await api.call<{ items: object[] }>('GET', '/audit?subject_kind=target');
  expect(body.items).toHaveLength(3);
  expect((await api.call('GET', '/targets/core-1')).body).toMatchObject({ device_type: 'cisco_iosxe', version: 1 });
});

test('what a text does not name stays; what it changes is told field by field', async () => {
  const { body } = await send('csv', 'name,port,tags\nweb-1,2222,edge;web\ngate,,\n');
  expect(body.items).toMatchObject([
    { name: 'web-1', action: 'change', fields: ['port'] },
    { name: 'gate', action: 'same', fields: [] },
  ]);
  expect((await api.call('GET', '/targets/web-1')).body).toMatchObject({
    port: 2222,
    jump: 'gate',
    credential: 'login',
    tags: ['edge', 'web'],
    version: 2,
  });
});

test('one bad entry keeps all from being made, and every one is told with its line', async () => {
  const before = await names();
  const text = `targets:
  - { name: new-1, host: 10.0.1.1 }
  - { name: new-2, host: 10.0.1.2, jump: gaet, credential: logni }
  - { name: New 3, host: 10.0.1.3 }
  - { name: new-1, host: 10.0.1.4 }
  - { name: new-5, host: 'a@b', colour: red, port: 99999 }
  - { name: new-6, host: x, timezone: Mars }
  - { name: gate, jump: web-1 }
`;
  const dry = await send('yaml', text, true);
  expect(dry.body.counts).toEqual({ create: 1, change: 0, same: 0, bad: 6 });
  expect(dry.body.items.map(({ line, problems }) => [line, ...problems])).toEqual([
    [2],
    [3, 'credential: "logni" is no credential; did you mean "login"?', 'jump: "gaet" is no target; did you mean "gate"?'],
    [4, expect.stringContaining('name: "New 3"; expected lower-case letters')],
    [5, 'stands in line 2 already'],
    [6, expect.stringContaining('host: "a@b"'), expect.stringContaining('port: 99999'), 'colour: "red"; is not known here'],
    [7, expect.stringContaining('timezone: "Mars" is not an IANA time zone')],
    [8, 'jump: the jumps go in a circle: gate → web-1 → gate'],
  ]);
  const real = await api.call('POST', '/targets/import?format=yaml', { body: text });
  expect([real.status, real.body.detail]).toEqual([
    422,
    expect.stringMatching(/^nothing was imported: line 3: new-2: credential: .*; and 8 more$/),
  ]);
  expect((real.body.problems as { line: number }[]).map(({ line }) => line)).toEqual([3, 3, 4, 5, 6, 6, 6, 7, 8]);
  expect(await names()).toEqual(before);
});

test('targets of one text may refer to each other in any order', async () => {
  const text = 'Host far\n  HostName 10.9.0.1\n  ProxyJump near\nHost near\n  HostName 10.9.0.2\n  Port 2200\n';
  expect((await send('ssh_config', text)).body).toMatchObject({ saved: true, counts: { create: 2 } });
  expect((await api.call('GET', '/targets/far')).body).toMatchObject({ host: '10.9.0.1', jump: 'near' });
});

test('a password in an inventory is refused without being repeated', async () => {
  const { body } = await send('ansible_ini', 'host1 ansible_password=canary-typed', true);
  expect(body.counts).toMatchObject({ create: 0, bad: 1 });
  expect(JSON.stringify(body)).toContain('make a credential');
  expect(JSON.stringify(body)).not.toContain('canary-typed');
  const field = await send('yaml', '- { name: host1, host: x, password: canary-typed }', true);
  expect(field.body.items).toMatchObject([{ problems: ['password: the value; is not known here'] }]);
});

test('a dry run finds what could not be stored', async () => {
  const { body } = await send('csv', 'name,host,description\nnul,x,a\0b\n', true);
  expect(body.items).toMatchObject([
    { action: 'bad', line: 2, problems: [expect.stringContaining('description: text must not hold NUL')] },
  ]);
});

test.each(INVENTORY_FORMAT_NAMES)(
  'what is exported as %s changes nothing when it is taken over again, and holds no secret',
  async (format) => {
    const { body: text, headers } = await api.call<string>('GET', `/targets/export?format=${format}`, { token: api.tokens.viewer });
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename=/);
    const written = typeof text === 'string' ? text : JSON.stringify(text);
    expect(written).not.toContain('canary-in-vault');
    expect((await send(format, written, true)).body.counts).toEqual({ create: 0, change: 0, same: 5, bad: 0 });
  },
);

test('only who may edit targets may import', async () => {
  const { status } = await api.call('POST', '/targets/import?format=yaml', { body: INVENTORY, token: api.tokens.operator });
  expect(status).toBe(403);
});
