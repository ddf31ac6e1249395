import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './api-client.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { created } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

/** Windows whose one time is in the past, so that they never open. */
const NEVER = ['2020-01-01'];

describe.skipIf(sshdMissing !== null)(`maintenance windows${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  let dir: string;
  let host: object;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'capstan-windows-'));
    await chmod(dir, 0o777);
    [stack, sshd] = await Promise.all([startStack(), startSshd()]);
    await created(stack.as, '/credentials', { name: 'key', kind: 'ssh_key', username: sshd.user, private_key: sshd.privateKey });
    const host_keys = sshd.hostKeys.map(({ type, key }) => ({ type, key }));
    host = { kind: 'ssh', host: sshd.host, port: sshd.port, credential: 'key', host_keys };
  });
  afterAll(async () => {
    await stack?.stop();
    await sshd?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const target = (name: string, maintenance: readonly string[], more: object = {}) =>
    created(stack.as, '/targets', { ...host, name, maintenance, ...more });
  const edit = (name: string, maintenance: readonly string[], more: object = {}) =>
    stack.as.call('PUT', `/targets/${name}`, { ...host, maintenance, ...more }, { 'if-match': '*' });
  let jobs = 0;
  async function run(where: unknown, more: object = {}, job: object = {}): Promise<string> {
    jobs += 1;
    const environment = { AT: '${{ target }}', DIR: dir };
    const step = {
      id: 'work',
      type: 'ssh.exec',
      target: where,
      config: { command: 'echo "$AT $(date +%s%3N)" >> "$DIR/done"', environment },
      ...more,
    };
    return stack.as.start(await stack.as.job({ name: `windowed-${jobs}`, steps: [step], ...job }));
  }
  /** When the work was done on a target, each time. */
  const done = async (name: string): Promise<readonly number[]> => {
    const lines = (await readFile(path.join(dir, 'done'), 'utf8').catch(() => '')).split('\n').map((line) => line.split(' '));
    return lines.filter(([at]) => at === name).map(([, ms]) => Number(ms));
  };
  const row = async (id: string, key = 'work') => (await stack.as.steps(id)).find((step) => step.key === key);
  const waiting = (id: string) => stack.as.until(id, ({ status }) => status === 'waiting');
  /** A calendar that is open from so many milliseconds from now on, for an hour. */
  async function opensIn(name: string, ms: number): Promise<number> {
    const from = Math.ceil((Date.now() + ms) / 1_000) * 1_000;
    const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, '');
    const text = [
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'UID:1',
      `DTSTART:${stamp(from)}`,
      `DTEND:${stamp(from + 3_600_000)}`,
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');
    const answer = await fetch(`${stack.url}/api/v1/calendars/import?name=${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'text/calendar' },
      body: text,
    });
    expect([answer.status, await answer.json()]).toMatchObject([201, { feed: { events: 1, instances: 1 } }]);
    return from;
  }

  test('a step outside of its target’s window waits without a slot, says when it opens, and starts by itself then, though its worker was killed meanwhile', async () => {
    const opensAt = await opensIn('soon', 6_000);
    await target('tokyo', ['calendar:soon'], { timezone: 'Asia/Tokyo' });
    const id = await run('tokyo');
    expect(await waiting(id)).toMatchObject({ status: 'waiting', waiting_for: 'window' });
    const step = await row(id);
    expect(step).toMatchObject({
      status: 'waiting',
      waiting_for: 'window',
      hold: { kind: 'window', target: 'tokyo', opens_at: new Date(opensAt).toISOString() },
    });
    expect(String(step?.message)).toMatch(/^outside of the maintenance windows of tokyo: opens \d\d:\d\d(:\d\d)? Asia\/Tokyo, in \d+ min$/);
    await stack.worker.kill();
    stack.worker.start();
    expect(await stack.as.until(id, undefined, 60_000)).toMatchObject({ status: 'completed' });
    const [started, ...more] = await done('tokyo');
    expect(started).toBeGreaterThanOrEqual(opensAt);
    expect(more).toEqual([]);
    expect(await row(id)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  test('a window that is edited while steps wait for it is heeded at once', async () => {
    await target('edited', NEVER);
    const id = await run('edited');
    await waiting(id);
    expect(String((await row(id))?.message)).toContain('no maintenance window opens within 400 days');
    expect((await edit('edited', ['00:00-24:00'])).status).toBe(200);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
  });

  test.each([
    ['fail', { status: 'failed' }, { status: 'failed', error: { type: 'policy' } }],
    [
      'skip',
      { status: 'completed' },
      { status: 'skipped', skip_reason: 'window_closed', message: 'its target was outside of its maintenance windows' },
    ],
  ])('on_closed: %s does not wait', async (on_closed, ended, step) => {
    await target(`closed-${on_closed}`, NEVER);
    const id = await run(`closed-${on_closed}`, { on_closed });
    const plan = await stack.as.call('POST', `/jobs/windowed-${jobs}/plan`, {});
    expect(plan.body.closed).toEqual([
      {
        step: 'work',
        target: `closed-${on_closed}`,
        timezone: 'UTC',
        opens_at: null,
        message: 'no maintenance window opens within 400 days',
        on_closed,
      },
    ]);
    expect(await stack.as.until(id)).toMatchObject(ended);
    expect(await row(id)).toMatchObject(step);
    expect(await done(`closed-${on_closed}`)).toEqual([]);
  });

  test('of several targets each has its own window; those that are open do not wait for the others, whatever max_parallel says', async () => {
    for (const name of ['shut-1', 'shut-2']) await target(name, NEVER, { tags: ['mixed'] });
    await target('wide-1', ['mon-sun 00:00-24:00'], { tags: ['mixed'] });
    await target('wide-2', [], { tags: ['mixed'] });
    const id = await run(['shut-1', 'shut-2', 'wide-1', 'wide-2'], { max_parallel: 1 });
    await eventually(
      async () => (await stack.as.steps(id)).map(({ key, status }) => `${key} ${status}`).filter((one) => one.includes('[')),
      (parts) => parts.join() === 'work[0] waiting,work[1] waiting,work[2] completed,work[3] completed',
      30_000,
    );
    expect(await waiting(id)).toMatchObject({ waiting_for: 'window' });
    await edit('shut-1', [], { tags: ['mixed'] });
    await eventually(
      () => done('shut-1'),
      (times) => times.length === 1,
      30_000,
    );
    await stack.as.call('POST', `/runs/${id}/steps/work%5B1%5D/skip`, {});
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
  });

  test('a run that is paused while it waits does nothing when its window opens, and shows that it waits for none', async () => {
    await target('paused', NEVER);
    const id = await run('paused');
    await waiting(id);
    await stack.as.call('POST', `/runs/${id}/pause`, {});
    await stack.as.until(id, ({ status }) => status === 'paused');
    await edit('paused', []);
    await eventually(
      () => row(id),
      (step) => step?.status === 'queued',
      30_000,
    );
    expect(await row(id)).toMatchObject({ status: 'queued', waiting_for: null, hold: null });
    expect(await done('paused')).toEqual([]);
    await stack.as.call('POST', `/runs/${id}/resume`, {});
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
  });

  test('parts that workflows of their own carry out hear of an edit too', async () => {
    const names = Array.from({ length: 101 }, (_, n) => `many-${n}`);
    for (let at = 0; at < names.length; at += 20)
      await Promise.all(names.slice(at, at + 20).map((name) => target(name, name === 'many-100' ? NEVER : [], { tags: ['many'] })));
    const id = await run(names, { max_parallel: 100 });
    const last = async () => (await stack.as.steps(id)).find(({ key }) => key === 'work[100]');
    await eventually(last, (part) => part?.status === 'waiting', 60_000);
    await edit('many-100', [], { tags: ['many'] });
    expect(await stack.as.until(id, undefined, 60_000)).toMatchObject({ status: 'completed' });
  });

  test('a run that waits for a window is cancelled, runs out of time, and gives back what its step had locked, like any other that waits', async () => {
    await target('cancelled', NEVER);
    const first = await run('cancelled', { concurrency: { key: 'windowed' } });
    await waiting(first);
    await eventually(
      async () => (await stack.as.call('GET', '/locks?key=windowed')).body.items as readonly object[],
      (locks) => locks.length === 0,
      20_000,
    );
    await stack.as.call('POST', `/runs/${first}/cancel`, {});
    expect(await stack.as.until(first)).toMatchObject({ status: 'cancelled' });
    const second = await run('cancelled', {}, { limits: { timeout: '2s' } });
    expect(await stack.as.until(second)).toMatchObject({ status: 'timed_out' });
    expect(await row(second)).toMatchObject({ status: 'cancelled' });
  });

  test('a row of inline steps stops before the one whose window is shut, and goes on with it when it opens', async () => {
    await target('inline', NEVER);
    await target('free', []);
    const copy = (id: string, at: string) => ({
      id,
      type: 'ssh.copy',
      inline: true,
      timeout: '10s',
      target: at,
      config: { from_path: '/etc/hostname', to_path: path.join(dir, id) },
    });
    const job = { name: 'inline-window', steps: [copy('a', 'free'), copy('b', 'inline'), copy('c', 'free')] };
    const id = await stack.as.start(await stack.as.job(job));
    expect(await waiting(id)).toMatchObject({ waiting_for: 'window', completed_steps: 1 });
    await edit('inline', []);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 3 });
  });
});
