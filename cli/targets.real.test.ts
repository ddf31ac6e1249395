import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '#platform/local/free-port.ts';
import { capstanAs } from '#test/capstan-command.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { registerTarget } from '#test/ssh-target.ts';
import { type Stack, startStack } from '#test/stack.ts';

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), 'capstan-cli-'));
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const capstan = (...words: readonly string[]) => capstanAs(stack.url, stack.token, folder)(words);

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('an inventory is tried, taken over and listed; what is wrong with one is told by line', async () => {
  const good = file(
    'targets.yaml',
    '- { name: web-1, host: 10.0.0.1, tags: [web], enabled: false }\n- { name: web-2, host: 10.0.0.2, port: 2222 }\n',
  );
  const dry = await capstan('targets', 'import', good, '--dry-run');
  expect(dry).toMatchObject({ code: 0, out: '    1  create  web-1\n    2  create  web-2\nwould be created 2, changed 0, same 0, bad 0\n' });
  expect((await capstan('targets', 'list')).out).toBe('');
  expect((await capstan('targets', 'import', good)).out).toContain('created 2, changed 0, same 0, bad 0');
  const { out } = await capstan('targets', 'list');
  expect(out).toMatch(/^web-1 +ssh +10\.0\.0\.1 +off +web\nweb-2 +ssh +10\.0\.0\.2:2222 +unknown\n$/);
  expect((await capstan('targets', 'list', '--tag', 'web')).out.trim().split('\n')).toHaveLength(1);

  const changed = file('config', 'Host web-2\n  HostName 10.0.0.9\nHost web-3\n  ProxyJump wbe-2\n');
  expect(await capstan('targets', 'import', changed, '--dry-run')).toMatchObject({
    code: 3,
    out: expect.stringMatching(/1 {2}change {2}web-2 \(host\)\n +3 {2}bad +web-3\n +jump: "wbe-2" is no target; did you mean "web-2"\?/),
  });
  expect(await capstan('targets', 'import', changed)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/refused:\n {2}line 3: web-3: jump: "wbe-2" is no target/),
  });
  expect(await capstan('targets', 'import', file('hosts', 'x'))).toMatchObject({ code: 2, err: expect.stringContaining('give --format') });
});

test('the keys of credentials are wrapped anew, and how that went is said', async () => {
  await stack.as.call('POST', '/credentials', { name: 'door', kind: 'ssh_password', password: 'x' });
  expect(await capstan('keys', 'rotate')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^key \w+: 0 wrapped anew, \d+ were already, 0 failed\n$/),
  });
});

describe.skipIf(sshdMissing !== null)(`on a host${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
    await registerTarget(stack.as, 'real', sshd);
    await stack.as.call('POST', '/targets', { name: 'unseen', host: sshd.host, port: sshd.port, credential: 'real-key' });
    await stack.as.call('POST', '/targets', { name: 'gone', host: '127.0.0.1', port: await freePort(undefined), credential: 'real-key' });
  });
  afterAll(() => sshd?.stop());

  test('a check of what is well is exit code 0, of what is not 1, with stage and cause', async () => {
    expect(await capstan('targets', 'check', 'real')).toMatchObject({ code: 0, out: expect.stringMatching(/^real +healthy +\d+ ms\n$/) });
    const bad = await capstan('targets', 'check', 'real,gone');
    expect(bad).toMatchObject({ code: 1, out: expect.stringMatching(/^gone +unhealthy +connect: connection: .*\nreal +healthy/) });
    expect((await capstan('targets', 'list', '--unhealthy')).out).toMatch(/^gone .* fails at connect\n$/);
    expect(await capstan('targets', 'check', 'nobody')).toMatchObject({
      code: 3,
      err: 'capstan: refused:\n  target: there is no target "nobody"\n',
    });
  });

  test('the keys a host offers are shown, and pinned when they are accepted', async () => {
    const shown = await capstan('targets', 'scan', 'unseen');
    expect(shown.code).toBe(0);
    for (const { fingerprint } of sshd.hostKeys) expect(shown.out).toContain(`${fingerprint}  new`);
    expect((await capstan('targets', 'check', 'unseen')).code).toBe(1);
    expect((await capstan('targets', 'scan', 'unseen', '--accept-new')).out).toContain('pinned, just now');
    expect((await capstan('targets', 'check', 'unseen')).code).toBe(0);
    const [key] = sshd.hostKeys;
    await stack.as.call('POST', '/targets/unseen/host-keys', { keys: [`@revoked unseen ${key?.type} ${key?.key}`] });
    expect(await capstan('targets', 'scan', 'unseen', '--accept', key?.fingerprint ?? '')).toMatchObject({
      code: 3,
      err: expect.stringContaining('is revoked for unseen'),
    });
    expect(await capstan('targets', 'scan', 'gone')).toMatchObject({ code: 7, err: expect.stringContaining('scan of gone') });
  });

  test('a known_hosts file gives targets their keys', async () => {
    await stack.as.call('POST', '/targets', { name: 'listed', host: 'listed.example' });
    const [key] = sshd.hostKeys;
    const known = file('known_hosts', `listed.example ${key?.type} ${key?.key}\n`);
    expect((await capstan('targets', 'import', known)).out).toMatch(/^listed +\S+ +SHA256:/);
  });
});
