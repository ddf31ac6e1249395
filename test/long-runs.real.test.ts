import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type LocalTemporal, startTemporal } from '#platform/local/temporal.ts';
import { eventually } from './api-client.ts';
import { created } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

let dir: string;
let temporal: LocalTemporal;
let stack: Stack;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-long-'));
  // A server that calls a history long at 40 events instead of 4,096.
  const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': 40 };
  temporal = await startTemporal({ binary: inject('temporalBinary'), logDir: dir, uiPort: null, dynamicConfig });
  stack = await startStack({ temporalAddress: temporal.address });
});
afterAll(async () => {
  await stack?.stop();
  await temporal?.stop();
  await rm(dir, { recursive: true, force: true });
});

const sh = (id: string, command: string, more: object = {}) => ({ id, type: 'local.exec', config: { command }, ...more });

/** How many histories the run has had. */
async function historiesOf(id: string): Promise<number> {
  let histories = 0;
  for await (const _ of stack.temporal.workflow.list({ query: `WorkflowId = "run:${id}"` })) histories += 1;
  return histories;
}
const historyOf = async (id: string) => (await stack.temporal.workflow.getHandle(`run:${id}`).describe()).runId;

test('a run of many steps continues as new again and again, and no step knows', async () => {
  const steps = Array.from({ length: 30 }, (_, at) => sh(`s${at}`, `echo ${at}`, at === 0 ? { outputs: { first: 'kept' } } : {}));
  const last = sh('last', 'echo "$FIRST"', {
    needs: ['s0', 's29'],
    config: { command: 'echo "$FIRST"', environment: { FIRST: '${{ steps.s0.outputs.first }}' } },
  });
  const id = await stack.as.start(await stack.as.job({ name: 'many-steps', steps: [...steps, last] }));
  expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 31, failed_steps: 0 });
  const seen = await stack.as.steps(id);
  expect(seen.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(Array(31).fill('completed 1'));
  expect(seen.at(-1)?.stdout).toBe('kept\n');
  await eventually(
    () => historiesOf(id),
    (histories) => histories >= 3,
    10_000,
  );
});

test('a run steered so often that its history grows long continues as new with what it waits for, and still ends right', async () => {
  const id = await stack.as.start(
    await stack.as.job({
      name: 'steered',
      steps: [sh('gate', 'exit 1', { on_error: 'wait', retry: { attempts: 1 } }), sh('after', 'true')],
    }),
  );
  await stack.as.until(id, ({ status }) => status === 'waiting');
  const first = await historyOf(id);
  for (let rounds = 0; rounds < 20 && (await historyOf(id)) === first; rounds += 1) {
    expect((await stack.as.call('POST', `/runs/${id}/pause`, {})).status).toBe(202);
    await stack.as.until(id, ({ status }) => status === 'paused');
    expect((await stack.as.call('POST', `/runs/${id}/resume`, {})).status).toBe(202);
    await stack.as.until(id, ({ status }) => status !== 'paused');
  }
  expect(await historyOf(id)).not.toBe(first);
  await stack.as.until(id, ({ status }) => status === 'waiting');

  expect((await stack.as.call('POST', `/runs/${id}/steps/gate/retry`, {})).status).toBe(202);
  await stack.as.untilStep(id, 'gate', ({ attempt, status }) => attempt === 2 && status === 'waiting');
  expect((await stack.as.call('POST', `/runs/${id}/cancel`, {})).status).toBe(202);
  expect(await stack.as.until(id)).toMatchObject({ status: 'cancelled' });
});

test('the limit of a run counts from its start, however often it continues as new', async () => {
  const steps = Array.from({ length: 30 }, (_, at) => sh(`s${at}`, 'sleep 0.2'));
  const id = await stack.as.start(await stack.as.job({ name: 'limited', limits: { timeout: '4s' }, steps }));
  const run = await stack.as.until(id);
  expect(run).toMatchObject({ status: 'timed_out' });
  expect(run.completed_steps).toBeGreaterThan(0);
  expect(run.completed_steps).toBeLessThan(30);
});

test('a run that has more to carry than Temporal takes goes on in the history it has, whatever its letters weigh', async () => {
  const said = `printf '{"result_data": {"t": "%s"}}' "$(yes 字 | head -5000 | tr -d '\\n')" >&3`;
  const steps = Array.from({ length: 150 }, (_, at) => sh(`s${at}`, said, { outputs: { t: '${{ result.result_data.t }}' } }));
  const id = await stack.as.start(await stack.as.job({ name: 'wordy', steps }));
  expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 150 });
  expect(await historiesOf(id)).toBeGreaterThanOrEqual(2);
});

test('a step that asks much on many targets continues as new before its history is too large for Temporal', async () => {
  const names = Array.from({ length: 190 }, (_, at) => `shut-${at}`);
  await created(stack.as, '/credentials', { name: 'door', kind: 'ssh_password', username: 'nobody', password: 'long-runs-door' });
  const shut = { kind: 'ssh', host: '127.0.0.1', port: 1, credential: 'door', host_key_policy: 'accept_new' };
  for (let at = 0; at < names.length; at += 10)
    await Promise.all(names.slice(at, at + 10).map((name) => created(stack.as, '/targets', { ...shut, name })));
  const show = { id: 'show', type: 'ssh.exec', target: names, config: { script: `# ${'x'.repeat(200_000)}` }, retry: { attempts: 1 } };
  const id = await stack.as.start(await stack.as.job({ name: 'much', steps: [show] }));
  expect(await stack.as.until(id)).toMatchObject({ status: 'failed' });
  const parts = (await stack.as.steps(id)).filter(({ parent_key }) => parent_key === 'show');
  expect(parts.map(({ status, attempt, error }) => `${status} ${attempt} ${error?.type}`)).toEqual(Array(190).fill('failed 1 connection'));
  const sizes: number[] = [];
  for await (const { historySize } of stack.temporal.workflow.list({ query: `WorkflowId = "run:${id}"` })) sizes.push(historySize ?? 0);
  expect(Math.max(...sizes)).toBeLessThan(30_000_000);
});
