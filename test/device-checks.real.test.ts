import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChecksReport } from '#api/views/check.ts';
import { type Frr, frrMissing, startFrr } from './peers/frr.ts';
import { created } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

describe.skipIf(frrMissing !== null)(`the health of devices${frrMissing === null ? '' : ` (${frrMissing})`}`, () => {
  let stack: Stack;
  let frr: Frr;
  beforeAll(async () => {
    [stack, frr] = await Promise.all([startStack(), startFrr()]);
    const login = { kind: 'device', username: frr.vty.user, private_key: frr.vty.privateKey };
    await created(stack.as, '/credentials', { ...login, name: 'line', line_password: frr.linePassword, enable_secret: frr.enableSecret });
    await created(stack.as, '/credentials', { ...login, name: 'wrong-line', line_password: 'not-this-canary' });
    const at = { kind: 'device', device_type: 'frr_vty', host: frr.vty.host, port: frr.vty.port, host_keys: frr.vty.hostKeys };
    await created(stack.as, '/targets', { ...at, name: 'edge', credential: 'line' });
    await created(stack.as, '/targets', { ...at, name: 'edge-wrong', credential: 'wrong-line' });
  });
  afterAll(async () => {
    await stack?.stop();
    await frr?.stop();
  });

  test('a device is well when its prompt is found, and a refused line password is said to be that, without it', async () => {
    const { status, body } = await stack.as.call('POST', '/targets/check', { target: { kind: 'device' } });
    const { items } = body as unknown as ChecksReport;
    expect(status).toBe(200);
    expect(items).toMatchObject([
      { target: 'edge', healthy: true },
      { target: 'edge-wrong', healthy: false, stage: 'prompt', error: { type: 'auth' } },
    ]);
    expect(items[0]?.stages.map(({ stage }) => stage)).toEqual(['connect', 'host_key', 'login', 'prompt']);
    expect(items[0]?.stages.at(-1)?.found).toMatchObject({ device_type: 'frr_vty', prompt: expect.stringMatching(/>$/) });
    const text = JSON.stringify([items, await stack.database.sql`select t::text as row from target_checks t`]);
    for (const secret of ['not-this-canary', frr.linePassword, frr.enableSecret]) expect(text).not.toContain(secret);
  });
});
