import { randomBytes } from 'node:crypto';
import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChecksReport, CheckView, ScanView } from '#api/views/check.ts';
import { freePort } from '#platform/local/free-port.ts';
import { ensureSchedules } from '#worker/schedules.ts';
import { eventually } from './api-client.ts';
import { historyToJson } from './histories/json.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { created, registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

const CANARY = `canary-${randomBytes(15).toString('hex')}`;

describe.skipIf(sshdMissing !== null)(`the health of targets${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  let moved: Sshd;
  beforeAll(async () => {
    [stack, sshd, moved] = await Promise.all([startStack({ env: { CAPSTAN_TARGETS__CHECK_MINUTES: '1440' } }), startSshd(), startSshd()]);
    const { as } = stack;
    await registerTarget(as, 'well', sshd);
    await registerTarget(as, 'moved', moved);
    await moved.changeHostKeys();
    await created(as, '/credentials', { name: 'wrong', kind: 'ssh_password', username: sshd.user, password: CANARY });
    const at = { host: sshd.host, port: sshd.port, host_keys: sshd.hostKeys };
    await created(as, '/targets', { ...at, name: 'locked-out', credential: 'wrong' });
    await created(as, '/targets', { name: 'gone', host: '127.0.0.1', port: await freePort(undefined), credential: 'wrong' });
    await created(as, '/targets', { ...at, name: 'behind-well', jump: 'well', credential: 'well-key' });
    await created(as, '/targets', { ...at, name: 'nobody' });
    await created(as, '/targets', { ...at, name: 'off', enabled: false });
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([sshd?.stop(), moved?.stop()]);
  });

  const ask = async <T>(method: string, path: string, body?: object) =>
    (await stack.as.call(method, path, body)) as unknown as { status: number; body: T };

  test('a host that is well shows what was found at every stage, and lists and history keep it', async () => {
    const { status, body } = await ask<ChecksReport>('POST', '/targets/well/check');
    expect([status, body]).toMatchObject([
      200,
      { pending: [], items: [{ target: 'well', healthy: true, stage: null, error: null, actor: 'admin' }] },
    ]);
    const [check] = body.items;
    expect(check?.stages.map(({ stage, ok }) => [stage, ok])).toEqual(
      ['connect', 'host_key', 'login', 'shell', 'sftp', 'space', 'clock'].map((stage) => [stage, true]),
    );
    const { body: listed } = await ask<{ items: { name: string; last_check: object }[] }>('GET', '/targets?healthy=true');
    expect(listed.items).toMatchObject([{ name: 'well', last_check: { at: check?.at, healthy: true, stage: null } }]);
    await ask('POST', '/targets/well/check');
    const first = await ask<{ items: CheckView[]; next: string }>('GET', '/targets/well/checks?limit=1');
    const second = await ask<{ items: CheckView[] }>('GET', `/targets/well/checks?limit=1&after=${first.body.next}`);
    expect(second.body.items).toEqual([check]);
  });

  test('each that is not well says at which stage and why; those switched off are left alone', async () => {
    const { status, body } = await ask<ChecksReport>('POST', '/targets/check', { target: '*' });
    expect([status, body.pending]).toEqual([200, []]);
    expect(body.items.map(({ target, stage, error }) => [target, stage, error?.type])).toEqual([
      ['behind-well', null, undefined],
      ['gone', 'connect', 'connection'],
      ['locked-out', 'login', 'auth'],
      ['moved', 'host_key', 'policy'],
      ['nobody', 'connect', 'invalid_input'],
      ['well', null, undefined],
    ]);
    expect((await ask('POST', '/targets/check', { target: 'off' })).status).toBe(422);
    expect((await ask('POST', '/targets/off/check')).status).toBe(409);
    expect((await ask('POST', '/targets/check', { target: ['well', 'wlel'] })).body).toMatchObject({ detail: 'there is no target "wlel"' });
  });

  test('a host offers its keys; the one that is accepted by its fingerprint is pinned, and with the audit', async () => {
    const scan = await ask<ScanView>('POST', '/targets/moved/scan', {});
    expect(scan.status).toBe(200);
    expect(scan.body.items.map(({ fingerprint }) => fingerprint).sort()).toEqual(
      moved.hostKeys.map(({ fingerprint }) => fingerprint).sort(),
    );
    expect(scan.body.items.every(({ state, accepted }) => state === 'changed' && !accepted)).toBe(true);
    const accept = scan.body.items.map(({ fingerprint }) => fingerprint);
    expect((await ask('POST', '/targets/moved/scan', { accept: [`SHA256:${'A'.repeat(43)}`] })).status).toBe(422);
    const accepted = await ask<ScanView>('POST', '/targets/moved/scan', { accept });
    expect(accepted.body.items.every(({ state, accepted: taken }) => state === 'pinned' && taken)).toBe(true);
    expect((await ask<ChecksReport>('POST', '/targets/moved/check')).body.items).toMatchObject([{ healthy: true }]);
    const { body: audit } = await ask<{ items: { reason: string | null }[] }>('GET', '/audit?subject_kind=target&subject=moved');
    expect(audit.items[0]?.reason).toBe('accepted from a scan');
    expect(await ask('POST', '/targets/gone/scan', {})).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('scan of gone: ') },
    });
    expect((await ask('POST', '/targets/nobody/scan', {})).status).toBe(200);
  });

  test('a key that was accepted and is forgotten since is not pinned again by the same request', async () => {
    const keys = '/targets/behind-well/host-keys';
    const [fingerprint = ''] = sshd.hostKeys.map((key) => key.fingerprint);
    const forget = () => ask('DELETE', `${keys}/${encodeURIComponent(fingerprint)}`);
    const accept = () =>
      stack.as.call('POST', '/targets/behind-well/scan', { accept: [fingerprint] }, { 'idempotency-key': 'accept' }) as Promise<unknown>;
    await forget();
    const first = await accept();
    expect(first).toMatchObject({ status: 200, body: { items: expect.arrayContaining([expect.objectContaining({ accepted: true })]) } });
    await forget();
    expect(await accept()).toMatchObject({ status: 200, body: (first as { body: object }).body });
    const { body } = await ask<{ items: { fingerprint: string }[] }>('GET', keys);
    expect(body.items.map((key) => key.fingerprint)).not.toContain(fingerprint);
    await ask('POST', '/targets/behind-well/scan', { accept: [fingerprint] });
  });

  test('all targets are looked at again and again by a schedule, whose interval is a setting', async () => {
    const handle = stack.temporal.schedule.getHandle('capstan-check-targets');
    expect(
      (
        await eventually(
          () => handle.describe(),
          () => true,
          20_000,
        )
      ).spec.intervals?.[0]?.every,
    ).toBe(86_400_000);
    await handle.trigger();
    const rows = () => stack.database.sql<{ target: string; healthy: boolean }[]>`
      select distinct on (target) target, healthy from target_checks where actor = 'schedule' order by target, id desc`;
    expect(await eventually(rows, (seen) => seen.length === 6, 40_000)).toMatchObject([
      { target: 'behind-well', healthy: true },
      { target: 'gone', healthy: false },
      { target: 'locked-out', healthy: false },
      { target: 'moved' },
      { target: 'nobody', healthy: false },
      { target: 'well', healthy: true },
    ]);
  });

  test('an interval that is configured anew counts from now on, and none ends the schedule', async () => {
    const handle = stack.temporal.schedule.getHandle('capstan-check-targets');
    await ensureSchedules(stack.temporal, { targets: { check_minutes: 45 } });
    expect((await handle.describe()).spec.intervals?.[0]?.every).toBe(2_700_000);
    await ensureSchedules(stack.temporal, { targets: { check_minutes: 0 } });
    await expect(handle.describe()).rejects.toThrow(ScheduleNotFoundError);
    await ensureSchedules(stack.temporal, { targets: { check_minutes: 0 } });
  });

  test('a target that is deleted takes its history along', async () => {
    expect((await ask('DELETE', '/targets/nobody')).status).toBe(204);
    expect(await stack.database.sql`select from target_checks where target = 'nobody'`).toHaveLength(0);
  });

  test('the password of a refused login stands in no row and in no history', async () => {
    await ask('POST', '/targets/locked-out/check');
    const rows = await stack.database.sql<{ text: string }[]>`
      select t::text as text from target_checks t union all select a::text from audit_entries a union all select s::text from ssh_sessions s`;
    expect(JSON.stringify(rows)).not.toContain(CANARY);
    for await (const { workflowId } of stack.temporal.workflow.list({ query: "WorkflowType = 'checkTargets'" })) {
      const history = await stack.temporal.workflow.getHandle(workflowId).fetchHistory();
      expect(JSON.stringify(historyToJson(history))).not.toContain(CANARY);
    }
  });
});
