import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockTrigger } from '#db/queries/trigger-firings.ts';
import type { JsonObject } from '#jobs/json.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const sh = (id: string, command: string, more: object = {}) => ({
  id,
  type: 'local.exec',
  config: { command },
  retry: { attempts: 1 },
  ...more,
});
const runs = (id: string, job: string, config: object = {}, more: object = {}) => ({
  id,
  type: 'job.run',
  config: { job, ...config },
  ...more,
});
/** Says what it was given. */
const echo = (name: string, more: object = {}) => ({
  name,
  parameters: { word: { type: 'string', default: 'nothing' } },
  steps: [
    sh('say', '', {
      config: { command: 'echo "{\\"result_data\\": {\\"said\\": \\"$WORD\\"}}" >&3', environment: { WORD: '${{ parameters.word }}' } },
      outputs: { said: '${{ result.result_data.said }}' },
    }),
  ],
  outputs: { said: '${{ steps.say.outputs.said }}' },
  ...more,
});

interface ChildSeen extends JsonObject {
  readonly id: string;
  readonly status: string;
  readonly number: number;
  readonly version: number;
  readonly parent_key: string;
  readonly trigger: string;
}

const listed = async (query: string) =>
  (await stack.as.call('GET', `/runs?${query}&sort=created_at`)).body.items as unknown as readonly ChildSeen[];
const childrenOf = (run: string) => listed(`parent=${run}`);
const firstChild = async (run: string) =>
  (
    await eventually(
      () => childrenOf(run),
      (rows) => rows.length > 0,
      20_000,
    )
  )[0] as ChildSeen;

