import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './api-client.ts';
import { addPerson } from './person.ts';
import { settledHistory } from './settled-history.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-phases-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

const sh = (command: string, environment: object = {}) => ({
  type: 'local.exec',
  config: { command, environment },
  retry: { attempts: 1 },
});
const file = (name: string) => path.join(dir, name);
/** Appends a line to a file of the job's own, so that the order of effects is seen. */
const mark = (job: string, line: string, environment: object = {}) => sh(`echo "${line}" >> ${file(job)}`, environment);
const marks = async (job: string) => (await readFile(file(job), 'utf8').catch(() => '')).split('\n').filter(Boolean);
const seen = (job: string, line: string) =>
  eventually(
    () => marks(job),
    (lines) => lines.includes(line),
    30_000,
  );

const step = async (run: string, key: string) => (await stack.as.steps(run)).find((one) => one.key === key);
const move = (run: string, key: string, what: 'retry' | 'skip' | 'cancel', body: object = {}, headers = {}) =>
  stack.as.call('POST', `/runs/${run}/steps/${key}/${what}`, body, headers);

test('a run that fails undoes what it did, the last first, then handles, then cleans up, and tells its first error', async () => {
  const job = 'fails';
  await stack.as.job({
    name: job,
    steps: [
      { id: 'tidy', needs: ['mend'], when: 'always', if: '${{ run.status == "failed" }}', ...mark(job, 'tidy') },
      {
        id: 'one',
        needs: [],
        ...mark(job, 'one'),
        compensate: mark(job, 'undo one, which ended with $CODE', { CODE: '${{ string(result.exit_code) }}' }),
      },
      { id: 'two', needs: ['one'], ...mark(job, 'two'), compensate: sh('exit 4') },
      { id: 'bad', needs: ['two'], ...sh('exit 3'), compensate: mark(job, 'undo bad') },
      { id: 'after', needs: ['bad'], ...mark(job, 'after') },
      { id: 'mend', needs: ['bad'], when: 'failure', ...mark(job, 'mend') },
    ],
    on_failure: [{ id: 'worse', ...sh('exit 5') }, mark(job, 'told of $WHY', { WHY: '${{ run.error }}' })],
    on_cancel: [{ id: 'not-now', ...mark(job, 'cancelled') }],
  });
  const run = await stack.as.start(job);
  const end = await stack.as.until(run);
  expect(end).toMatchObject({ status: 'failed', error_message: expect.stringMatching(/^step bad: /), completed_steps: 4, failed_steps: 1 });
  expect(await marks(job)).toEqual(['one', 'two', 'mend', 'undo one, which ended with 0', `told of ${end.error_message}`, 'tidy']);
  const rows = (await stack.as.steps(run)).map(({ key, status }) => `${key} ${status}`);
  expect(rows.toSorted()).toEqual([
    'after skipped',
    'bad failed',
    'local.exec completed',
    'mend completed',
    'one completed',
    'one.compensate completed',
    'tidy completed',
    'two completed',
    'two.compensate failed',
    'worse failed',
  ]);
});

test('a step with items is undone on those that completed, each with what it handed on, whatever became of the others', async () => {
  const job = 'items';
  await stack.as.job({
    name: job,
    steps: [
      {
        id: 'each',
        foreach: ['x', 'y', 'z'],
        max_parallel: 1,
        ...sh('echo "$ITEM"; [ "$ITEM" != y ]', { ITEM: '${{ item }}' }),
        outputs: { said: '${{ result.stdout }}' },
        compensate: mark(job, 'undo $ITEM at $INDEX: $SAID', {
          ITEM: '${{ item }}',
          INDEX: '${{ string(index) }}',
          SAID: '${{ result.said.trim() }}',
        }),
      },
    ],
  });
  const run = await stack.as.start(job);
  expect(await stack.as.until(run)).toMatchObject({
    status: 'failed',
    error_message: expect.stringMatching(/^step each: 1 of 3 items failed/),
  });
  expect((await marks(job)).toSorted()).toEqual(['undo x at 0: x', 'undo z at 2: z']);
  const parts = (await stack.as.steps(run)).filter(({ key }) => key.startsWith('each.compensate'));
  expect(parts.map(({ key, status }) => `${key} ${status}`)).toEqual([
    'each.compensate completed',
    'each.compensate[0] completed',
    'each.compensate[1] completed',
  ]);
});

test('the documented example does what its document says', async () => {
  const [, source = ''] = /```yaml\n([\s\S]*?)```/.exec(await readFile('docs/steps.md', 'utf8')) ?? [];
  expect(await stack.as.call('POST', '/jobs', source)).toMatchObject({ status: 201 });
  const run = await stack.as.start('switch-over');
  expect(await stack.as.until(run)).toMatchObject({ status: 'failed', error_message: expect.stringMatching(/^step verify: /) });
  const rows = Object.fromEntries((await stack.as.steps(run)).map(({ key, status, stdout }) => [key, stdout?.trim() || status]));
  expect(rows).toMatchObject({ rehearse: 'skipped', look: 'what verify saw', 'move.compensate': 'back from: moved', tidy: 'tidied up' });
  expect(rows.tell).toMatch(/^step verify: /);
});

