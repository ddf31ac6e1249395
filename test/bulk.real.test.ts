import { afterAll, beforeAll, expect, test } from 'vitest';
import { BULK_WORKFLOW, bulkWorkflowId } from '#jobs/bulk.ts';
import type { JsonObject } from '#jobs/json.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await stack.as.job({ name: 'quick', steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] });
  await stack.as.job({ name: 'long', steps: [{ id: 'a', type: 'local.exec', config: { command: 'sleep 600' } }] });
});
afterAll(() => stack?.stop());

const ask = async (path: string, sent: object, status = 202): Promise<JsonObject> => {
  const answer = await stack.as.call('POST', path, sent);
  expect([answer.status, answer.body]).toEqual([status, expect.anything()]);
  return answer.body;
};
const over = (id: unknown) =>
  eventually(
    async () => (await stack.as.call('GET', `/bulk/${id}`)).body,
    ({ status }) => status !== 'running',
    40_000,
  );
const itemsOf = async (id: unknown, status = '') => {
  const { body } = await stack.as.call('GET', `/bulk/${id}/items?limit=200${status && `&status=${status}`}`);
  return body.items as readonly JsonObject[];
};

test('a job started many times over is cancelled by what its runs have in common, each once, and those that come later are left alone', async () => {
  const runs = await Promise.all(Array.from({ length: 6 }, () => stack.as.start('long')));
  for (const run of runs) await stack.as.until(run, ({ status }) => status === 'running');
  const bulk = await ask('/runs/bulk', { action: 'cancel', filter: { job: 'long' }, reason: 'maintenance' });
  expect(bulk).toMatchObject({ total: 6, actor: expect.any(String), reason: 'maintenance' });
  const later = await stack.as.start('long');
  expect(await over(bulk.id)).toMatchObject({ status: 'completed', done: 6, failed: 0, progress: 100 });
  for (const run of runs) expect((await stack.as.until(run)).status).toBe('cancelled');
  expect((await stack.as.run(later)).status).not.toBe('cancelled');
  await stack.as.call('POST', `/runs/${later}/cancel`, {});
  await stack.as.until(later);
});

test('what fails says why and stops no other; it can be done again', async () => {
  const done = await stack.as.start('quick');
  await stack.as.until(done);
  const open = await stack.as.start('long');
  await stack.as.until(open, ({ status }) => status === 'running');
  const bulk = await ask('/runs/bulk', { action: 'delete', ids: [done, open, '01900000-0000-7000-8000-000000000000'] });
  expect(await over(bulk.id)).toMatchObject({ done: 1, failed: 2 });
  expect(await itemsOf(bulk.id, 'failed')).toMatchObject([
    { subject: open, error: expect.stringContaining('only a run that has ended can be deleted') },
    { error: expect.stringContaining('there is no run') },
  ]);
  await stack.as.call('POST', `/runs/${open}/cancel`, {});
  await stack.as.until(open);
  await ask(`/bulk/${bulk.id}/retry`, {});
  expect(await over(bulk.id)).toMatchObject({ done: 2, failed: 1 });
});

test('runs are retried and jobs run, switched off and taken away, by a worker that is killed meanwhile, each once', async () => {
  const first = await stack.as.start('quick', { ref_num: 'bulk' });
  await stack.as.until(first);
  const jobs = Array.from({ length: 40 }, (_, n) => ({ name: `many-${n}`, tags: ['many'] }));
  for (const job of jobs) await stack.as.job({ ...job, steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] });
  const bulk = await ask('/jobs/bulk', { action: 'run', filter: { tag: 'many' } });
  await stack.worker.kill();
  await stack.worker.start();
  expect(await over(bulk.id)).toMatchObject({ total: 40, done: 40, failed: 0 });
  const made = (await itemsOf(bulk.id)).map((item) => String(item.made));
  expect(new Set(made).size).toBe(40);
  const [{ n } = { n: 0 }] = await stack.database.sql<{ n: number }[]>`select count(*)::int as n from runs where job like 'many-%'`;
  expect(n).toBe(40);

  const again = await ask('/runs/bulk', { action: 'retry', ids: [first] });
  await over(again.id);
  const [item] = await itemsOf(again.id);
  expect((await stack.as.call('GET', `/runs/${item?.made}`)).body).toMatchObject({ retry_of: first, retry_count: 1 });

  await over((await ask('/jobs/bulk', { action: 'deactivate', names: ['many-0', 'many-1', 'nobody'] })).id);
  expect((await stack.as.call('POST', '/jobs/many-0/runs', {})).status).toBe(409);
  await over((await ask('/jobs/bulk', { action: 'delete', filter: { tag: 'many' } })).id);
  expect((await stack.as.call('GET', '/jobs/many-3')).status).toBe(404);
});

