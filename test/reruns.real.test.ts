import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { freePort } from '#platform/local/free-port.ts';
import { apiClient, eventually } from './api-client.ts';
import { startProcess } from './own-process.ts';
import { endInTemporal, type Stack, startStack } from './stack.ts';

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

  expect(await post(`/runs/${first}/rerun/preview`, { from: ['r-three'], version: 2, parameters: { note: 'new' } })).toMatchObject({
    status: 200,
    body: {
      version: 2,
      newest: 2,
      refused: null,
      schemas: { site: { type: 'string' }, note: { default: 'old' } },
      parameters: { site: 'ber', note: 'new' },
      facts: { kept: ['r-one', 'r-two'], runs: [{ step: 'r-three', because: 'chosen' }] },
    },
  });
  expect(await post(`/runs/${first}/rerun/preview`, { everything: true })).toMatchObject({ body: { version: 1, facts: { kept: [] } } });
  expect(await post(`/runs/${first}/rerun/preview`, { from: ['r-four'] })).toMatchObject({
    status: 200,
    body: { facts: null, refused: 'version 1 of three has no step "r-four"' },
  });

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

test('a run starts at the moment it was scheduled for, can be cancelled before, and not be scheduled for the past', async () => {
  await stack.as.job({ name: 'later', steps: [step('s-one')] });
  const soon = Date.now() + 4_000;
  const asked = { scheduled_for: new Date(soon).toISOString() };
  const key = { 'idempotency-key': 'soon' };
  const run = await started(await post('/jobs/later/runs', asked, key));
  expect(run).toMatchObject({ status: 'scheduled', scheduled_for: new Date(soon).toISOString(), queued_at: new Date(soon).toISOString() });
  // A message does not start it before its time.
  await stack.temporal.workflow.getHandle(`run:${run.id}`).signal('resume', { actor: 'test', reason: null });
  const far = await started(await post('/jobs/later/runs', { scheduled_for: new Date(Date.now() + 3_600_000).toISOString() }));
  const paused = await post(`/runs/${far.id}/pause`, {});
  expect([paused.status, paused.body.detail]).toEqual([409, expect.stringContaining('is scheduled')]);
  expect((await post(`/runs/${far.id}/cancel`, { reason: 'not needed' })).status).toBe(202);
  expect(await stack.as.until(far.id)).toMatchObject({ status: 'cancelled', message: 'not needed', started_at: null });
  expect(await endInTemporal(stack.temporal, far.id)).toBe('CANCELLED');
  expect(await executions('s-one')).toBe(0);
  const ended = (await stack.as.until(run.id)) as unknown as { status: string; started_at: string };
  expect(ended.status).toBe('completed');
  expect(Date.parse(ended.started_at)).toBeGreaterThanOrEqual(soon);
  expect(await executions('s-one')).toBe(1);
  // The same request is the same run also when its moment is over.
  expect((await started(await post('/jobs/later/runs', asked, key))).id).toBe(run.id);
  for (const [at, why] of [
    [Date.now() - 60_000, 'is in the past'],
    [Date.now() + 400 * 86_400_000, 'is more than a year ahead'],
  ] as const) {
    const refused = await post('/jobs/later/runs', { scheduled_for: new Date(at).toISOString() });
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining(why)]);
  }
});

