import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

describe.skipIf(sshdMissing !== null)(`the key of a host${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  beforeAll(async () => {
    [stack, sshd] = await Promise.all([startStack(), startSshd()]);
    await stack.as.job({ name: 'say-hi', steps: [{ id: 'hi', type: 'ssh.exec', config: { command: 'echo hi' }, retry: { attempts: 1 } }] });
  });
  afterAll(async () => {
    await stack?.stop();
    await sshd?.stop();
  });

  const pinsOf = async (target: string) => (await stack.as.call('GET', `/targets/${target}`)).body.host_keys;
  /** Runs the job on the target; answers how its step ended. */
  async function hi(target: string) {
    const run = await stack.as.start('say-hi', { target });
    const { status } = await stack.as.until(run);
    const [step] = await stack.as.steps(run);
    return { status, stdout: step?.stdout, error: step?.error };
  }

  test('is pinned at the first contact where the target accepts a new one, and another is refused from then on', async () => {
    await registerTarget(stack.as, 'new-host', sshd, 'accept_new');
    expect(await pinsOf('new-host')).toEqual([]);
    expect(await hi('new-host')).toMatchObject({ status: 'completed', stdout: 'hi\n' });
    const pinned = await pinsOf('new-host');
    expect(pinned).toHaveLength(1);
    expect(sshd.hostKeys).toContainEqual((pinned as readonly unknown[])[0]);

    await sshd.changeHostKeys();
    expect(await hi('new-host')).toMatchObject({
      status: 'failed',
      stdout: '',
      error: { type: 'policy', message: expect.stringContaining('pinned is') },
    });
    expect(await pinsOf('new-host')).toEqual(pinned);
    expect(JSON.stringify((await stack.as.call('GET', '/audit')).body)).toContain('first contact');
  });

  test('must be pinned beforehand where the target is strict', async () => {
    await registerTarget(stack.as, 'known-host', sshd, 'strict');
    expect(await hi('known-host')).toMatchObject({ status: 'completed', stdout: 'hi\n' });
    await sshd.changeHostKeys();
    expect(await hi('known-host')).toMatchObject({ status: 'failed', error: { type: 'policy' } });
  });
});
