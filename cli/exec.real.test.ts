import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCapstan } from '#test/capstan-command.ts';
import { iosLike } from '#test/peers/device-scripts.ts';
import { type SimulatedDevice, startDevice } from '#test/peers/device-simulator.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { created } from '#test/ssh-target.ts';
import { type Stack, startStack } from '#test/stack.ts';

describe.skipIf(sshdMissing !== null)(`capstan exec${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  let device: SimulatedDevice;
  beforeAll(async () => {
    [stack, sshd, device] = await Promise.all([
      startStack(),
      startSshd(),
      startDevice(iosLike({ answers: { 'show id': 'sw1 it is\r\n' } })),
    ]);
    await created(stack.as, '/credentials', { name: 'key', kind: 'ssh_key', username: sshd.user, private_key: sshd.privateKey });
    const host = {
      kind: 'ssh',
      host: sshd.host,
      port: sshd.port,
      credential: 'key',
      host_keys: sshd.hostKeys.map(({ type, key }) => ({ type, key })),
    };
    for (const name of ['web-1', 'web-2']) await created(stack.as, '/targets', { ...host, name, tags: ['web'] });
    await created(stack.as, '/targets', { ...host, name: 'db-1', port: 9, tags: ['db'] });
    await created(stack.as, '/credentials', { name: 'line', kind: 'device', username: device.user, password: device.password });
    const keys = { host_keys: device.hostKeys.map(({ type, key }) => ({ type, key })) };
    const place = { host: device.host, port: device.port, credential: 'line', ...keys };
    await created(stack.as, '/targets', { ...place, name: 'sw-1', kind: 'device', device_type: 'cisco_iosxe' });
  });
  afterAll(async () => {
    await stack?.stop();
    await sshd?.stop();
    await device?.stop();
  });

  /** Runs the command; `when` may interrupt it by what it has printed so far. */
  async function capstan(words: readonly string[], interruptAt?: RegExp) {
    const env = { CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: stack.token, XDG_CONFIG_HOME: '/nonexistent' };
    const command = startCapstan(words, env);
    if (interruptAt !== undefined) {
      await command.said(interruptAt);
      command.interrupt();
    }
    return command.ended;
  }

  test('prints what each target writes behind its name, and ends with 0 when all did', async () => {
    const { code, out, err } = await capstan(['exec', '-t', 'tag:web', '--', 'echo', 'one;', 'echo', 'two', '>&2']);
    expect([code, out.split('\n').sort()]).toEqual([0, ['', 'web-1 | one', 'web-2 | one']]);
    expect(err.split('\n').sort()).toEqual(['', 'web-1 | two', 'web-2 | two']);
  });

  test('ends with the highest exit code, and 1 where a target gave none', async () => {
    const failed = await capstan(['exec', '-t', 'web-1,web-2', '--max-parallel', '1', '--timeout', '1m', '--', 'exit 3']);
    expect(failed).toMatchObject({ code: 3, err: expect.stringContaining('2 of 2 targets failed: web-1, web-2') });
    const unreached = await capstan(['exec', '-t', 'db-*', '--', 'true']);
    expect(unreached).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^db-1: .*refused/i) });
  });

  test('gives a command to devices, whose words are printed and whose refusal is a code', async () => {
    const said = await capstan(['exec', '--device', '-t', 'sw-1', '--', 'show', 'id']);
    expect(said).toMatchObject({ code: 0, out: 'sw-1 | sw1 it is\n' });
    const refused = await capstan(['exec', '--device', '-t', 'kind:device', '--', 'show nonsense']);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^sw-1: "show nonsense" on sw-1: % Invalid input/) });
  });

  test('names what is wrong with its selector', async () => {
    expect(await capstan(['exec', '-t', 'web-9', '--', 'true'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no target "web-9"'),
    });
    expect(await capstan(['exec', '-t', 'tag:', '--', 'true'])).toMatchObject({ code: 2, err: 'capstan: --target: "tag:" names no tag\n' });
    expect(await capstan(['exec', '-t', 'tags=x', '--', 'true'])).toMatchObject({ code: 3 });
    expect(await capstan(['exec', '--', 'true'])).toMatchObject({ code: 2, err: expect.stringContaining('--target') });
  });

  test('cancels the run when it is interrupted', async () => {
    const { code, err } = await capstan(['exec', '-t', 'web-1', '--', 'echo begun; exec sleep 300'], /begun/);
    expect(code).toBe(1);
    expect(err).toMatch(/asking run #\d+ to stop/);
    const runs = (await stack.as.call('GET', '/runs?limit=1')).body.items;
    expect(runs).toMatchObject([{ job: 'exec', status: 'cancelled', job_id: null }]);
  });
});