test('a start names the steps that run, the version by a tag, and is one with its key; checks of the definition forbid it or warn', async () => {
  const checks = [
    { condition: 'parameters.count <= 10', message: 'more than ten need a change number' },
    { condition: '${{ parameters.count <= 5 }}', message: 'more than five take long', behavior: 'warn' },
  ];
  const parameters = { count: { type: 'integer', default: 1 } };
  await stack.as.job({ name: 'chosen', checks, parameters, steps: ['c-one', 'c-two', 'c-three'].map((id) => step(id)) });
  const run = await started(await post('/jobs/chosen/runs', { steps: ['c-two'], parameters: { count: 6 } }));
  expect(run).toMatchObject({ selected_steps: ['c-two'], warnings: ['more than five take long'] });
  expect(await stack.as.until(run.id)).toMatchObject({ status: 'completed', completed_steps: 1 });
  expect(await stack.as.steps(run.id)).toMatchObject([
    { key: 'c-one', status: 'skipped', skip_reason: 'not_selected', message: 'other steps were chosen when the run was started' },
    { key: 'c-two', status: 'completed' },
    { key: 'c-three', status: 'skipped', skip_reason: 'not_selected' },
  ]);
  expect(await Promise.all(['c-one', 'c-two', 'c-three'].map(executions))).toEqual([0, 1, 0]);
  expect(await started(await post(`/runs/${run.id}/retry`, {}))).toMatchObject({ selected_steps: ['c-two'], retry_of: run.id });
  const history = (await get(`/runs/${run.id}/history`)).items as readonly JsonObject[];
  expect(history.map(({ message }) => message)).toContain('warning: more than five take long');
  const unknown = await post('/jobs/chosen/runs', { steps: ['c-tow'] });
  expect([unknown.status, unknown.body.detail]).toEqual([422, 'steps[0]: there is no step "c-tow"; did you mean "c-two"?']);
  const blocked = await post('/jobs/chosen/runs', { parameters: { count: 11 } });
  expect([blocked.status, blocked.body.detail]).toEqual([422, 'more than ten need a change number']);

  expect((await stack.as.call('PUT', '/jobs/chosen/tags/stable', { version: 1 })).status).toBeLessThan(300);
  const second = { name: 'chosen', steps: [step('c-one')] };
  expect((await stack.as.call('PUT', '/jobs/chosen', second, { 'if-match': '"1"' })).status).toBeLessThan(300);
  const scheduled_for = new Date(Date.now() + 3_600_000).toISOString();
  const asked = { tag: 'stable', steps: ['c-one'], scheduled_for };
  const key = { 'idempotency-key': 'reruns' };
  const tagged = await started(await post('/jobs/chosen/runs', asked, key));
  expect(tagged).toMatchObject({ version: 1, total_steps: 3 });
  expect((await started(await post('/jobs/chosen/runs', asked, key))).id).toBe(tagged.id);
  for (const other of [
    { steps: ['c-two'] },
    { tag: null, version: 1 },
    { scheduled_for: new Date(Date.now() + 7_200_000).toISOString() },
  ]) {
    expect((await post('/jobs/chosen/runs', { ...asked, ...other }, key)).status).toBe(409);
  }
  expect((await post(`/runs/${tagged.id}/rerun`, {})).body.detail).toContain('is scheduled; only a run that has ended');
  expect((await post(`/runs/${tagged.id}/cancel`, {})).status).toBe(202);
  expect((await post('/jobs/chosen/runs', { tag: 'stable', version: 1 })).status).toBe(422);
  expect((await post('/jobs/chosen/runs', { tag: 'none' })).status).toBe(404);
});

test('of a step over several items only those run again that had failed, and later steps see what all of them hand on', async () => {
  const each = {
    ...step('f-each', '[ "$WORD" != b ] || [ -e "$DIR/mended" ] && echo "$WORD"'),
    foreach: ['a', 'b', 'c'],
    config: {
      command: 'echo x >> "$DIR/$FILE-$WORD"; [ "$WORD" != b ] || [ -e "$DIR/mended" ] && echo "$WORD"',
      environment: { DIR: dir, FILE: 'f-each', WORD: '${{ item }}' },
    },
  };
  await stack.as.job({
    name: 'each',
    steps: [step('f-first'), each, saying('f-last', '${{ steps["f-each"].outputs.map(o, o.stdout.trim()).join(",") }}')],
  });
  const first = await stack.as.start('each');
  expect(await stack.as.until(first)).toMatchObject({ status: 'failed' });
  await writeFile(path.join(dir, 'mended'), '');
  const again = await started(await post(`/runs/${first}/rerun`, { failed_items_only: true }));
  expect(again.rerun).toMatchObject({ from: null, kept: ['f-first'], partly: [{ step: 'f-each', kept: 2, of: 3 }] });
  expect(await stack.as.until(again.id)).toMatchObject({ status: 'completed', completed_steps: 3 });
  expect(await Promise.all(['f-first', 'f-each-a', 'f-each-b', 'f-each-c', 'f-last'].map(executions))).toEqual([1, 1, 2, 1, 1]);
  const steps = await stack.as.steps(again.id);
  expect(steps).toMatchObject([
    { key: 'f-first', kept_from: first },
    { key: 'f-each', status: 'completed', kept_from: null },
    { key: 'f-each[0]', status: 'completed', kept_from: first, item: 'a' },
    { key: 'f-each[1]', status: 'completed', kept_from: null, item: 'b', attempt: 1 },
    { key: 'f-each[2]', status: 'completed', kept_from: first, item: 'c' },
    { key: 'f-last', status: 'completed', outputs: { stdout: 'a,b,c\n' } },
  ]);
  expect((await get(`/runs/compare?a=${first}&b=${again.id}`)).steps).toMatchObject([
    { id: 'f-each', parts: { equal: 2, different: 1, items: [{ key: 'f-each[1]', a: { status: 'failed' }, b: { status: 'completed' } }] } },
    { id: 'f-last' },
  ]);
  // A kept result stays kept from where it was executed.
  const third = await started(await post(`/runs/${again.id}/rerun`, { from: ['f-last'] }));
  expect(await stack.as.until(third.id)).toMatchObject({ status: 'completed' });
  expect((await stack.as.steps(third.id)).map(({ key, ...row }) => [key, (row as unknown as JsonObject).kept_from])).toEqual([
    ['f-first', first],
    ['f-each', again.id],
    ['f-each[0]', first],
    ['f-each[1]', again.id],
    ['f-each[2]', first],
    ['f-last', null],
  ]);
  expect(await executions('f-last')).toBe(2);
});