test('what was done by a worker that died before it could tell is not done again, and counts as done', async () => {
  const [ended, open] = [await stack.as.start('quick'), await stack.as.start('long')];
  await stack.as.until(ended);
  await stack.as.until(open, ({ status }) => status === 'running');
  const again = async (id: unknown) => {
    const before = await itemsOf(id);
    await stack.database.sql`update bulk_items set status = 'pending', made = null, ended_at = null where bulk_id = ${String(id)}`;
    await stack.database.sql`update bulk_operations set status = 'running', done = 0, ended_at = null where id = ${String(id)}`;
    await stack.temporal.workflow.execute(BULK_WORKFLOW, { taskQueue: RUN_QUEUE, workflowId: bulkWorkflowId(`${id}-again`), args: [id] });
    const bulk = await over(id);
    return { bulk, before, after: await itemsOf(id) };
  };
  const once = { 'idempotency-key': 'bulk-retry' };
  const asked = [1, 2].map(() => stack.as.call('POST', '/runs/bulk', { action: 'retry', ids: [ended] }, once));
  const [retried, twice] = (await Promise.all(asked)).map(({ body }) => body);
  expect(twice?.id).toBe(retried?.id);
  await over(retried?.id);
  const cancelled = await ask('/runs/bulk', { action: 'cancel', ids: [open] });
  await over(cancelled.id);
  await stack.as.until(open);
  expect((await again(cancelled.id)).bulk).toMatchObject({ done: 1, failed: 0 });
  const removed = await ask('/runs/bulk', { action: 'delete', ids: [open] });
  await over(removed.id);
  expect((await again(removed.id)).bulk).toMatchObject({ done: 1, failed: 0 });

  const { bulk, before, after } = await again(retried?.id);
  expect(bulk).toMatchObject({ done: 1, failed: 0 });
  expect(after.map(({ made }) => made)).toEqual(before.map(({ made }) => made));
  const [{ n } = { n: 0 }] = await stack.database.sql<{ n: number }[]>`select count(*)::int as n from runs where retry_of = ${ended}`;
  expect(n).toBe(1);
});

test('a retry runs the steps that were chosen and no other, and a scheduled run is not paused', async () => {
  const step = (id: string) => ({ id, type: 'local.exec', needs: [], config: { command: 'true' } });
  const definition = { name: 'own', steps: [step('a'), step('b')] };
  const { body: own } = await stack.as.call('POST', '/runs', { definition, steps: ['b'] });
  await stack.as.until(String(own.id));
  const { body: later } = await stack.as.call('POST', '/jobs/quick/runs', {
    scheduled_for: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const paused = await ask('/runs/bulk', { action: 'pause', ids: [later.id] });
  const again = await ask('/runs/bulk', { action: 'retry', ids: [own.id] });
  await over(again.id);
  const [item] = await itemsOf(again.id);
  const made = String(item?.made);
  expect(await stack.as.until(made)).toMatchObject({ status: 'completed', selected_steps: ['b'] });
  const { body } = await stack.as.call('GET', `/runs/${made}/steps`);
  expect(body.items).toMatchObject([
    { key: 'a', status: 'skipped' },
    { key: 'b', status: 'completed' },
  ]);
  await over(paused.id);
  expect(await itemsOf(paused.id)).toMatchObject([{ status: 'failed', error: expect.stringContaining('is scheduled') }]);
  expect((await stack.as.run(String(later.id))).status).toBe('scheduled');
});

test('an operation is asked for by list or filter, and stopped where it stands', async () => {
  await ask('/runs/bulk', { action: 'cancel' }, 422);
  await ask('/runs/bulk', { action: 'explode', filter: {} }, 422);
  expect(await ask('/runs/bulk', { action: 'cancel', filter: { job: 'nobody' } })).toMatchObject({
    status: 'completed',
    total: 0,
    progress: 100,
  });
  expect((await stack.as.call('GET', '/bulk/00000000-0000-7000-8000-000000000000')).status).toBe(404);
  const empty = await ask('/runs/bulk', { action: 'cancel', filter: { job: 'nobody' } });
  await ask(`/bulk/${empty.id}/cancel`, {}, 409);
  const { body } = await stack.as.call('GET', '/bulk?limit=1');
  expect(body).toMatchObject({ items: [{ id: empty.id }], next: expect.any(String) });
});