describe('a step that runs another job', () => {
  test('waits for its end and hands on what it came to; the version is that of the moment its run was accepted', async () => {
    const { as } = stack;
    await as.job(echo('hello'));
    await as.job({
      name: 'asks-hello',
      parameters: { who: { type: 'string', default: 'ann' } },
      steps: [
        sh('first', 'sleep 1'),
        runs(
          'hello',
          'hello',
          { parameters: { word: '${{ parameters.who }}' } },
          { outputs: { said: '${{ result.outputs.said }}', n: '${{ result.number }}' } },
        ),
        runs(
          'each',
          'hello',
          { parameters: { word: '${{ item }}' } },
          { foreach: ['x', 'y', 'z'], outputs: { said: '${{ result.outputs.said }}' } },
        ),
      ],
      outputs: { said: '${{ steps.hello.outputs.said }}', each: '${{ steps.each.outputs }}' },
    });
    const run = await as.start('asks-hello', { parameters: { who: 'bob' } });
    await as.call('PUT', '/jobs/hello', JSON.stringify(echo('hello', { outputs: { said: 'another version' } })), {
      'if-match': '"1"',
      'content-type': 'application/json',
    });
    const ended = await as.until(run);
    expect(ended).toMatchObject({ status: 'completed', result_data: { said: 'bob', each: [{ said: 'x' }, { said: 'y' }, { said: 'z' }] } });

    const children = await childrenOf(run);
    expect(children.map(({ parent_key, status, version, trigger }) => [parent_key, status, version, trigger]).sort()).toEqual(
      ['each[0]', 'each[1]', 'each[2]', 'hello'].map((key) => [key, 'completed', 1, 'job']),
    );
    const [step] = (await as.steps(run)).filter(({ key }) => key === 'hello');
    expect(step?.outputs).toEqual({ said: 'bob', n: children.find(({ parent_key }) => parent_key === 'hello')?.number });
  });

  test('fails as that job fails, and tries again with a new run of it', async () => {
    const { as } = stack;
    await as.job({ name: 'breaks', steps: [sh('bad', 'exit 3')] });
    await as.job({ name: 'asks-breaks', steps: [runs('sub', 'breaks', {}, { on_error: 'wait' }), sh('after', 'true')] });
    const run = await as.start('asks-breaks');
    const failed = await as.untilStep(run, 'sub', ({ status, error }) => status === 'waiting' && error !== null);
    const [child] = await childrenOf(run);
    expect(failed.error).toMatchObject({
      type: 'exit_code',
      message: `run #${child?.number} of job breaks failed: step bad: the program ended with 3: exit 3`,
    });
    expect((await as.call('POST', `/runs/${run}/steps/sub/retry`, {})).status).toBe(202);
    await eventually(
      () => childrenOf(run),
      (rows) => rows.length === 2 && rows.every(({ status }) => status === 'failed'),
      20_000,
    );
    await as.untilStep(
      run,
      'sub',
      ({ status, error }) => status === 'waiting' && error !== null && !error.message.includes(`#${child?.number} `),
    );
    await as.call('POST', `/runs/${run}/cancel`, {});
    await as.until(run);
  });

  test('says what keeps that job from running: there is none, it is off, it takes something else', async () => {
    const { as } = stack;
    await as.job(echo('takes', { parameters: { word: { type: 'string', enum: ['a', 'b'] } } }));
    await as.job(echo('off', { active: false }));
    const step = (id: string, job: string, config: object = {}) => runs(id, job, config, { needs: [], continue_on_failure: true });
    await as.job({
      name: 'asks-in-vain',
      steps: [
        step('none', 'not-there'),
        step('version', 'takes', { version: 7 }),
        step('off', 'off'),
        step('other', 'takes', { parameters: { word: 'c' } }),
      ],
    });
    const run = await as.start('asks-in-vain');
    await as.until(run);
    expect((await as.steps(run)).map(({ key, error }) => [key, error?.type, error?.message])).toEqual([
      ['none', 'invalid_input', 'config.job: there was no job not-there when this run was accepted'],
      ['version', 'invalid_input', 'config.job: there was no job takes with a version 7 when this run was accepted'],
      ['off', 'invalid_input', 'config.job: job off is switched off'],
      ['other', 'invalid_input', expect.stringContaining('job takes does not take this: parameters.word:')],
    ]);
    expect(await childrenOf(run)).toEqual([]);
  });

  test('goes on at once when it does not wait', async () => {
    const { as } = stack;
    await as.job({ name: 'long', steps: [sh('sleep', 'sleep 60')] });
    await as.job({ name: 'leaves', steps: [runs('sub', 'long', { wait: false })] });
    const run = await as.start('leaves');
    const child = await firstChild(run);
    expect(await as.until(run)).toMatchObject({
      status: 'completed',
      result_data: { sub: { run: child.id, number: child.number, job: 'long', status: 'queued' } },
    });
    expect((await as.run(child.id)).status).not.toBe('completed');
    await as.call('POST', `/runs/${child.id}/cancel`, {});
  });

  test('stops that run when its own is cancelled, and waits until it has stopped; leaves it alone where its author says so', async () => {
    const { as } = stack;
    const once = { needs: [] };
    await as.job({
      name: 'asks-long',
      steps: [
        runs('stops', 'long', {}, once),
        runs('items', 'long', {}, { ...once, foreach: [1, 2] }),
        runs('leaves', 'long', { on_cancel: 'leave' }, once),
      ],
    });
    const run = await as.start('asks-long');
    const children = await eventually(
      () => childrenOf(run),
      (rows) => rows.length === 4,
      20_000,
    );
    for (const { id } of children) await as.untilStep(id, 'sleep', ({ status }) => status === 'running');
    await as.call('POST', `/runs/${run}/cancel`, { reason: 'no more' });
    expect(await as.until(run)).toMatchObject({ status: 'cancelled' });
    const steps = await as.steps(run);
    for (const { id, number, parent_key } of children.filter((child) => child.parent_key !== 'leaves')) {
      expect(await as.run(id)).toMatchObject({ status: 'cancelled' });
      const error = { message: `run #${number} of job long stopped with this one` };
      expect(steps.find(({ key }) => key === parent_key)).toMatchObject({ status: 'cancelled', error });
    }
    const left = children.find(({ parent_key }) => parent_key === 'leaves')?.id ?? '';
    expect(await as.run(left)).toMatchObject({ status: 'running' });
    await as.call('POST', `/runs/${left}/cancel`, {});
    await as.until(left);
  });

  test('stops that run also when its step is skipped, though nothing is left to do', async () => {
    const { as } = stack;
    await as.job({ name: 'skips', steps: [runs('sub', 'long')] });
    const run = await as.start('skips');
    const child = await firstChild(run);
    await as.untilStep(run, 'sub', ({ status }) => status === 'waiting');
    expect((await as.call('POST', `/runs/${run}/steps/sub/skip`, { reason: 'not today' })).status).toBe(202);
    expect(await as.until(run)).toMatchObject({ status: 'completed' });
    expect(await as.until(child.id)).toMatchObject({ status: 'cancelled' });
  });

  test('runs no job that would lead back to it by the versions of now, none that has led to it by those of then, and none too deep', async () => {
    const { as } = stack;
    const saved = (definition: { readonly name: string }, version: number) =>
      as.call('PUT', `/jobs/${definition.name}`, JSON.stringify(definition), {
        'if-match': `"${version}"`,
        'content-type': 'application/json',
      });
    await as.job(echo('below'));
    await as.job({ name: 'top', steps: [runs('down', 'below')] });
    await as.job({ name: 'middle', steps: [runs('up', 'top')] });
    const refused = await saved({ name: 'below', steps: [runs('up', 'middle')] } as never, 1);
    expect(refused).toMatchObject({
      status: 422,
      body: { problems: [{ message: 'a step would run this job itself: below → middle → top → below' }] },
    });

    expect((await saved(echo('top'), 1)).status).toBe(200);
    expect((await saved({ name: 'below', steps: [runs('up', 'top', { version: 1 })] } as never, 1)).status).toBe(200);
    const circle = await as.until(await as.start('top', { version: 1 }));
    expect(circle).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(/job top would run itself: top #\d+ → below #\d+ → top$/),
    });

    const deep = Array.from({ length: 10 }, (_, at) => `deep-${at}`);
    for (const [at, name] of deep.entries()) await as.job({ name, steps: [runs('next', deep[at + 1] ?? 'below')] });
    const deepest = await as.until(await as.start('deep-0'));
    expect(deepest.error_message).toMatch(/jobs may run jobs 8 deep: deep-0 #\d+ → .* → deep-8 #\d+ → deep-9$/);
  });
});