test('a re-run whose API is killed once it was accepted is started by the relay, with all it keeps, and a scheduled one still in time', async () => {
  await stack.as.job({ name: 'relayed', steps: [step('k-one'), step('k-two', '[ -e "$DIR/relayed" ]')] });
  const first = await stack.as.start('relayed');
  expect(await stack.as.until(first)).toMatchObject({ status: 'failed' });
  await writeFile(path.join(dir, 'relayed'), '');
  const port = String(await freePort(undefined));
  const lonely = startProcess('api/main.ts', { ...stack.env, CAPSTAN_API__PORT: port, TEMPORAL_ADDRESS: '127.0.0.1:9' });
  try {
    const as = apiClient(`http://127.0.0.1:${port}`, stack.token);
    await eventually(
      () => as.run(first),
      () => true,
      30_000,
    );
    const due = Date.now() + 5_000;
    const scheduled = await started(
      await as.call('POST', '/jobs/relayed/runs', { steps: ['k-one'], scheduled_for: new Date(due).toISOString() }),
    );
    // Nobody hears the answer.
    const key = { 'idempotency-key': 'unheard' };
    as.call('POST', `/runs/${first}/rerun`, {}, key).catch(() => undefined);
    const [rerun] = await eventually(
      () => stack.database.sql<{ id: string }[]>`select id from runs where rerun_of = ${first}`,
      (rows) => rows.length > 0,
      10_000,
    );
    await lonely.kill();
    expect(await stack.as.until(rerun?.id ?? '')).toMatchObject({ status: 'completed', completed_steps: 2 });
    expect((await started(await post(`/runs/${first}/rerun`, {}, key))).id).toBe(rerun?.id);
    expect((await post(`/runs/${first}/rerun`, { from: ['k-one'] }, key)).status).toBe(409);
    expect(await statuses(rerun?.id ?? '')).toEqual({ 'k-one': 'completed', 'k-two': 'completed' });
    const ended = (await stack.as.until(scheduled.id)) as unknown as { status: string; started_at: string };
    expect(ended.status).toBe('completed');
    expect(Date.parse(ended.started_at)).toBeGreaterThanOrEqual(due);
    expect(await Promise.all(['k-one', 'k-two'].map(executions))).toEqual([2, 2]);
  } finally {
    await lonely.stop();
  }
}, 90_000);

test('results that are too many and too large to travel along are read from their rows, also by the workflows of slices', async () => {
  const each = {
    id: 'h-each',
    type: 'local.exec',
    foreach: '${{ parameters.items }}',
    max_parallel: 20,
    config: {
      command:
        '[ "$AT" != 7 ] || [ -e "$DIR/huge" ] || exit 3; [ "$AT" != 7 ] || echo x >> "$DIR/h-seven"; echo x >> "$DIR/h-each"; head -c 6000 /dev/zero | tr "\\\\0" x',
      environment: { DIR: dir, AT: '${{ string(item) }}' },
    },
    outputs: { text: '${{ result.stdout + result.stdout }}' },
  };
  const all = 'steps["h-each"].outputs';
  const last = saying('h-last', `\${{ string(size(${all})) + " " + string(size(${all}[0].text) + size(${all}[109].text)) }}`);
  const items = { type: 'array', items: { type: 'integer' }, default: Array.from({ length: 110 }, (_, n) => n) };
  await stack.as.job({ name: 'huge', parameters: { items }, steps: [each, last] });
  const first = await stack.as.start('huge');
  expect(await stack.as.until(first)).toMatchObject({ status: 'failed' });
  expect(await executions('h-each')).toBe(109);
  await writeFile(path.join(dir, 'huge'), '');
  const again = await started(await post(`/runs/${first}/rerun`, { failed_items_only: true }));
  expect(again.rerun).toMatchObject({ partly: [{ step: 'h-each', kept: 109, of: 110 }] });
  expect(await stack.as.until(again.id)).toMatchObject({ status: 'completed', completed_steps: 2 });
  expect([await executions('h-each'), await executions('h-seven')]).toEqual([110, 1]);
  const third = await started(await post(`/runs/${again.id}/rerun`, { from: ['h-last'] }));
  expect(await stack.as.until(third.id)).toMatchObject({ status: 'completed', error_message: null });
  expect(await executions('h-each')).toBe(110);
  const seen = (await stack.as.steps(third.id)).find(({ key }) => key === 'h-last');
  expect(seen?.outputs).toMatchObject({ stdout: '110 16384\n' });
}, 90_000);
