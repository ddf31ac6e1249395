import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLiving } from '#activities/testing/processes.ts';
import { eventually } from './api-client.ts';
import { endInTemporal, type Stack, startStack } from './stack.ts';

let stack: Stack;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-run-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

const sh = (id: string, command: string, more: object = {}) => ({
  id,
  type: 'local.exec',
  config: { command },
  retry: { attempts: 1 },
  ...more,
});
let jobs = 0;
/** Saves a job of these steps and starts a run of it. */
async function run(steps: readonly object[], more: object = {}, start: { readonly [field: string]: unknown } = {}): Promise<string> {
  jobs += 1;
  return stack.as.start(await stack.as.job({ name: `job-${jobs}`, steps, ...more }), start);
}
const statuses = async (id: string) => Object.fromEntries((await stack.as.steps(id)).map((step) => [step.key, step.status]));
const fileSays = (file: string) =>
  eventually(
    () => readFile(file, 'utf8'),
    (text) => text.trim() !== '',
    20_000,
  );
/** A step once its own row is there: it is written behind the step, so the run's end may be known a moment sooner. */
const written = (id: string, key: string) => stack.as.untilStep(id, key, ({ exit_code }) => exit_code !== null);

describe('a run proceeds', () => {
  test('through its steps in order, each using what an earlier one answered, and leaves rows that say what Temporal says', async () => {
    const id = await run(
      [
        sh('first', 'echo "{\\"result_data\\": {\\"n\\": 6}}" >&3; echo hello', { outputs: { n: '${{ result.result_data.n }}' } }),
        sh('second', 'echo "got $N"', {
          config: { command: 'echo "got $N"', environment: { N: '${{ string(steps.first.outputs.n + parameters.more) }}' } },
        }),
      ],
      { parameters: { more: { type: 'integer', default: 1 } } },
    );
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 2, failed_steps: 0 });
    expect(await written(id, 'first')).toMatchObject({ status: 'completed', outputs: { n: 6 }, exit_code: 0, attempt: 1 });
    expect((await written(id, 'second')).stdout).toBe('got 7\n');
    expect((await stack.as.log(id, 'first')).map(({ text }) => text)).toContain('hello');
    expect(await endInTemporal(stack.temporal, id)).toBe('COMPLETED');
  });

  test('to failed when a step fails, skipping what depends on it and finishing what does not', async () => {
    const id = await run([sh('bad', 'exit 3'), sh('after', 'true'), sh('free', 'true', { needs: [] })]);
    expect(await stack.as.until(id)).toMatchObject({
      status: 'failed',
      completed_steps: 1,
      failed_steps: 1,
      error_message: expect.stringContaining('step bad'),
    });
    expect(await statuses(id)).toEqual({ bad: 'failed', after: 'skipped', free: 'completed' });
    expect(await written(id, 'bad')).toMatchObject({ exit_code: 3, error: { type: 'exit_code' } });
    expect(await endInTemporal(stack.temporal, id)).toBe('FAILED');
  });

  test('past a failure its author tolerates, which later conditions can see', async () => {
    const id = await run([
      sh('bad', 'exit 1', { continue_on_failure: true }),
      sh('mend', 'true', { if: '${{ steps.bad.status == "failed" }}' }),
      sh('never', 'true', { if: '${{ steps.bad.status == "completed" }}' }),
    ]);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', failed_steps: 1 });
    expect(await statuses(id)).toEqual({ bad: 'failed', mend: 'completed', never: 'skipped' });
  });

  test('with a step that fails once and succeeds on its retry, both attempts shown', async () => {
    const mark = path.join(dir, 'once');
    const id = await run([sh('flaky', `test -e ${mark} || { touch ${mark}; exit 1; }`, { retry: { attempts: 3, delay: '100ms' } })]);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const [flaky] = await stack.as.steps(id);
    expect(flaky?.attempts.map(({ status }) => status)).toEqual(['failed', 'completed']);
  });

  test('to timed_out when a step or the run takes longer than it may', async () => {
    const step = await run([sh('slow', 'sleep 60', { timeout: '1s' })]);
    const whole = await run([sh('slow', 'sleep 60')], { limits: { timeout: '2s' } });
    expect(await stack.as.until(step)).toMatchObject({ status: 'failed' });
    expect(await statuses(step)).toEqual({ slow: 'timed_out' });
    expect(await stack.as.until(whole)).toMatchObject({ status: 'timed_out' });
  });

  test('inline, inside its workflow task, with the same rows', async () => {
    const id = await run([
      sh('quick', 'echo fast', { inline: true, timeout: '5s' }),
      sh('next', 'echo "$T"', { config: { command: 'echo "$T"', environment: { T: '${{ steps.quick.outputs.stdout }}' } } }),
    ]);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 2 });
    expect((await written(id, 'next')).stdout).toContain('fast');
  });
});

