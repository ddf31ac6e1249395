import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
const definition = (word: string) => ({
  name: 'planned',
  parameters: { site: { type: 'string' }, token: { type: 'string', secret: true } },
  steps: [
    {
      id: 'one',
      type: 'local.exec',
      secrets: { T: 'parameters.token' },
      config: { command: `echo ${word} "$S"`, environment: { S: '${{ parameters.site }}' } },
    },
    { id: 'hosts', type: 'ssh.exec', enabled: false, target: { tags: ['edge'] }, config: { command: 'uptime' } },
  ],
});
const target = (name: string) =>
  stack.as.call('POST', '/targets', { name, kind: 'ssh', host: '127.0.0.1', username: 'nobody', tags: ['edge'] });
beforeAll(async () => {
  stack = await startStack();
  await target('edge-1');
  await stack.as.job(definition('hello'));
});
afterAll(() => stack?.stop());

const given = { parameters: { site: 'ber', token: 'very-secret-value' } };
const plan = async () => {
  const { status, body } = await stack.as.call('POST', '/jobs/planned/plan', given);
  expect(status).toBe(200);
  return body as JsonObject & { readonly id: string; readonly hash: string };
};

test('a plan says what would be done on which target, runs nothing, and starts exactly that', async () => {
  const first = await plan();
  expect(first).toMatchObject({
    version: 1,
    parameters: { site: 'ber' },
    since_last: null,
    estimate_ms: null,
    steps: [
      {
        id: 'one',
        runs: 'yes',
        secrets: { T: 'parameters.token' },
        parts: [{ config: { command: 'echo hello "$S"', environment: { S: 'ber' } } }],
      },
      { id: 'hosts', runs: 'no', parts: [{ key: 'hosts[0]', target: 'edge-1' }] },
    ],
  });
  expect(JSON.stringify(first)).not.toContain('very-secret-value');
  expect((await stack.as.call('GET', '/runs')).body.items).toEqual([]);

  const start = (body: object) => stack.as.call('POST', '/jobs/planned/runs', body);
  expect((await start({ plan: first.id })).status).toBe(422);
  expect((await start({ plan: first.id, parameters: { site: 'fra', token: 'x' } })).status).toBe(422);
  const run = await start({ plan: first.id, parameters: { token: 'very-secret-value' } });
  expect([run.status, run.body.parameters]).toEqual([202, { site: 'ber' }]);
  await stack.as.until(String(run.body.id));
  expect((await plan()).since_last).toMatchObject({ status: 'completed', parameters: [], version: null });
  expect(await plan()).toMatchObject({ estimate_ms: expect.any(Number), hash: first.hash });
});

test('a start by a plan is refused once targets or the version are others', async () => {
  const before = await plan();
  const start = (id: string, headers = {}) =>
    stack.as.call('POST', '/jobs/planned/runs', { plan: id, parameters: { token: 'very-secret-value' } }, headers);
  await stack.as.until(String((await start(before.id)).body.id));
  await target('edge-2');
  expect(await start(before.id)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('has changed: hosts') } });
  const after = await plan();
  expect(after.since_last).toMatchObject({ targets: [] });
  const once = { 'idempotency-key': 'planned' };
  const started = await start(after.id, once);
  expect(started.status).toBe(202);
  const { headers } = await stack.as.call('GET', '/jobs/planned');
  await stack.as.call('PUT', '/jobs/planned', definition('goodbye'), { 'if-match': headers.get('etag') ?? '' });
  expect(await start(after.id)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('which is at version 2') } });
  expect(await start(after.id, once)).toMatchObject({ status: 202, body: { id: started.body.id } });
  const atOne = { plan: after.id, version: 1, parameters: { token: 'very-secret-value' } };
  expect((await stack.as.call('POST', '/jobs/planned/runs', atOne)).status).toBe(202);
  expect((await start('01900000-0000-7000-8000-000000000000')).status).toBe(404);
});
