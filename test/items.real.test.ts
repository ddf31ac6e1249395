import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-items-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

let jobs = 0;
/** Starts a job of one step that runs the command for each item, with AT, N and DIR set; answers the run's id. */
async function each(foreach: unknown, command: string, more: object = {}, others: readonly object[] = []): Promise<string> {
  jobs += 1;
  const items = foreach === null ? {} : { foreach };
  const config = {
    command,
    environment: { AT: foreach === null ? '${{ matrix.site }}-${{ matrix.n }}' : '${{ item }}', N: '#${{ index }}', DIR: dir },
  };
  const step = { id: 'each', type: 'local.exec', ...items, config, retry: { attempts: 1 }, ...more };
  return stack.as.start(await stack.as.job({ name: `items-${jobs}`, steps: [step, ...others] }));
}
const statuses = async (id: string) => Object.fromEntries((await stack.as.steps(id)).map(({ key, status }) => [key, status]));
const counted = (values: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]));
const letters = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('a step with items', () => {
  test('is carried out once for each, with a row that shows the item, and hands on a list', async () => {
    const id = await each(['ber', 'fra'], 'echo "$AT $N"', { outputs: { said: '${{ item + result.stdout.trim() + string(index) }}' } }, [
      {
        id: 'sum',
        type: 'local.exec',
        config: {
          command: 'echo "$FIRST $SIZE"',
          environment: { FIRST: '${{ steps.each.outputs[0].said }}', SIZE: '${{ string(size(steps.each.outputs)) }}' },
        },
      },
    ]);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed', completed_steps: 2 });
    expect(await stack.as.steps(id)).toMatchObject([
      {
        key: 'each',
        status: 'completed',
        parts: 2,
        targets: null,
        item: null,
        progress: 100,
        outputs: [{ said: 'berber #00' }, { said: 'frafra #11' }],
      },
      { key: 'each[0]', status: 'completed', item: 'ber', parent_key: 'each', stdout: 'ber #0\n' },
      { key: 'each[1]', status: 'completed', item: 'fra', stdout: 'fra #1\n' },
      { key: 'sum', stdout: 'berber #00 2\n' },
    ]);
  });

  test('or each combination of a matrix', async () => {
    const matrix = { site: ['ber', 'fra'], n: [1, 2], exclude: [{ site: 'fra', n: 1 }], include: [{ site: 'muc', n: 3 }] };
    const id = await each(null, 'echo "$AT"', { matrix });
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const steps = (await stack.as.steps(id)).filter(({ parent_key }) => parent_key !== null);
    expect(steps.map(({ stdout }) => stdout)).toEqual(['ber-1\n', 'ber-2\n', 'fra-2\n', 'muc-3\n']);
    expect(steps[3]).toMatchObject({ item: { site: 'muc', n: 3 } });
  });

  test('rests between groups, and each begins when the one before has ended', async () => {
    const id = await each(letters.slice(0, 4), 'date +%s%N >> "$DIR/begun-$AT"', { batch: { size: 2, pause: '1s' }, order: 'reverse' });
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const begun = await Promise.all(
      letters.slice(0, 4).map(async (at) => Number(await readFile(path.join(dir, `begun-${at}`), 'utf8')) / 1e6),
    );
    expect(Math.min(...begun.slice(0, 2)) - Math.max(...begun.slice(2))).toBeGreaterThan(1000);
  });

  test('stops, and ends what is under way, once more failed than it bears', async () => {
    const stop = await each(letters, '[ "$AT" != b ]', { max_parallel: 1, fail: { mode: 'stop' } });
    const borne = await each(letters, '[ "$AT" != b ]', { max_parallel: 1, fail: { mode: 'stop', tolerate: '20%' } });
    const abort = await each(
      letters,
      'if [ "$AT" = b ]; then until [ -e "$DIR/slow" ]; do sleep 0.1; done; exit 3; fi; touch "$DIR/slow"; exec sleep 300',
      {
        max_parallel: 2,
        fail: { mode: 'abort' },
      },
    );
    expect(await stack.as.until(stop)).toMatchObject({
      status: 'failed',
      error_message: 'step each: 1 of 6 items failed: b; 4 were not begun',
    });
    expect(await statuses(stop)).toMatchObject({ 'each[0]': 'completed', 'each[1]': 'failed', 'each[2]': 'skipped', 'each[5]': 'skipped' });
    expect((await stack.as.steps(stop)).find(({ key }) => key === 'each[2]')).toMatchObject({
      message: 'too many of the others had failed',
    });
    expect(await stack.as.until(borne)).toMatchObject({ status: 'completed' });
    expect(await statuses(borne)).toMatchObject({ each: 'completed', 'each[1]': 'failed', 'each[5]': 'completed' });
    const { body } = await stack.as.call('GET', `/runs/${borne}/steps?parts=1`);
    expect(body.items).toMatchObject([
      { key: 'each', parts_by_status: { completed: 5, failed: 1 } },
      { key: 'each[1]', parts_by_status: null },
    ]);
    expect(await stack.as.until(abort)).toMatchObject({ status: 'failed' });
    expect(await statuses(abort)).toMatchObject({ each: 'failed', 'each[0]': 'cancelled', 'each[1]': 'failed', 'each[2]': 'skipped' });
  });

  test('of which one failed is tried again on that one alone', async () => {
    const id = await each(letters.slice(0, 3), 'echo x >> "$DIR/tries-$AT"; [ "$AT" != b ] || [ -e "$DIR/mended" ]', { on_error: 'wait' });
    await stack.as.until(id, ({ status }) => status === 'waiting');
    const before = (await stack.as.steps(id)).filter(({ key }) => key === 'each[0]' || key === 'each[2]');
    await writeFile(path.join(dir, 'mended'), '');
    expect((await stack.as.call('POST', `/runs/${id}/steps/each/retry`, {})).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
    const after = await stack.as.steps(id);
    expect(after.filter(({ key }) => key === 'each[0]' || key === 'each[2]')).toEqual(before);
    expect(after.find(({ key }) => key === 'each[1]')).toMatchObject({
      attempt: 2,
      attempts: [{ status: 'failed' }, { status: 'completed' }],
    });
    const tries = await Promise.all(letters.slice(0, 3).map((at) => readFile(path.join(dir, `tries-${at}`), 'utf8')));
    expect(tries.map((text) => text.trim().split('\n').length)).toEqual([1, 2, 1]);
  });

  test('fails in words when what it goes through is no list', async () => {
    const name = await stack.as.job({
      name: 'no-list',
      parameters: { any: { type: 'object' } },
      steps: [{ id: 'each', type: 'local.exec', foreach: '${{ parameters.any.list }}', config: { command: 'true' } }],
    });
    const id = await stack.as.start(name, { parameters: { any: { list: 'ber' } } });
    expect(await stack.as.until(id)).toMatchObject({
      status: 'failed',
      error_message: 'step each: steps.each.foreach: "ber" is no list; items come as a list',
    });
  });
});

describe('a step with more items than one workflow carries out', () => {
  /** Answers 500 to what is broken; costs a step next to nothing. */
  const broken = new Set<string>();
  const server = createServer(({ url = '' }, answer) => answer.writeHead(broken.has(url) ? 500 : 200).end());
  let url: string;
  let at: (more: object) => object;
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/\${{ item }}`;
    at = (more) => ({
      type: 'http.request',
      inline: true,
      timeout: '10s',
      max_parallel: 20,
      config: { url },
      outputs: { n: '${{ index }}' },
      ...more,
    });
  });
  afterAll(() => server.close());
  const many = Array.from({ length: 600 }, (_, n) => n);
  const retry = (id: string, key: string) => stack.as.call('POST', `/runs/${id}/steps/${encodeURIComponent(key)}/retry`, {});

  test('is carried out by several, with exact counts and all outputs in order, and one failing in any of them waits for a person', async () => {
    broken.add('/300');
    const id = await each(many, '', at({ on_error: 'wait' }), [
      {
        id: 'sum',
        type: 'local.exec',
        config: {
          command: 'echo "$ALL"',
          environment: { ALL: '${{ string(size(steps.each.outputs)) }} ${{ string(steps.each.outputs[300].n) }}' },
        },
      },
    ]);
    expect(await stack.as.until(id, ({ status }) => status === 'waiting', 120_000)).toMatchObject({
      status: 'waiting',
      waiting_for: 'intervention',
    });
    const waiting = await stack.as.steps(id);
    expect(waiting.filter(({ status }) => status === 'waiting').map(({ key }) => key)).toEqual(['each[300]']);
    const refused = await retry(id, 'each[299]');
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'step each[299] is completed; only a step that waits for a person can be retried in place',
    ]);
    broken.delete('/300');
    expect((await retry(id, 'each[300]')).status).toBe(202);
    expect(await stack.as.until(id, undefined, 120_000)).toMatchObject({ status: 'completed', completed_steps: 2, failed_steps: 0 });
    const steps = await stack.as.steps(id);
    expect(counted(steps.map(({ status }) => status))).toEqual({ completed: 602 });
    expect(steps.filter(({ attempt }) => attempt > 1).map(({ key }) => key)).toEqual(['each[300]']);
    expect(steps.find(({ key }) => key === 'each')).toMatchObject({ parts: 600, progress: 100 });
    expect(steps.find(({ key }) => key === 'sum')).toMatchObject({ stdout: '600 300\n' });
    const slices = await Promise.all([0, 1, 2].map((n) => stack.temporal.workflow.getHandle(`slice:${id}:each:${n}`).describe()));
    expect(slices.map(({ status }) => status.name)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  }, 300_000);

  test('goes on when the worker dies that carried it out, with none left out', async () => {
    const id = await each(
      many.slice(0, 260),
      '',
      at({ max_parallel: 5, retry: { attempts: 3, delay: '100ms', on: ['lost', 'connection'] } }),
    );
    await stack.as.untilStep(id, 'each[30]', ({ status }) => status === 'completed');
    await stack.worker.kill();
    stack.worker.start();
    expect(await stack.as.until(id, undefined, 120_000)).toMatchObject({ status: 'completed', completed_steps: 1 });
    expect(counted((await stack.as.steps(id)).map(({ status }) => status))).toEqual({ completed: 261 });
  }, 300_000);

  test('stops over all of them', async () => {
    for (const url of ['/10', '/260']) broken.add(url);
    const id = await each(many.slice(0, 400), '', at({ fail: { mode: 'stop', tolerate: 1 } }));
    expect(await stack.as.until(id, undefined, 120_000)).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(/^step each: 2 of 400 items failed \(1 are tolerated\): 10, 260; \d+ were not begun$/),
    });
    expect(await statuses(id)).toMatchObject({
      'each[10]': 'failed',
      'each[249]': 'completed',
      'each[260]': 'failed',
      'each[399]': 'skipped',
    });
  }, 300_000);

  test('is undone on each, and handled with, though the run was cancelled and paused', async () => {
    const asked = (path: string) => ({ type: 'http.request', config: { url: url.replace('${{ item }}', path) } });
    broken.clear();
    broken.add('/running-pending');
    const name = await stack.as.job({
      name: 'many-late',
      steps: [
        { id: 'each', foreach: many.slice(0, 101), ...at({ compensate: asked('${{ result.n }}') }) },
        { id: 'long', type: 'local.exec', config: { command: 'exec sleep 300' } },
        { id: 'never', type: 'local.exec', config: { command: 'true' } },
      ],
      on_cancel: [{ id: 'tell', foreach: many.slice(0, 101), max_parallel: 50, ...asked('${{ run.status }}-${{ steps.never.status }}') }],
    });
    const id = await stack.as.start(name);
    await stack.as.untilStep(id, 'long', ({ status }) => status === 'running');
    await stack.as.call('POST', `/runs/${id}/pause`, {});
    expect((await stack.as.call('POST', `/runs/${id}/cancel`, {})).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'cancelled' });
    const late = (await stack.as.steps(id)).filter(({ key }) => key.startsWith('each.compensate') || key.startsWith('tell'));
    expect(counted(late.map(({ key, status }) => `${key.replace(/\[\d+\]$/, '')} ${status}`))).toEqual({
      'each.compensate completed': 102,
      'tell completed': 102,
    });
  }, 300_000);

  test('is cancelled in all of them', async () => {
    const id = await each(many.slice(0, 120), 'exec sleep 300', { max_parallel: 2, config: { command: 'exec sleep 300' } });
    await stack.as.untilStep(id, 'each[1]', ({ status }) => status === 'running');
    expect((await stack.as.call('POST', `/runs/${id}/steps/${encodeURIComponent('each[0]')}/cancel`, {})).status).toBe(202);
    await stack.as.untilStep(id, 'each[0]', ({ status }) => status === 'cancelled');
    await stack.as.untilStep(id, 'each[2]', ({ status }) => status === 'running');
    expect((await stack.as.call('POST', `/runs/${id}/cancel`, {})).status).toBe(202);
    expect(await stack.as.until(id)).toMatchObject({ status: 'cancelled' });
    expect(await statuses(id)).toEqual({ each: 'cancelled', 'each[0]': 'cancelled', 'each[1]': 'cancelled', 'each[2]': 'cancelled' });
  }, 120_000);
});
