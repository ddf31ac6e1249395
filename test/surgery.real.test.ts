import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isLiving, until } from '#activities/testing/processes.ts';
import { hashOf, mintToken } from '#api/access/secret-token.ts';
import { startInstallation } from '#api/testing/installation.ts';
import { jsonRows } from '#db/client.ts';
import { insertToken } from '#db/queries/tokens.ts';
import { insertUser } from '#db/queries/users.ts';
import { accept, planOf } from '#db/testing/runs.ts';
import { apiClient, eventually, type StepSeen } from './api-client.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let dir: string;
let jobs = 0;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'capstan-surgery-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => {
  if (stack.worker.ended) stack.worker.start();
});

/** Starts a job of this one step and answers the run once the step runs. */
const running = async (step: object): Promise<string> => {
  jobs += 1;
  const run = await stack.as.start(await stack.as.job({ name: `surgery-${jobs}`, steps: [{ id: 'one', ...step }] }));
  await stack.as.untilStep(run, 'one', ({ status }) => status === 'running');
  return run;
};
const local = (command: string, more: object = {}) => running({ type: 'local.exec', config: { command }, ...more });
const operate = (run: string, what: string, body: object = {}, key = 'one') =>
  stack.as.call(what === 'options' ? 'PATCH' : 'POST', `/runs/${run}/steps/${key}/${what}`, { reason: 'because of the test', ...body });
/** Operates, and answers what became of each part. */
const done = async (run: string, what: string, body: object = {}) => {
  const answer = await operate(run, what, body);
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
  return answer.body.items;
};
const step = async (run: string, key = 'one') => (await stack.as.steps(run)).find((one) => one.key === key);
const attempts = async (run: string) => (await step(run))?.attempts.map(({ attempt, status }) => [attempt, status]);
const until1 = (run: string, status: StepSeen['status']) => stack.as.untilStep(run, 'one', (seen) => seen.status === status);
const audits = async (run: string) =>
  stack.database.sql<{ action: string; actor: string; reason: string; before: object; after: object }[]>`
    select action, actor, reason, before, after from audit_entries where subject = ${run} and action like 'step.%' order by id`;
const history = async (run: string) =>
  stack.database.sql<{ status: string; message: string; actor: string }[]>`
    select status, message, actor from status_history where run_id = ${run} and step_key = 'one' and actor is not null order by id`;
const pidsIn = (file: string): readonly number[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number) : [];
const LONGER = { timeout: '1m', reason: 'because of the test' };
/** Writes its pid and runs until the file `go` is there. */
const waiting = (name: string) => {
  const [pids, go] = [join(dir, `${name}.pids`), join(dir, `${name}.go`)];
  return { pids, go: () => writeFileSync(go, ''), command: `echo $$ >> ${pids}; while [ ! -e ${go} ]; do sleep 0.1; done; echo over` };
};