test('a run that goes well cleans up once its needs have ended, and of two alternatives takes one', async () => {
  const job = 'goes-well';
  await stack.as.job({
    name: job,
    parameters: { big: { type: 'boolean' } },
    steps: [
      { id: 'large', if: '${{ parameters.big }}', ...mark(job, 'large') },
      { id: 'small', else_of: 'large', ...mark(job, 'small') },
      { id: 'mend', when: 'failure', ...mark(job, 'mend') },
      { id: 'tidy', when: 'always', ...mark(job, 'tidy') },
    ],
    on_failure: [mark(job, 'failed')],
  });
  const runs = [await stack.as.start(job, { parameters: { big: true } })];
  expect(await stack.as.until(runs[0] ?? '')).toMatchObject({ status: 'completed' });
  runs.push(await stack.as.start(job, { parameters: { big: false } }));
  expect(await stack.as.until(runs[1] ?? '')).toMatchObject({ status: 'completed' });
  expect(await marks(job)).toEqual(['large', 'tidy', 'small', 'tidy']);
  expect((await step(runs[0] ?? '', 'small'))?.message).toBe('it stands in for large, whose condition was not false');
});

test('a cancelled run undoes, handles and cleans up, until a person forces its end', async () => {
  const job = 'cancelled';
  await stack.as.job({
    name: job,
    steps: [
      { id: 'one', ...mark(job, 'one'), compensate: mark(job, 'undo one') },
      { id: 'long', ...sh('sleep 600') },
      { id: 'tidy', when: 'always', ...mark(job, 'tidy') },
    ],
    on_failure: [{ id: 'failed', ...mark(job, 'failed') }],
    on_cancel: [
      { id: 'tell', ...mark(job, 'was cancelled') },
      { id: 'linger', ...sh(`echo lingers >> ${file(job)}; sleep 600`) },
      { id: 'never', ...mark(job, 'never') },
    ],
  });
  const run = await stack.as.start(job);
  await stack.as.untilStep(run, 'long', ({ status }) => status === 'running');
  expect((await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'not now' })).status).toBe(202);
  await seen(job, 'lingers');
  // Neither a second cancel nor a pause holds up what a run still has to do.
  await stack.as.call('POST', `/runs/${run}/cancel`, {});
  await stack.as.call('POST', `/runs/${run}/pause`, {});
  expect((await stack.as.run(run)).status).toBe('running');
  expect((await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'enough', force: true })).status).toBe(202);
  expect(await stack.as.until(run)).toMatchObject({ status: 'cancelled' });
  expect(await marks(job)).toEqual(['one', 'undo one', 'was cancelled', 'lingers']);
  expect((await step(run, 'linger'))?.status).toBe('cancelled');
});

test('a worker killed while something is undone: the next one goes on', async () => {
  const job = 'killed';
  await stack.as.job({
    name: job,
    steps: [
      {
        id: 'one',
        ...mark(job, 'one'),
        compensate: {
          ...sh(`echo undoing >> ${file(job)}; while [ ! -e ${file('go')} ]; do sleep 0.1; done; echo undone >> ${file(job)}`),
          retry: { attempts: 5, delay: '200ms', on: ['connection', 'lost', 'internal'] },
        },
      },
      { id: 'bad', ...sh('exit 3') },
    ],
    on_failure: [mark(job, 'handled')],
  });
  const run = await stack.as.start(job);
  await seen(job, 'undoing');
  await stack.worker.kill();
  expect(await move(run, 'one', 'skip')).toMatchObject({ status: 503, headers: expect.anything() });
  await writeFile(file('go'), '');
  stack.worker.start();
  expect(await stack.as.until(run, undefined, 90_000)).toMatchObject({
    status: 'failed',
    error_message: expect.stringMatching(/^step bad: /),
  });
  expect((await marks(job)).at(-1)).toBe('handled');
  const undone = await step(run, 'one.compensate');
  expect([undone?.status, undone?.attempts.length]).toEqual(['completed', 2]);
});