test('a worker is killed while a step waits for a run, and before the job that follows another is started: both go on, once', async () => {
  const { as, worker, database } = stack;
  const gate = { id: 'gate', type: 'wait.signal', config: { name: 'go' } };
  await as.job({ name: 'gated', steps: [gate], outputs: { done: 'yes' } });
  await as.job({ name: 'asks-gated', steps: [runs('sub', 'gated')], outputs: { done: '${{ steps.sub.outputs.outputs.done }}' } });
  await as.job(echo('leads'));
  await as.job(echo('follows', { triggers: [{ job: 'leads', parameters: { word: '${{ source.outputs.said }}' } }] }));
  const waiting = await as.start('asks-gated');
  const child = await firstChild(waiting);
  await as.untilStep(waiting, 'sub', ({ status }) => status === 'waiting');

  const [follows] = await database.sql<{ id: string }[]>`select id from jobs where name = 'follows'`;
  const pending = () => database.sql`select id from trigger_firings where job_id = ${follows?.id ?? ''} and status = 'pending'`;
  // No worker acts upon a trigger that this transaction has locked.
  const leading = await database.sql.begin(async (tx) => {
    await lockTrigger(tx, { project: 'default', job_id: follows?.id ?? '', position: 0 });
    const run = await as.start('leads', { parameters: { word: 'later' } });
    await eventually(pending, (rows) => rows.length === 1, 20_000);
    await worker.kill();
    return run;
  });
  worker.start();

  const sent = () => as.call('POST', `/runs/${child.id}/signals/go`, {});
  await eventually(sent, ({ status }) => status < 300, 30_000);
  expect(await as.until(waiting)).toMatchObject({ status: 'completed', result_data: { done: 'yes' } });
  expect(await childrenOf(waiting)).toHaveLength(1);
  const followers = () => listed(`chain_source=${leading}`);
  const [follower] = await eventually(followers, (rows) => rows.length > 0, 30_000);
  expect(await as.until(follower?.id ?? '')).toMatchObject({ status: 'completed', result_data: { said: 'later' } });
  expect(await followers()).toHaveLength(1);
  const { body } = await as.call('GET', '/jobs/follows/trigger-firings');
  expect(body).toMatchObject({ items: [{ status: 'started', source_run: leading, source_job: 'leads', run: follower?.id }], next: null });
});