describe('a step while it runs', () => {
  test('gets more time than it began with, and the audit says by whom, why and what was before', async () => {
    const run = await local('sleep 4; echo over', { timeout: '2s' });
    // Sent again with its key it is answered as it was, and changes and audits nothing.
    const longer = () => stack.as.call('PATCH', `/runs/${run}/steps/one/options`, LONGER, { 'idempotency-key': run });
    const [first, again] = [await longer(), await longer()];
    expect(first.body.items).toMatchObject([{ key: 'one', outcome: 'done', before: { timeout: '2s' }, after: { timeout: '1m' } }]);
    expect(again.body).toEqual(first.body);
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect(await attempts(run)).toEqual([[1, 'completed']]);
    expect(await audits(run)).toMatchObject([
      {
        action: 'step.options',
        actor: expect.stringMatching(/./),
        reason: 'because of the test',
        before: { key: 'one', state: 'running', timeout: '2s' },
        after: { key: 'one', timeout: '1m', outcome: 'asked' },
      },
    ]);
    expect(await history(run)).toMatchObject([{ status: 'running', message: 'timeout 2s → 1m: because of the test' }]);
  }, 60_000);

  test('gets less time than it began with, and is ended by it', async () => {
    const { pids, command } = waiting('less');
    const run = await local(command);
    await done(run, 'options', { timeout: '1s' });
    expect(await stack.as.until(run)).toMatchObject({ status: 'failed' });
    expect(await step(run)).toMatchObject({ status: 'timed_out', attempt: 1 });
    expect(pidsIn(pids).some(isLiving)).toBe(false);
  }, 60_000);

  test('gets more executions than it began with, each of which counts', async () => {
    const run = await local('sleep 1; exit 3', { retry: { attempts: 1, delay: '10m', on: ['exit_code'] } });
    await done(run, 'options', { attempts: 2, delay: '100ms', max_delay: '100ms' });
    expect(await stack.as.until(run)).toMatchObject({ status: 'failed' });
    expect(await attempts(run)).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
  }, 60_000);

  test('is paused, which ends its program, outlives its worker, and is resumed with another execution', async () => {
    const { pids, go, command } = waiting('paused');
    const run = await local(command, { retry: { attempts: 1, on: [] } });
    await until(() => pidsIn(pids).length === 1, 10_000);
    expect((await operate(run, 'resume')).body.detail).toBe('step one is running; only a paused step can be resumed');

    await done(run, 'pause');
    const paused = await until1(run, 'paused');
    expect(paused.message).toMatch(/^paused by .+: because of the test$/);
    await until(() => !pidsIn(pids).some(isLiving), 20_000);
    expect(pidsIn(pids).filter(isLiving)).toEqual([]);
    await eventually(
      () => attempts(run),
      (seen) => seen?.[0]?.[1] === 'lost',
      20_000,
    );
    expect(await step(run)).toMatchObject({ status: 'paused', error: null });
    expect(await operate(run, 'pause')).toMatchObject({ status: 409, body: { detail: 'step one is paused already' } });

    await stack.worker.kill();
    stack.worker.start();
    await done(run, 'options', { timeout: '5m' });
    await done(run, 'resume');
    await until(() => pidsIn(pids).length === 2, 30_000);
    expect((await until1(run, 'running')).message).toBeNull();
    go();
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect(await attempts(run)).toEqual([
      [1, 'lost'],
      [2, 'completed'],
    ]);
    expect((await audits(run)).map(({ action }) => action)).toEqual(['step.pause', 'step.options', 'step.resume']);
    expect((await history(run)).map(({ status, message }) => [status, message.replace(/ by .+:/, ':')])).toEqual([
      ['paused', 'paused: because of the test'],
      ['paused', 'timeout 10m → 5m: because of the test'],
      ['running', 'resumed: because of the test'],
    ]);
  }, 90_000);

  test('is reset on the last attempt that Temporal would make, which does not fail it, again and again', async () => {
    const { pids, go, command } = waiting('reset');
    const run = await local(command, { retry: { attempts: 1, on: [] } });
    await stack.temporal.workflowService.updateActivityOptions({
      namespace: stack.namespace,
      execution: { workflowId: `run:${run}` },
      id: 'one',
      activityOptions: { retryPolicy: { maximumAttempts: 1 } },
      updateMask: { paths: ['retry_policy.maximum_attempts'] },
    });
    for (const execution of [1, 2, 3]) {
      await until(() => pidsIn(pids).length === execution, 20_000);
      expect(pidsIn(pids).filter(isLiving)).toHaveLength(1);
      await stack.as.untilStep(run, 'one', ({ attempt, status }) => attempt === execution && status === 'running');
      if (execution < 3) await done(run, 'reset');
    }
    go();
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect(await attempts(run)).toEqual([
      [1, 'lost'],
      [2, 'lost'],
      [3, 'completed'],
    ]);
  }, 90_000);

  test('is reset between two executions, which begins the next at once, with all of them ahead of it', async () => {
    const file = join(dir, 'between.pids');
    const run = await local(`echo $$ >> ${file}; sleep 0.5; exit 3`, { retry: { attempts: 2, delay: '10m', on: ['exit_code'] } });
    await until1(run, 'retrying');
    await done(run, 'reset');
    await stack.as.untilStep(run, 'one', ({ attempt, status }) => attempt === 2 && status === 'retrying');
    await done(run, 'pause');
    await done(run, 'options', { delay: '100ms', max_delay: '100ms' });
    await done(run, 'reset');
    expect((await step(run))?.status).toBe('paused');
    await done(run, 'resume');
    expect(await stack.as.until(run)).toMatchObject({ status: 'failed' });
    expect(await attempts(run)).toEqual([1, 2, 3, 4].map((attempt) => [attempt, 'failed']));
    expect(pidsIn(file)).toHaveLength(4);
  }, 60_000);

  test('is resumed before its worker heard of the pause; paused or reset when that worker is dead, it goes on with another', async () => {
    const [one, two] = [waiting('hasty'), waiting('dead')];
    const run = await local(one.command, { retry: { attempts: 1, on: [] } });
    const other = await local(two.command, { retry: { attempts: 2, on: ['lost'] } });
    await until(() => pidsIn(one.pids).length === 1 && pidsIn(two.pids).length === 1, 10_000);
    await done(run, 'pause');
    await done(run, 'resume');
    await until1(run, 'running');
    await stack.worker.kill();
    const before = pidsIn(one.pids).length;
    await done(run, 'reset');
    await done(other, 'pause');
    stack.worker.start();
    await until1(other, 'paused');
    await done(other, 'resume');
    await until(() => pidsIn(one.pids).length > before && pidsIn(two.pids).length === 2, 40_000);
    for (const { go } of [one, two]) go();
    for (const id of [run, other]) expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    expect(await attempts(other)).toEqual([
      [1, 'lost'],
      [2, 'completed'],
    ]);
  }, 90_000);

  test('is operated on only by whoever may, with a reason, within bounds, and as far as its state allows', async () => {
    const { command, go } = waiting('refused');
    const run = await local(command);
    const viewer = apiClient(stack.url, await viewerToken());
    expect((await viewer.call('POST', `/runs/${run}/steps/one/pause`, { reason: 'x' })).status).toBe(403);
    expect((await stack.as.call('POST', `/runs/${run}/steps/one/reset`, {})).status).toBe(422);
    const pointers = async (body: object) => {
      const { status, body: problem } = await operate(run, 'options', body);
      return [status, (problem.problems as unknown as readonly { pointer: string }[]).map(({ pointer }) => pointer)];
    };
    expect(await pointers({})).toEqual([422, ['']]);
    expect(await pointers({ timeout: '25d', delay: 'soon', max_delay: '31d', heartbeat: '1s' })).toEqual([
      422,
      ['/timeout', '/delay', '/max_delay'],
    ]);
    expect(await pointers({ heartbeat: '1s' })).toEqual([422, ['/heartbeat']]);
    expect(await pointers({ attempts: 101, backoff: 0.5 })).toEqual([422, ['/attempts', '/backoff']]);
    expect(await operate(run, 'pause', {}, 'two')).toMatchObject({ status: 404 });
    expect(await audits(run)).toHaveLength(0);
    go();
    await stack.as.until(run);
    expect(await operate(run, 'pause')).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/is completed/) } });

    const later = await stack.as.start(
      await stack.as.job({
        name: 'surgery-later',
        steps: [
          { id: 'one', type: 'local.exec', config: { command: 'sleep 300' } },
          { id: 'two', type: 'local.exec', config: { command: 'true' } },
          { id: 'three', type: 'local.exec', inline: true, timeout: '5s', config: { command: 'true' } },
        ],
      }),
    );
    await stack.as.untilStep(later, 'one', ({ status }) => status === 'running');
    expect((await operate(later, 'pause', {}, 'two')).body.detail).toBe('step two is pending; only a step that runs can be operated on');
    expect(await operate(later, 'pause', {}, 'three')).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/is inline/) } });
    await done(later, 'pause');
    await until1(later, 'paused');
    await stack.as.call('POST', `/runs/${later}/cancel`, { reason: 'enough' });
    expect(await stack.as.until(later)).toMatchObject({ status: 'cancelled' });
  }, 90_000);
});