test('a step that waits is retried with other config once, and whoever may not edit jobs gives none', async () => {
  await stack.as.job({ name: 'mended', steps: [{ id: 'gate', ...sh('exit 1'), on_error: 'wait' }] });
  const run = await stack.as.start('mended');
  await stack.as.untilStep(run, 'gate', ({ status }) => status === 'waiting');

  const wrong = await move(run, 'gate', 'retry', { config: { command: 7, colour: 'red' } });
  expect([wrong.status, wrong.body.problems]).toMatchObject([422, [{ pointer: '/config/command' }, { pointer: '/config/colour' }]]);
  expect(await move(run, 'gate', 'retry', { config: { command: 'echo ${{ run.id }}' } })).toMatchObject({ status: 422 });
  expect(await move(run, 'nowhere', 'retry')).toMatchObject({ status: 404 });

  const bob = await addPerson(stack, 'bob', 'operator');
  const asBob = await bob.call('POST', `/runs/${run}/steps/gate/retry`, { config: { command: 'true' } });
  expect(asBob).toMatchObject({ status: 403, body: { detail: expect.stringContaining('job:edit') } });

  const once = { 'idempotency-key': 'one-click' };
  const config = { command: 'echo mended; exit 2' };
  const clicks = await Promise.all([move(run, 'gate', 'retry', { config }, once), move(run, 'gate', 'retry', { config }, once)]);
  expect(clicks.map(({ status }) => status)).toEqual([202, 202]);
  await stack.as.untilStep(run, 'gate', ({ status, attempt }) => status === 'waiting' && attempt === 2);
  expect(await move(run, 'gate', 'retry', { config }, once)).toMatchObject({ status: 202 });
  expect(await step(run, 'gate')).toMatchObject({ attempt: 2, status: 'waiting', config });

  await move(run, 'gate', 'retry', { config: { command: 'echo mended' }, reason: 'typo' });
  expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
  expect(await step(run, 'gate')).toMatchObject({ stdout: 'mended\n', config: { command: 'echo mended' } });
  expect(await move(run, 'gate', 'retry')).toMatchObject({ status: 409 });
  const audit = await stack.as.call('GET', `/audit?subject=${run}`);
  expect(JSON.stringify(audit.body)).toContain('echo mended; exit 2');
});

test('steps are skipped with outputs whether they wait or have not started, and one that runs is ended alone', async () => {
  const more = { outputs: { n: '${{ result.result_data.n }}' } };
  await stack.as.job({
    name: 'steered',
    steps: [
      { id: 'asks', needs: [], ...sh('exit 1'), ...more, on_error: 'wait' },
      { id: 'later', needs: ['asks'], ...sh('exit 1'), ...more },
      { id: 'uses', needs: ['later'], ...sh('echo "$N"', { N: '${{ string(steps.asks.outputs.n + steps.later.outputs.n) }}' }) },
      { id: 'long', needs: [], ...sh('sleep 600') },
      { id: 'behind', needs: ['long'], ...sh('true') },
      { id: 'rests', needs: [], ...sh('exit 3'), retry: { attempts: 9, delay: '1h' } },
      { id: 'given-up', needs: [], ...sh('exit 7'), on_error: 'wait' },
    ],
  });
  const run = await stack.as.start('steered');
  await stack.as.untilStep(run, 'asks', ({ status }) => status === 'waiting');
  await stack.as.untilStep(run, 'long', ({ status }) => status === 'running');
  await stack.as.untilStep(run, 'given-up', ({ status }) => status === 'waiting');
  await stack.as.untilStep(run, 'rests', ({ status }) => status === 'retrying');
  const before = await settledHistory(stack.temporal, run);
  expect(await move(run, 'long', 'skip')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('step long is running') } });
  expect(await move(run, 'behind', 'cancel')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('step behind is pending') },
  });
  expect(await move(run, 'asks', 'skip', { outputs: { m: 1 } })).toMatchObject({
    status: 422,
    body: { problems: [{ pointer: '/outputs/m' }] },
  });
  expect(await settledHistory(stack.temporal, run)).toEqual(before);
  expect(await move(run, 'later', 'skip', { outputs: { n: 30 } })).toMatchObject({ status: 202 });
  expect(await move(run, 'asks', 'skip', { outputs: { n: 12 }, reason: 'known' })).toMatchObject({ status: 202 });
  expect(await stack.as.untilStep(run, 'uses', ({ status }) => status === 'completed')).toMatchObject({ stdout: '42\n' });
  expect(await move(run, 'long', 'cancel', { reason: 'too slow' })).toMatchObject({ status: 202 });
  await stack.as.untilStep(run, 'long', ({ status }) => status === 'cancelled');
  expect(await move(run, 'rests', 'cancel')).toMatchObject({ status: 202 });
  await stack.as.untilStep(run, 'rests', ({ status }) => status === 'cancelled');
  await stack.as.until(run, ({ status }) => status === 'waiting');
  expect(await move(run, 'given-up', 'cancel')).toMatchObject({ status: 202 });
  expect(await stack.as.until(run)).toMatchObject({ status: 'failed', error_message: expect.stringContaining('too slow') });
  const rows = (await stack.as.steps(run)).map(({ key, status }) => `${key} ${status}`);
  expect(rows).toEqual([
    'asks skipped',
    'later skipped',
    'uses completed',
    'long cancelled',
    'behind skipped',
    'rests cancelled',
    'given-up cancelled',
  ]);
});
