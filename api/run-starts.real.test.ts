import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Installation, startInstallation } from './testing/installation.ts';

interface Run {
  readonly id: string;
  readonly job: string;
  readonly plan_steps: readonly object[];
}
interface Refusal {
  readonly detail: string;
  readonly problems: readonly { readonly pointer: string; readonly message: string }[];
}

const hostname = { id: 'show', type: 'ssh.exec', config: { command: 'hostname' } };
const DEFINITION = {
  name: 'once',
  title: 'Once',
  parameters: { site: { type: 'string', default: 'ber' } },
  target: { tags: ['edge'] },
  steps: [{ ...hostname, config: { command: 'echo "$SITE"', environment: { SITE: '${{ parameters.site }}' } } }],
};

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

const inputOf = async (run: string) =>
  (await api.database.sql<{ payload: { target: unknown; parameters: unknown } }[]>`select payload from outbox where run = ${run}`)[0]
    ?.payload;
const rowOf = async (run: string) => (await api.database.sql`select * from runs where id = ${run}`)[0];
const refusals = async (path: string, body: object) => {
  const { status, body: answer } = await api.call<Refusal>('POST', path, { body });
  return [status, ...(answer.problems ?? []).map(({ pointer, message }) => `${pointer} ${message}`)];
};

describe('a definition that is no job', () => {
  test('runs, is shown with its steps, makes no job, and is run again', async () => {
    const { status, headers, body } = await api.call<Run>('POST', '/runs', {
      body: { definition: DEFINITION, parameters: { site: 'fra' }, client: 'acme' },
    });
    expect([status, headers.get('location')]).toEqual([202, `/api/v1/runs/${body.id}`]);
    expect(body).toMatchObject({
      job: 'once',
      job_id: null,
      version: null,
      title: 'Once',
      client: 'acme',
      target: 'tag:edge',
      total_steps: 1,
    });
    expect((await api.call<Run>('GET', `/runs/${body.id}`)).body.plan_steps).toMatchObject([{ id: 'show' }]);
    expect((await api.call('GET', '/jobs/once')).status).toBe(404);
    const again = await api.call<Run>('POST', `/runs/${body.id}/retry`);
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ job: 'once', job_id: null, parameters: { site: 'fra' }, target: 'tag:edge', retry_of: body.id });
    expect(again.body.plan_steps).toMatchObject([{ id: 'show' }]);
  });

  test('may come as text', async () => {
    const source = 'name: text\nsteps:\n  - { id: a, type: local.exec, config: { command: "true" } }\n';
    expect((await api.call<Run>('POST', '/runs', { body: { source } })).body).toMatchObject({ job: 'text', total_steps: 1 });
  });

  test('is checked like that of a job', async () => {
    const wrong = { ...DEFINITION, steps: [{ ...hostname, type: 'ssh.exce' }] };
    expect(await refusals('/runs', { definition: wrong })).toEqual([
      422,
      '/definition/steps/0/type steps[0].type: "ssh.exce" is not a step type; did you mean "ssh.exec"?',
    ]);
    expect(await refusals('/runs', { definition: DEFINITION, parameters: { sight: 1 } })).toEqual([
      422,
      expect.stringContaining('/parameters/sight parameters.sight: unknown field'),
    ]);
    expect((await api.call<Refusal>('POST', '/runs', { body: {} })).body.detail).toBe('write either definition or source');
    expect((await api.call('POST', '/runs', { body: { definition: DEFINITION, source: 'x' } })).status).toBe(422);
  });

  test('with one key is one run, and is refused to whoever may only look', async () => {
    const headers = { 'idempotency-key': 'own 1' };
    const first = await api.call<Run>('POST', '/runs', { body: { definition: DEFINITION }, headers });
    const second = await api.call<Run>('POST', '/runs', { body: { definition: DEFINITION }, headers });
    expect(second.body.id).toBe(first.body.id);
    expect((await api.call('POST', '/runs', { body: { definition: { ...DEFINITION, name: 'other' } }, headers })).status).toBe(409);
    expect((await api.call('POST', '/runs', { body: { definition: DEFINITION }, token: api.tokens.viewer })).status).toBe(403);
  });
});