describe.skipIf(sshdMissing !== null)(`work on a host${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
    await registerTarget(stack.as, 'far', sshd);
  });
  afterAll(() => sshd?.stop());
  const remote = (command: string, more: object = {}) => running({ type: 'ssh.exec', target: 'far', config: { command }, ...more });

  test('goes on while its step is paused and is taken up by the next attempt, also after a reset: one execution, each line once', async () => {
    const [file, go] = [join(sshd.directory, 'pids'), join(sshd.directory, 'go')];
    const run = await remote(`echo $$ >> ${file}; i=1; while [ ! -e ${go} ]; do echo "line $i"; i=$((i+1)); sleep 0.2; done; echo over`);
    await until(() => pidsIn(file).length === 1, 20_000);
    await done(run, 'pause');
    await until1(run, 'paused');
    await eventually(
      () => attempts(run),
      (seen) => seen?.[0]?.[1] === 'lost',
      20_000,
    );
    expect(pidsIn(file).filter(isLiving)).toHaveLength(1);
    await done(run, 'resume');
    await stack.as.untilStep(run, 'one', ({ attempt, status }) => attempt === 2 && status === 'running');
    await done(run, 'reset');
    await stack.as.untilStep(run, 'one', ({ attempt, status }) => attempt === 3 && status === 'running');
    writeFileSync(go, '');
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect(pidsIn(file)).toHaveLength(1);
    const lines = (await stack.as.log(run, 'one')).filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
    expect(lines).toEqual([...lines.slice(0, -1).map((_, at) => `line ${at + 1}`), 'over']);
    expect((await step(run))?.attempts).toMatchObject([
      { attempt: 1, status: 'lost', reattached: false },
      { attempt: 2, status: 'lost', reattached: true },
      { attempt: 3, status: 'completed', reattached: true },
    ]);
  }, 90_000);

  test('is paused on all its targets at once, and resumed on one after the other', async () => {
    await registerTarget(stack.as, 'near', sshd);
    const go = join(sshd.directory, 'all-go');
    const run = await running({
      type: 'ssh.exec',
      target: ['far', 'near'],
      config: { command: `while [ ! -e ${go} ]; do sleep 0.1; done` },
    });
    const areParts = (status: string) => (steps: readonly StepSeen[]) =>
      steps.filter(({ key, status: is }) => key !== 'one' && is === status).length === 2;
    await eventually(() => stack.as.steps(run), areParts('running'), 20_000);
    expect(await done(run, 'pause')).toMatchObject([
      { key: 'one[0]', outcome: 'done' },
      { key: 'one[1]', outcome: 'done' },
    ]);
    await eventually(() => stack.as.steps(run), areParts('paused'), 20_000);
    expect((await until1(run, 'paused')).message).toMatch(/because of the test/);
    expect(await operate(run, 'pause')).toMatchObject({ status: 409, body: { detail: 'step one[0] is paused already' } });
    expect(await operate(run, 'resume', {}, 'one[1]')).toMatchObject({ status: 200 });
    await until1(run, 'running');
    expect((await done(run, 'resume')) as unknown).toMatchObject([
      { key: 'one[0]', outcome: 'done' },
      { key: 'one[1]', outcome: 'refused', why: expect.stringMatching(/only a paused step can be resumed/) },
    ]);
    writeFileSync(go, '');
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
  }, 90_000);

  test('has more time on its host too', async () => {
    const run = await remote('sleep 7; echo over', { timeout: '2s' });
    await done(run, 'options', { timeout: '1m' });
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect(await attempts(run)).toEqual([[1, 'completed']]);
  }, 60_000);
});

test('while Temporal is away nothing is done to a step, and who asks is told to ask again', async () => {
  const api = await startInstallation({ temporalAddress: '127.0.0.1:1' });
  try {
    const { run } = await accept(api.database.sql);
    const { sql } = api.database;
    await sql`insert into run_inputs (run_id, plan) values (${run}, ${jsonRows(sql, [planOf('nightly')])} -> 0)`;
    const answer = await api.call('PATCH', `/runs/${run}/steps/one/options`, { body: { timeout: '1m', reason: 'x' } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await sql`select key from step_overrides`).toHaveLength(0);
  } finally {
    await api.close();
  }
}, 60_000);

/** A token of somebody who may only look. */
async function viewerToken(): Promise<string> {
  const by = { actor: 'test', request_id: null };
  const person = { name: 'looker', display_name: null, role: 'viewer', password_hash: 'none', must_change_password: false } as const;
  const { id } = await insertUser(stack.database.sql, person, by);
  const token = mintToken();
  const named = { user_id: id, name: 'test', prefix: token.slice(0, 8), hash: hashOf(token), role: 'viewer', expires_at: null } as const;
  await insertToken(stack.database.sql, named, by);
  return token;
}