describe('a person steers a run', () => {
  test('cancel ends the whole process group of the step under way, and Temporal calls the run cancelled', async () => {
    const pids = path.join(dir, 'pids');
    const id = await run([sh('long', `sleep 300 & echo $! $$ > ${pids}; wait`), sh('after', 'true')]);
    const [child, parent] = (await fileSays(pids)).trim().split(' ').map(Number);
    expect((await stack.as.call('POST', `/runs/${id}/cancel`, { reason: 'wrong site' })).status).toBe(202);
    expect(await stack.as.until(id, undefined, 15_000)).toMatchObject({ status: 'cancelled' });
    expect([isLiving(child ?? 0), isLiving(parent ?? 0)]).toEqual([false, false]);
    expect(await statuses(id)).toEqual({ long: 'cancelled' });
    expect(await endInTemporal(stack.temporal, id)).toBe('CANCELLED');
    const history = await stack.as.call('GET', `/runs/${id}/history`);
    expect(JSON.stringify(history.body)).toContain('wrong site');
  });

  test('pause lets the running step end and starts no other until resumed', async () => {
    const gate = path.join(dir, 'gate');
    const id = await run([sh('first', `until test -e ${gate}; do sleep 0.1; done`), sh('second', 'true')]);
    await stack.as.untilStep(id, 'first', ({ status }) => status === 'running');
    await stack.as.call('POST', `/runs/${id}/pause`, { reason: 'look first' });
    await stack.as.until(id, ({ status }) => status === 'paused');
    await stack.as.call('POST', `/runs/${id}/steps/first/retry`, {}).then(({ status }) => expect(status).toBe(409));
    await run([sh('open', `touch ${gate}`)]).then((other) => stack.as.until(other));
    await stack.as.untilStep(id, 'first', ({ status }) => status === 'completed');
    expect(await statuses(id)).toEqual({ first: 'completed' });
    await stack.as.call('POST', `/runs/${id}/resume`, {});
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 2 });
  });

  test('a failed step that waits for a person is retried in place, its attempts counted on', async () => {
    const fixed = path.join(dir, 'fixed');
    const id = await run([sh('gate', `test -e ${fixed}`, { on_error: 'wait' }), sh('after', 'true')]);
    expect(await stack.as.until(id, ({ status }) => status === 'waiting')).toMatchObject({ status: 'waiting' });
    await stack.as.untilStep(id, 'gate', ({ status }) => status === 'waiting');
    await run([sh('fix', `touch ${fixed}`)]).then((other) => stack.as.until(other));
    expect((await stack.as.call('POST', `/runs/${id}/steps/gate/retry`, { reason: 'fixed' })).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 2, failed_steps: 0 });
    expect((await stack.as.steps(id))[0]?.attempts.map(({ attempt, status }) => `${attempt} ${status}`)).toEqual([
      '1 failed',
      '2 completed',
    ]);
  });

  test('an illegal move is refused with the state it met', async () => {
    const id = await run([sh('quick', 'true')]);
    await stack.as.until(id);
    for (const move of ['cancel', 'pause', 'resume'] as const) {
      const { status, body } = await stack.as.call('POST', `/runs/${id}/${move}`, {});
      expect([status, body.detail]).toEqual([409, expect.stringContaining('completed')]);
    }
  });
});
