import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-reruns-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A step that leaves a line in a file of its name each time it is executed. */
const step = (id: string, command = 'true', more: object = {}) => ({
  id,
  type: 'local.exec',
  config: { command: `echo x >> "$DIR/$FILE"; ${command}`, environment: { DIR: dir, FILE: id, WORD: '' } },
  ...more,
});
const saying = (id: string, word: string, command = 'echo "$WORD"') => ({
  ...step(id, command),
  config: { command: `echo x >> "$DIR/$FILE"; ${command}`, environment: { DIR: dir, FILE: id, WORD: word } },
});
const executions = async (id: string) =>
  (await readFile(path.join(dir, id), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').length;
const post = (where: string, body: object, headers = {}) => stack.as.call('POST', where, body, headers);
const get = async (where: string) => (await stack.as.call('GET', where)).body;
const statuses = async (id: string) => Object.fromEntries((await stack.as.steps(id)).map(({ key, status }) => [key, status]));
const started = async (answer: { readonly status: number; readonly body: JsonObject }) => {
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202 });
  return answer.body as JsonObject & { readonly id: string; readonly number: number };
};

test('a run goes on from its third step with another version and a new parameter, and keeps what came before', async () => {
  const parameters = { site: { type: 'string', default: 'ber' }, note: { type: 'string', default: 'old' } };
  const job = { name: 'three', parameters, steps: [step('r-one'), saying('r-two', '${{ parameters.site }}'), step('r-three', 'exit 3')] };
  await stack.as.job(job);
  const first = await stack.as.start('three');
  expect(await stack.as.until(first)).toMatchObject({ status: 'failed' });
  const second = { ...job, steps: [step('r-one'), saying('r-two', '${{ parameters.site }}'), saying('r-three', '${{ parameters.note }}')] };
  expect((await stack.as.call('PUT', '/jobs/three', second, { 'if-match': '"1"' })).status).toBeLessThan(300);

  const answer = await started(
    await post(`/runs/${first}/rerun`, { from: ['r-three'], version: 2, parameters: { note: 'new' }, reason: 'mended' }),
  );
  expect(answer).toMatchObject({
    trigger: 'rerun',
    rerun_of: first,
    version: 2,
    message: 'mended',
    parameters: { site: 'ber', note: 'new' },
    completed_steps: 2,
    progress: 66,
    rerun: { from: ['r-three'], kept: ['r-one', 'r-two'], runs: [{ step: 'r-three', because: 'chosen' }] },
  });
  expect(await stack.as.until(answer.id)).toMatchObject({ status: 'completed', completed_steps: 3, failed_steps: 0 });
  const { number } = await get(`/runs/${first}`);
  const steps = await stack.as.steps(answer.id);
  expect(steps).toMatchObject([
    { key: 'r-one', status: 'completed', message: `kept from run #${number}`, kept_from: first, attempt: 0, attempts: [] },
    { key: 'r-two', status: 'completed', message: `kept from run #${number}`, kept_from: first, outputs: { stdout: 'ber\n' } },
    { key: 'r-three', status: 'completed', message: null, kept_from: null, attempt: 1, outputs: { stdout: 'new\n' } },
  ]);
  expect(await Promise.all(['r-one', 'r-two', 'r-three'].map(executions))).toEqual([1, 1, 2]);

  const again = await started(await post(`/runs/${answer.id}/retry`, {}));
  await stack.as.until(again.id);
  expect(await get(`/runs/${again.id}/lineage`)).toMatchObject({
    truncated: false,
    items: [
      { id: first, version: 1, relation: 'origin', of: null },
      { id: answer.id, version: 2, relation: 'rerun', of: first, from: ['r-three'], kept: ['r-one', 'r-two'] },
      { id: again.id, version: 2, relation: 'retry', of: answer.id },
    ],
  });

  const compared = await get(`/runs/compare?a=${first}&b=${answer.id}`);
  expect(compared).toMatchObject({
    a: { id: first, status: 'failed' },
    b: { id: answer.id, status: 'completed' },
    parameters: [{ pointer: '/note', before: 'old', after: 'new' }],
    definition: { steps: { changed: [{ id: 'r-three' }] } },
    steps: [{ id: 'r-three', a: { status: 'failed', error: { type: 'exit_code' } }, b: { status: 'completed', error: null } }],
    equal_steps: [{ id: 'r-one' }, { id: 'r-two' }],
  });
  expect(await get(`/runs/compare?a=${again.id}&b=last_success`)).toMatchObject({ b: { id: answer.id }, definition: null, parameters: [] });
  expect((await stack.as.call('GET', `/runs/compare?a=${first}&b=last_success`)).status).toBe(404);

  const list = await get('/runs?job=three&status=completed');
  expect((list.items as readonly JsonObject[])[0]).toMatchObject({ id: again.id, status_history_count: 3, status_at: expect.any(String) });

  for (const [body, says] of [
    [{ from: ['r-four'] }, 'version 1 of three has no step "r-four"'],
    [{ from: ['r-one'], version: 9 }, 'no version 9 of job three'],
    [{ from: ['r-one'], tag: 'none' }, 'no tag none on a version of a job three'],
  ] as const) {
    const refused = await post(`/runs/${first}/rerun`, body);
    expect([refused.status, refused.body.detail]).toEqual([says.startsWith('version') ? 409 : 404, says]);
  }
  const whole = await post(`/runs/${answer.id}/rerun`, {});
  expect([whole.status, whole.body.detail]).toEqual([409, expect.stringContaining('has completed every step')]);
}, 120_000);