test('whoever may not edit jobs binds no secrets and reaches no worker by a definition of their own', async () => {
  await api.call('POST', '/credentials', { body: { name: 'vaulted', kind: 'ssh_password', password: 'not-for-operators' } });
  const sent = (step: object) =>
    api.call<Refusal>('POST', '/runs', {
      body: { definition: { name: 'own', steps: [{ id: 'a', ...step }] } },
      token: api.tokens.operator,
    });
  const onHosts = { type: 'ssh.exec', target: ['core-1'], config: { command: 'uptime' } };
  expect((await sent(onHosts)).status).toBe(202);
  const bound = await sent({ ...onHosts, secrets: { LEAK: 'vaulted.password' } });
  expect([bound.status, bound.body.detail]).toEqual([403, expect.stringContaining('lacks the permission job:edit')]);
  const local = { type: 'local.exec', config: { command: 'id' } };
  expect((await sent(local)).status).toBe(403);
  expect((await sent({ ...onHosts, compensate: local })).status).toBe(403);
  for (const handlers of ['on_failure', 'on_cancel']) {
    const definition = {
      name: 'own',
      steps: [{ id: 'a', ...onHosts }],
      [handlers]: [{ ...onHosts, id: 'h', secrets: { LEAK: 'vaulted.password' } }],
    };
    expect((await api.call('POST', '/runs', { body: { definition }, token: api.tokens.operator })).status).toBe(403);
  }
});

describe('the target of a start', () => {
  beforeAll(async () => {
    await api.call('POST', '/jobs', { body: JSON.stringify({ name: 'anywhere', target: 'core-1', steps: [hostname] }) });
    const steps = [
      hostname,
      { id: 'next', type: 'local.exec', config: { command: 'true' }, if: '${{ steps.show.outputs.exit_code == 0 }}' },
    ];
    await api.call('POST', '/jobs', { body: JSON.stringify({ name: 'reads-one', steps }) });
  });
  const start = (target: unknown, job = 'anywhere') => api.call<Run>('POST', `/jobs/${job}/runs`, { body: { target } });

  test.each([
    ['edge-1', 'edge-1'],
    [['edge-1', 'edge-2'], 'edge-1,edge-2'],
    [{ tags: ['edge'], site: 'ber' }, 'tag:edge,site=ber'],
  ])('may be %j', async (target, words) => {
    const { status, body } = await start(target);
    expect([status, (await rowOf(body.id))?.target]).toEqual([202, words]);
    expect((await inputOf(body.id)) ?? { target }).toMatchObject({ target });
    expect((await api.call<Run>('POST', `/runs/${body.id}/retry`)).body).toMatchObject({ target: words });
  });

  test.each([
    [[], '/target target: has 0 entries; at least 1 needed'],
    [{ tag: 'edge' }, expect.stringContaining('did you mean "tags"?')],
    [{}, expect.stringContaining('at least 1 needed')],
    [{ allow_empty: true }, expect.stringContaining('asks for nothing')],
    ['edge-*', expect.stringContaining('stands for several names')],
    ['${{ parameters.site }}', expect.stringContaining('nothing is filled in here')],
    [{ site: { a: 1 } }, expect.stringContaining('is not the value of an attribute')],
  ])('%j is refused', async (target, problem) => {
    const [status, first] = await refusals('/jobs/anywhere/runs', { target });
    expect(status).toBe(422);
    expect(first).toEqual(problem);
  });

  test('may not be several where the job’s expressions count on one', async () => {
    expect((await start('core-1', 'reads-one')).status).toBe(202);
    const [status, problem] = await refusals('/jobs/reads-one/runs', { target: ['core-1'] });
    expect(status).toBe(422);
    expect(problem).toMatch(/^\/target target: on several targets this job cannot run: steps\[1\]\.if: /);
  });
});
