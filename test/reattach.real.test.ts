import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isLiving, until } from '#activities/testing/processes.ts';
import { workflowBundle } from '#worker/bundle.ts';
import { eventually } from './api-client.ts';
import { startProcess } from './own-process.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF' } } });

describe.skipIf(sshdMissing !== null)(`work on a host whose worker goes away${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  beforeAll(async () => {
    // No worker of this installation serves requests.
    [stack, sshd] = await Promise.all([startStack({ env: { CAPSTAN_WORKER__CAPABILITIES: 'remote,bookkeeping' } }), startSshd()]);
    await registerTarget(stack.as, 'far', sshd);
  });
  afterAll(async () => {
    await stack?.stop();
    await sshd?.stop();
  });
  afterEach(() => {
    if (stack.worker.ended) stack.worker.start();
  });

  const start = async (name: string, command: string): Promise<string> => {
    await stack.as.job({ name, steps: [{ id: 'one', type: 'ssh.exec', target: 'far', config: { command } }] });
    return stack.as.start(name);
  };
  const onHost = (name: string): string => join(sshd.directory, name);
  const linesOf = async (run: string): Promise<string[]> =>
    (await stack.as.log(run, 'one')).filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  const pidsOf = async (file: string, count: number): Promise<readonly number[]> => {
    await until(() => existsSync(file) && readFileSync(file, 'utf8').trim().split(/\s+/).length >= count, 20_000);
    return readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);
  };
  /** Five seconds is what an idle machine needs; how long it took here is printed. */
  const allDead = async (pids: readonly number[]): Promise<void> => {
    const began = Date.now();
    await until(() => !pids.some(isLiving), 30_000);
    expect(pids.filter(isLiving)).toEqual([]);
    console.log(`${pids.length} processes were gone after ${Date.now() - began} ms`);
  };
  /** A tree with a grandchild in a session of its own and a child that ignores TERM; each writes its pid. */
  const tree = (file: string): string =>
    [
      `echo $$ >> ${file}`,
      `setsid sh -c 'echo $$ >> ${file}; sleep 300' &`,
      `sh -c 'trap "" TERM; echo $$ >> ${file}; while :; do sleep 0.2; done' &`,
      `(setsid sh -c 'trap "" TERM; echo $$ >> ${file}; while :; do sleep 0.2; done' &)`,
      'wait',
    ].join('\n');

  test('sixty lines with the worker killed three times: one execution, each line once, the right code', async () => {
    const [file, on] = [onHost('executions'), onHost('on')];
    // Every twenty lines it waits to be told to go on: as long as nobody follows it, it would otherwise come to its end.
    const line = `echo "line $i"; sleep 0.1; [ $((i % 20)) -gt 0 ] || until test -e ${on}$i; do sleep 0.1; done; i=$((i+1))`;
    const run = await start('sixty', `echo $$ >> ${file}; i=1; while [ $i -le 60 ]; do ${line}; done; exit 7`);
    for (const [kills, atLeast] of [5, 25, 45].entries()) {
      await stack.as.untilStep(run, 'one', ({ attempts }) => attempts[kills]?.status === 'running', 60_000);
      writeFileSync(`${on}${kills * 20}`, '');
      await eventually(
        () => linesOf(run),
        (lines) => lines.length >= atLeast,
        60_000,
      );
      await stack.worker.kill();
      await sleep(700);
      stack.worker.start();
    }
    writeFileSync(`${on}60`, '');
    expect(await stack.as.until(run, undefined, 120_000)).toMatchObject({ status: 'failed' });
    const [step] = await stack.as.steps(run);
    expect(step).toMatchObject({ status: 'failed', exit_code: 7, error: { type: 'exit_code' } });
    expect(await linesOf(run)).toEqual(Array.from({ length: 60 }, (_, index) => `line ${index + 1}`));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(step?.attempts).toMatchObject([
      { attempt: 1, status: 'lost', reattached: false },
      { attempt: 2, status: 'lost', reattached: true },
      { attempt: 3, status: 'lost', reattached: true },
      { attempt: 4, status: 'failed', reattached: true },
    ]);
  }, 240_000);

  test('a worker that stops in good order leaves the command running, and the next one takes it up', async () => {
    const file = onHost('stopped');
    const run = await start('stopped', `echo $$ >> ${file}; i=1; while [ $i -le 30 ]; do echo "line $i"; i=$((i+1)); sleep 0.3; done`);
    await eventually(
      () => linesOf(run),
      (lines) => lines.length >= 5,
      60_000,
    );
    await stack.worker.stop();
    const [pid = 0] = await pidsOf(file, 1);
    stack.worker.start();
    expect(await stack.as.until(run, undefined, 90_000)).toMatchObject({ status: 'completed' });
    expect(await linesOf(run)).toEqual(Array.from({ length: 30 }, (_, index) => `line ${index + 1}`));
    expect(readFileSync(file, 'utf8').trim()).toBe(String(pid));
    expect((await stack.as.steps(run))[0]?.attempts).toMatchObject([{ status: 'lost' }, { status: 'completed', reattached: true }]);
  }, 180_000);

  test('a cancel whose worker lives ends the whole tree and shows its processes', async () => {
    const file = onHost('tree-alive');
    const run = await start('tree-alive', tree(file));
    const pids = await pidsOf(file, 4);
    await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'enough' });
    await allDead(pids);
    expect(await stack.as.until(run)).toMatchObject({ status: 'cancelled' });
    const [step] = await stack.as.steps(run);
    expect(step?.error?.message).toMatch(/^cancelled; its processes on far were ended by TERM, then KILL/);
    expect(step?.error?.details?.pids).toEqual(expect.arrayContaining([...pids]));
  }, 120_000);

  test('a cancel whose worker died first ends the whole tree and shows its processes', async () => {
    const other = await spareWorker();
    try {
      const file = onHost('tree-dead');
      const run = await start('tree-dead', tree(file));
      const pids = await pidsOf(file, 4);
      const [running] = await stack.as.steps(run);
      const victim = [stack.worker, other].find(({ pid }) => running?.worker_id?.includes(`-${pid}-`));
      await victim?.kill();
      await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'enough' });
      await allDead(pids);
      expect(await stack.as.until(run, undefined, 60_000)).toMatchObject({ status: 'cancelled' });
      const [step] = await stack.as.steps(run);
      expect(step).toMatchObject({ status: 'cancelled', error: { type: 'cancelled' } });
      expect(step?.error?.message).toMatch(/^cancelled; its processes on far were ended by TERM, then KILL/);
      expect(step?.error?.details?.pids).toEqual(expect.arrayContaining([...pids]));
    } finally {
      await other.kill();
    }
  }, 180_000);

  test('a cancel while no worker is left ends the whole tree once there is one, and shows its processes', async () => {
    const file = onHost('tree-alone');
    const run = await start('tree-alone', tree(file));
    const pids = await pidsOf(file, 4);
    await stack.worker.kill();
    await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'enough' });
    await sleep(12_000);
    expect(pids.every(isLiving)).toBe(true);
    stack.worker.start();
    await allDead(pids);
    expect(await stack.as.until(run, undefined, 60_000)).toMatchObject({ status: 'cancelled' });
    const [step] = await stack.as.steps(run);
    expect(step).toMatchObject({ status: 'cancelled', error: { type: 'cancelled' } });
    expect(step?.error?.details?.pids).toEqual(expect.arrayContaining([...pids]));
  }, 180_000);

  test('a cancel of a step that no worker serves waits for none', async () => {
    await stack.as.job({ name: 'unserved', steps: [{ id: 'one', type: 'http.request', config: { url: 'http://127.0.0.1:1' } }] });
    const run = await stack.as.start('unserved');
    await eventually(
      async () => (await stack.temporal.workflow.getHandle(`run:${run}`).describe()).raw.pendingActivities?.length,
      (pending) => pending === 1,
      20_000,
    );
    expect((await stack.as.call('POST', `/runs/${run}/cancel`, {})).status).toBe(202);
    expect(await stack.as.until(run, undefined, 20_000)).toMatchObject({ status: 'cancelled' });
  }, 60_000);

  test('a run that is terminated in Temporal leaves nothing behind once it is reconciled', async () => {
    const file = onHost('terminated');
    const run = await start('terminated', tree(file));
    const pids = await pidsOf(file, 4);
    await stack.temporal.workflow.getHandle(`run:${run}`).terminate('by hand');
    await stack.database.sql`update runs set updated_at = now() - interval '1 hour' where id = ${run}`;
    await trigger('capstan-reconcile');
    expect(await stack.as.until(run, undefined, 60_000)).toMatchObject({ status: 'cancelled' });
    await trigger('capstan-janitor');
    await allDead(pids);
    const left = () => stack.database.sql`select key from remote_work where run_id = ${run}`;
    expect(
      await eventually(
        () => left(),
        (rows) => rows.length === 0,
        30_000,
      ),
    ).toHaveLength(0);
  }, 180_000);

  test('another execution waits as long as the policy says, although taking work up again does not', async () => {
    const config = { command: `echo $$ >> ${onHost('again')}; exit 3` };
    const retry = { attempts: 2, delay: '3s', on: ['exit_code'] };
    await stack.as.job({ name: 'again', steps: [{ id: 'one', type: 'ssh.exec', target: 'far', config, retry }] });
    const run = await stack.as.start('again');
    expect(await stack.as.until(run)).toMatchObject({ status: 'failed' });
    const [first, second] = await stack.database.sql<{ reattached: boolean; started_at: string; ended_at: string }[]>`
      select reattached, started_at, ended_at from step_attempts where run_id = ${run} order by attempt`;
    expect([first?.reattached, second?.reattached]).toEqual([false, false]);
    expect(Date.parse(second?.started_at ?? '') - Date.parse(first?.ended_at ?? '')).toBeGreaterThan(2_500);
    expect(readFileSync(onHost('again'), 'utf8').trim().split('\n')).toHaveLength(2);
  }, 60_000);

  test('every one of these runs is replayed to the same commands', async () => {
    const ended = await stack.database.sql<{ id: string }[]>`select id from runs where ended_at is not null order by id`;
    const histories = await Promise.all(
      ended.map(async ({ id }) => ({ workflowId: id, history: await stack.temporal.workflow.getHandle(`run:${id}`).fetchHistory() })),
    );
    expect(histories.length).toBeGreaterThan(4);
    const uncalled = () => Promise.reject(new Error('a replay carries out nothing'));
    // The option's type leaves `activities` out; without them a local activity is refused by name.
    const options = {
      workflowBundle: await workflowBundle('.capstan/bundle'),
      activities: { recordRun: uncalled, inlineSteps: uncalled, resolveTargets: uncalled, mayHaveLeft: uncalled },
    };
    for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) expect(error, workflowId).toBeUndefined();
  }, 120_000);

  const trigger = (schedule: string) => stack.temporal.schedule.getHandle(schedule).trigger();

  /** A second worker of the installation, so that one may die. */
  const spareWorker = async () => {
    const worker = startProcess('worker/main.ts', stack.env);
    await eventually(
      () => stack.database.sql`select id from workers where id like ${`%-${worker.pid}-%`}`,
      (rows) => rows.length > 0,
      60_000,
    );
    return worker;
  };
});
