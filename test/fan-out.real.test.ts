import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './api-client.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { created } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

const EDGES = ['edge-1', 'edge-2', 'edge-3', 'edge-4', 'edge-5'];

describe.skipIf(sshdMissing !== null)(`a step on several targets${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  let dir: string;
  let register: (name: string, more: object) => Promise<void>;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'capstan-fan-out-'));
    // The host's user may be another one.
    await chmod(dir, 0o777);
    [stack, sshd] = await Promise.all([startStack(), startSshd()]);
    await created(stack.as, '/credentials', { name: 'edge-key', kind: 'ssh_key', username: sshd.user, private_key: sshd.privateKey });
    const host = {
      kind: 'ssh',
      host: sshd.host,
      port: sshd.port,
      credential: 'edge-key',
      host_keys: sshd.hostKeys.map(({ type, key }) => ({ type, key })),
    };
    register = (name, more) => created(stack.as, '/targets', { ...host, name, ...more });
    for (const [at, name] of EDGES.entries()) {
      await register(name, { tags: ['edge'], attributes: { site: at < 2 ? 'ber' : 'fra' } });
    }
    await register('off-1', { tags: ['edge'], attributes: { site: 'ber' }, enabled: false });
  });
  afterAll(async () => {
    await stack?.stop();
    await sshd?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  let jobs = 0;
  /** Starts a job of one step that runs the command on the targets, with AT and DIR set; answers the run's id. */
  async function run(target: unknown, command: string, more: object = {}, job: object = {}): Promise<string> {
    jobs += 1;
    const environment = { AT: '${{ target }}', DIR: dir };
    const show = { id: 'show', type: 'ssh.exec', target, config: { command, environment }, retry: { attempts: 1 }, ...more };
    return stack.as.start(await stack.as.job({ name: `fan-out-${jobs}`, steps: [show], ...job }));
  }
  const statuses = async (id: string) => Object.fromEntries((await stack.as.steps(id)).map(({ key, status }) => [key, status]));
  const whole = async (id: string) => (await stack.as.steps(id)).find(({ key }) => key === 'show');

  test('is carried out once on each that its selector means, with a row, attempts and a log for every one', async () => {
    const id = await run(
      { tags: ['edge'], site: '${{ parameters.site }}' },
      'echo "at $AT"',
      {},
      { parameters: { site: { type: 'string', default: 'ber' } } },
    );
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 1, failed_steps: 0 });
    const steps = await stack.as.steps(id);
    expect(steps).toMatchObject([
      { key: 'show', status: 'completed', targets: ['edge-1', 'edge-2'], parent_key: null, progress: 100, attempts: [] },
      { key: 'show[0]', status: 'completed', target: 'edge-1', parent_key: 'show', stdout: 'at edge-1\n', attempt: 1 },
      { key: 'show[1]', status: 'completed', target: 'edge-2', parent_key: 'show', stdout: 'at edge-2\n', attempt: 1 },
    ]);
    expect(steps[0]?.outputs).toMatchObject([{ stdout: 'at edge-1\n' }, { stdout: 'at edge-2\n' }]);
    expect((await stack.as.log(id, 'show[1]')).map(({ text }) => text)).toContain('at edge-2');
  });

  test('runs on no more at a time than it may, and a failure on one keeps it from none of the others', async () => {
    const track = path.join(dir, 'track');
    const command = 'echo "+" >> "$DIR/track"; sleep 0.3; echo "-" >> "$DIR/track"; [ "$AT" != edge-2 ] || exit 3';
    const id = await run(EDGES, command, { max_parallel: 2 });
    expect(await stack.as.until(id)).toMatchObject({
      status: 'failed',
      completed_steps: 0,
      failed_steps: 1,
      error_message: 'step show: 1 of 5 targets failed: edge-2',
    });
    expect(await statuses(id)).toEqual({
      show: 'failed',
      'show[0]': 'completed',
      'show[1]': 'failed',
      'show[2]': 'completed',
      'show[3]': 'completed',
      'show[4]': 'completed',
    });
    expect(await whole(id)).toMatchObject({ error: { type: 'exit_code', message: '1 of 5 targets failed: edge-2' } });
    const signs = (await readFile(track, 'utf8')).trim().split('\n');
    const depths = signs.map((_, at) => signs.slice(0, at + 1).reduce((depth, sign) => depth + (sign === '+' ? 1 : -1), 0));
    expect(signs).toHaveLength(10);
    expect(Math.max(...depths)).toBe(2);
  });

  test('lets a person retry the one that failed, alone and in place, and then hands on what all did', async () => {
    const id = await run(EDGES.slice(0, 3), 'echo x >> "$DIR/tries-$AT"; [ "$AT" != edge-2 ] || [ -e "$DIR/mended" ]', {
      on_error: 'wait',
    });
    expect(await stack.as.until(id, ({ status }) => status === 'waiting')).toMatchObject({ status: 'waiting' });
    expect(await statuses(id)).toEqual({ show: 'running', 'show[0]': 'completed', 'show[1]': 'waiting', 'show[2]': 'completed' });
    expect(await whole(id)).toMatchObject({ progress: 66 });
    const refused = await stack.as.call('POST', `/runs/${id}/steps/${encodeURIComponent('show[0]')}/retry`, {});
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'step show[0] is completed; only a step that waits for a person can be retried in place',
    ]);
    await writeFile(path.join(dir, 'mended'), '');
    expect((await stack.as.call('POST', `/runs/${id}/steps/${encodeURIComponent('show[1]')}/retry`, {})).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const tries = await Promise.all(EDGES.slice(0, 3).map((edge) => readFile(path.join(dir, `tries-${edge}`), 'utf8')));
    expect(tries.map((text) => text.trim().split('\n').length)).toEqual([1, 2, 1]);
    expect((await stack.as.steps(id)).map(({ key, attempt }) => [key, attempt])).toContainEqual(['show[1]', 2]);
  });

  test('has no more parts with those beside it than a run has room for, also when all are looked up at the same time', async () => {
    await stack.database.sql`
      insert into targets (id, name, kind, host, port, credential, tags, created_by, updated_by)
      select gen_random_uuid(), 'crowd-' || n, 'ssh', '127.0.0.1', 1, 'edge-key', '{crowd}', 'test', 'test' from generate_series(1, 4000) as n`;
    const one = { type: 'ssh.exec', target: { tags: ['crowd'] }, max_parallel: 1, needs: [], config: { command: 'true' } };
    const steps = Array.from({ length: 6 }, (_, at) => ({ ...one, id: `all-${at}`, retry: { attempts: 1 } }));
    const id = await stack.as.start(await stack.as.job({ name: 'crowded', steps }));
    const wholes = async () => (await stack.as.steps(id)).filter(({ parent_key, status }) => parent_key === null && status !== 'queued');
    await eventually(wholes, (seen) => seen.length === 6 && seen.every(({ targets, error }) => targets !== null || error !== null), 30_000);
    expect((await stack.as.call('POST', `/runs/${id}/cancel`, {})).status).toBe(202);
    await stack.as.until(id);
    const refused = (await wholes()).filter(({ targets }) => targets === null);
    expect(refused.map(({ error }) => error?.message)).toEqual([
      expect.stringContaining('4000 items or targets are more than this run has room for: 0'),
    ]);
  });

  test('is cancelled on all of them', async () => {
    const id = await run(EDGES.slice(0, 3), 'echo begun; exec sleep 300', { max_parallel: 2 });
    await stack.as.untilStep(id, 'show[1]', ({ status }) => status === 'running');
    expect((await stack.as.call('POST', `/runs/${id}/cancel`, {})).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'cancelled' });
    expect(await statuses(id)).toEqual({ show: 'cancelled', 'show[0]': 'cancelled', 'show[1]': 'cancelled' });
    expect(await whole(id)).toMatchObject({ error: { type: 'cancelled', message: 'stopped when 0 of 3 targets were done' } });
  });

  test('fails with the name of a target that nobody has or that is switched off, before it begins on any', async () => {
    const unknown = await run(['edge-1', 'edge-9'], 'true');
    expect(await stack.as.until(unknown)).toMatchObject({ status: 'failed', error_message: 'step show: there is no target "edge-9"' });
    const off = await run(['edge-1', 'off-1'], 'true');
    expect(await stack.as.until(off)).toMatchObject({ status: 'failed', error_message: 'step show: target "off-1" is switched off' });
    expect(await statuses(off)).toEqual({ show: 'failed' });
  });

  test('fails when no target fits, and says what was asked, unless none is allowed', async () => {
    const none = await run({ tags: ['edge'], site: 'nowhere' }, 'true');
    expect(await stack.as.until(none)).toMatchObject({
      status: 'failed',
      error_message: 'step show: no target that is switched on fits tag:edge,site=nowhere',
    });
    const allowed = await run({ site: 'nowhere', allow_empty: true }, 'true');
    expect(await stack.as.until(allowed)).toMatchObject({ status: 'completed', result_data: { show: [] } });
    expect(await whole(allowed)).toMatchObject({ status: 'completed', targets: [], outputs: [] });
  });

  test('that cannot find them waits for a person, who may mend the inventory and retry it', async () => {
    const id = await run({ tags: ['late'] }, 'true', { on_error: 'wait' });
    const waiting = await stack.as.untilStep(id, 'show', ({ status }) => status === 'waiting');
    expect(waiting).toMatchObject({
      targets: null,
      error: { type: 'invalid_input', message: 'no target that is switched on fits tag:late' },
    });
    await register('late-1', { tags: ['late'] });
    expect((await stack.as.call('POST', `/runs/${id}/steps/show/retry`, {})).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    expect(await whole(id)).toMatchObject({ status: 'completed', targets: ['late-1'], error: null });
  });

  test('runs where its start says, also when it is run again', async () => {
    const steps = [{ id: 'show', type: 'ssh.exec', config: { command: 'true' }, retry: { attempts: 1 } }];
    await stack.as.job({ name: 'anywhere', target: 'edge-5', steps });
    const id = await stack.as.start('anywhere', { target: { names: ['edge-[12]'] } });
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', target: 'edge-[12]' });
    expect(await whole(id)).toMatchObject({ targets: ['edge-1', 'edge-2'] });
    const again = (await stack.as.call('POST', `/runs/${id}/retry`, {})).body.id as string;
    expect(await stack.as.until(again)).toMatchObject({ status: 'completed' });
    expect(await whole(again)).toMatchObject({ targets: ['edge-1', 'edge-2'] });
    const alone = await stack.as.start('anywhere');
    expect(await stack.as.until(alone)).toMatchObject({ status: 'completed' });
    expect(await whole(alone)).toMatchObject({ target: 'edge-5', targets: null });
  });

  test('of a run that has ended can be run again where it failed alone', async () => {
    const id = await run(EDGES.slice(0, 3), 'echo x >> "$DIR/again-$AT"; [ "$AT" != edge-2 ] || [ -e "$DIR/repaired" ]');
    expect(await stack.as.until(id)).toMatchObject({ status: 'failed' });
    await writeFile(path.join(dir, 'repaired'), '');
    const again = (await stack.as.call('POST', `/runs/${id}/retry`, { only: 'failed_targets' })).body.id as string;
    expect(await stack.as.until(again)).toMatchObject({ status: 'completed' });
    expect(await whole(again)).toMatchObject({ targets: ['edge-2'] });
    const tries = await Promise.all(EDGES.slice(0, 3).map((edge) => readFile(path.join(dir, `again-${edge}`), 'utf8')));
    expect(tries.map((text) => text.trim().split('\n').length)).toEqual([1, 2, 1]);
    expect((await stack.as.call('POST', `/runs/${again}/retry`, { only: 'failed_targets' })).status).toBe(409);
    // What was run on one target alone is repeated there, not on those it was never meant for.
    for (const [verb, body] of [
      ['retry', {}],
      ['rerun', { from: ['show'] }],
    ] as const) {
      const repeated = (await stack.as.call('POST', `/runs/${again}/${verb}`, body)).body.id as string;
      expect(await stack.as.until(repeated)).toMatchObject({ status: 'completed' });
      expect(await whole(repeated)).toMatchObject({ targets: ['edge-2'] });
    }
  });

  test('outlives its worker: what was done is not done again, and what was not is', async () => {
    const id = await run(EDGES, 'echo "$AT" >> "$DIR/done"; sleep 0.5', { max_parallel: 1, retry: { attempts: 2, on: ['lost'] } });
    await eventually(
      () => readFile(path.join(dir, 'done'), 'utf8').catch(() => ''),
      (text) => text.includes('edge-3'),
      30_000,
    );
    await stack.worker.kill();
    await stack.worker.start();
    expect(await stack.as.until(id, undefined, 120_000)).toMatchObject({ status: 'completed' });
    const done = (await readFile(path.join(dir, 'done'), 'utf8')).trim().split('\n');
    expect([...new Set(done)]).toEqual(EDGES);
    expect(done.filter((name) => name === 'edge-1' || name === 'edge-2')).toEqual(['edge-1', 'edge-2']);
  });
});
