import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepSpec } from '#jobs/step.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';
import { resourcesOf } from './resources.ts';

const DEEP = [1, 2, 3, 4, 5, 6].map((depth) => `deep-${depth}`);

describe.skipIf(sshdMissing !== null)(`what a step is given by name${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let worker: TestWorker;
  let sshd: Sshd;
  beforeAll(async () => {
    [worker, sshd] = await Promise.all([testWorker(), startSshd()]);
    const device = { private_key: sshd.privateKey, line_password: 'line-word', enable_secret: 'enable-word' };
    await worker.addCredential('switch-device', 'device', device, sshd.user);
    const facts = { remote_dir: '/var/tmp/c', timezone: 'Europe/Berlin', timeout_seconds: 9, attributes: { site: 'ber' } };
    await worker.addTarget('core', sshd, { also: facts });
    await worker.addTarget('switch', sshd, { also: { kind: 'device', device_type: 'frr_vtysh', credential: 'switch-device' } });
    await worker.addTarget('off', sshd, { also: { enabled: false } });
    const hosts = ['edge', 'behind-off', 'behind-switch', 'behind-nothing', 'a', 'b', 'c', 'self', ...DEEP];
    for (const name of hosts) await worker.addTarget(name, sshd);
    // Saving refuses chains that lead nowhere; a step meets them when hosts change behind its back.
    const jumps = DEEP.map((name, index) => [name, DEEP[index - 1] ?? 'edge'] as const);
    const odd = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['self', 'self'],
      ['behind-off', 'off'],
      ['behind-switch', 'switch'],
    ] as const;
    for (const [name, jump] of [...jumps, ...odd, ['core', 'edge'], ['behind-nothing', 'no-such']] as const) {
      await worker.database.sql`update targets set jump = ${jump} where name = ${name}`;
    }
  });
  afterAll(async () => {
    await worker?.close();
    await sshd?.stop();
  });

  const spec = { type: 'ssh.copy', target: 'ssh', also_targets: ['from'] } as unknown as StepSpec;
  const resources = (target: string | null, config: { readonly from?: string } = {}, kind: 'ssh' | 'device' = 'ssh') =>
    resourcesOf(
      worker.parts,
      { ...spec, target: kind },
      {
        run: '019aa000-0000-7000-8000-000000000001',
        project: 'default',
        key: 'one',
        target,
        config,
        step: { type: 'ssh.copy', secrets: {} },
      },
      new AbortController().signal,
    );
  const said = async (target: string): Promise<string> => {
    const session = await (await resources(target)).ssh();
    return (await session.ask('echo in', { signal: new AbortController().signal, limitMs: 10_000, maxBytes: 100 })).stdout.toString();
  };

  test('is a session on its target, through jump hosts as far as five', async () => {
    expect(await said('core')).toBe('in\n');
    expect(await said('deep-5')).toBe('in\n');
  });

  test('are the facts of the target', async () => {
    expect((await resources('core')).target).toEqual({
      name: 'core',
      kind: 'ssh',
      device_type: null,
      remote_dir: '/var/tmp/c',
      timezone: 'Europe/Berlin',
      timeout_seconds: 9,
      attributes: { site: 'ber' },
      line_password: null,
      enable_secret: null,
    });
  });

  test('are the secrets of a device beside its login, all of them masked', async () => {
    const { target, toMask } = await resources('switch', {}, 'device');
    expect(target).toMatchObject({ device_type: 'frr_vtysh', line_password: 'line-word', enable_secret: 'enable-word' });
    expect(toMask).toEqual(expect.arrayContaining(['line-word', 'enable-word', sshd.privateKey]));
  });

  test('are further targets that its config names, with the secrets of every host on the way masked', async () => {
    const { ssh, toMask } = await resources('edge', { from: 'core' });
    expect((await ssh('core')).peer.target).toBe('core');
    expect((await ssh()).peer.target).toBe('edge');
    expect(toMask).toContain(sshd.privateKey);
    await expect(ssh('switch')).rejects.toMatchObject({ type: 'internal' });
  });

  test.each([
    ['a target that does not exist', 'no-such', {}, 'invalid_input', 'no target "no-such"'],
    ['a further one that does not exist', 'edge', { from: 'no-such' }, 'invalid_input', 'no target "no-such"'],
    ['no target at all', null, {}, 'invalid_input', 'needs a target'],
    ['a target of another kind', 'switch', {}, 'invalid_input', 'needs a target of kind ssh, and switch is of kind device'],
    ['a disabled target', 'off', {}, 'policy', 'off is disabled'],
    ['a disabled host on the way', 'behind-off', {}, 'policy', 'off is disabled'],
    ['a host on the way that does not exist', 'behind-nothing', {}, 'invalid_input', 'no target "no-such"'],
    ['a device on the way', 'behind-switch', {}, 'invalid_input', 'behind-switch → switch'],
    ['a way that comes back', 'a', {}, 'invalid_input', 'a → b → c → a'],
    ['a way to itself', 'self', {}, 'invalid_input', 'self → self'],
    [
      'a way of more than five hosts',
      'deep-6',
      {},
      'invalid_input',
      'more than 5: deep-6 → deep-5 → deep-4 → deep-3 → deep-2 → deep-1 → edge',
    ],
  ])('is not %s', async (_what, target, config, type, message) => {
    await expect(resources(target, config)).rejects.toMatchObject({ type, message: expect.stringContaining(message) });
  });
});
