import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordRuns } from '#db/queries/record-runs.ts';
import { record, stepRecord } from '#db/testing/runs.ts';
import type { JsonObject } from '#jobs/json.ts';
import { type Installation, startInstallation } from '../testing/installation.ts';

const sample = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../jobs/foreign/samples/${name}.json`, import.meta.url), 'utf8'));

let api: Installation;
let schemaOf: (method: string, path: string, status: number) => object;
const asked = new Set<string>();

beforeAll(async () => {
  api = await startInstallation();
  const { body } = await api.call<Document>('GET', '/openapi.json');
  schemaOf = (method, path, status) => {
    const route = Object.keys(body.paths).find((known) => new RegExp(`^${known.replace(/\{\w+\}/g, '[^/]+')}$`).test(path)) ?? '';
    asked.add(`${method} ${route}`);
    const schema = body.paths[route]?.[method.toLowerCase()]?.responses[status]?.content?.['application/json'].schema;
    return { ...schema, components: body.components };
  };
});
afterAll(() => api.close());

interface Document {
  readonly components: object;
  readonly paths: {
    readonly [path: string]: {
      readonly [method: string]: {
        readonly responses: { readonly [status: string]: { readonly content?: { 'application/json': { schema: object } } } };
      };
    };
  };
}

type Body = JsonObject & { readonly items: readonly JsonObject[] };

/** What a predecessor's client gets, checked against the documented schema of that route. */
async function ask(method: string, path: string, sent?: object, token = api.tokens.admin): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${api.url}/legacy${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(sent && { 'content-type': 'application/json' }) },
    ...(sent && { body: JSON.stringify(sent) }),
  });
  const text = await response.text();
  const body = text === '' ? {} : JSON.parse(text);
  if (response.ok && text !== '') {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    const schema = schemaOf(method, `/legacy${path.split('?')[0]}`, response.status);
    expect(ajv.validate(schema, body), `${method} ${path}: ${ajv.errorsText()}`).toBe(true);
  } else if (response.ok) schemaOf(method, `/legacy${path}`, response.status);
  return { status: response.status, body };
}

const idOf = (number: number) =>
  api.database.sql<{ id: string }[]>`select id from runs where number = ${number}`.then(([row]) => row?.id ?? '');

test('a client of the definitions saves its sample, runs it, follows and cancels the run', async () => {
  const refused = await ask('POST', '/definitions/api/v1/jobs', sample('config-style'));
  expect([refused.status, refused.body.problems]).toMatchObject([422, [{ pointer: '/steps/0/type' }, { pointer: '/steps/1/type' }]]);

  const { status, body: job } = await ask('POST', '/definitions/api/v1/jobs?unknown_steps=leave_out', sample('config-style'));
  expect(status).toBe(201);
  expect(job).toMatchObject({ name: 'nightly-patch-check', title: 'Nightly patch check', version: 1, is_active: true });

  const start = { parameters: { report_dir: '/srv' }, target_id: 'edge-1' };
  const run = await ask('POST', `/definitions/api/v1/jobs/${job.id}/run`, start);
  expect([run.status, run.body]).toMatchObject([202, { job_id: job.id, status: 'PENDING', target_id: 'edge-1', total_steps: 3 }]);
  expect((await ask('GET', '/definitions/api/v1/runs?status=pending&size=1')).body).toMatchObject({
    items: [{ id: run.body.id }],
    size: 1,
  });
  expect((await ask('GET', `/definitions/api/v1/runs/${run.body.id}`)).body).toMatchObject({
    parameters: { report_dir: '/srv', scope: 'basic' },
  });

  const id = await idOf(Number(run.body.id));
  await recordRuns(api.database.sql, [record(id, 1, 'running', { steps: [stepRecord('disk-on-the-jump-host', 'skipped')] })]);
  expect((await ask('GET', `/definitions/api/v1/runs/${run.body.id}/steps`)).body.items).toMatchObject([{ status: 'SKIPPED' }]);
  expect((await ask('GET', '/definitions/api/v1/executor/status')).body).toMatchObject({ status: 'running', running_jobs: 1 });
  expect((await ask('GET', '/definitions/api/v1/worker/status')).body).toMatchObject({ total_workers: 0 });
  expect((await ask('DELETE', `/definitions/api/v1/runs/${run.body.id}`)).status).toBe(202);
  await ask('POST', `/definitions/api/v1/executor/cancel/${run.body.id}`);
  expect((await ask('GET', '/definitions/api/v1/runs/99999999')).status).toBe(404);
  expect((await ask('GET', '/definitions/api/v1/runs?size=1000')).status).toBe(400);
});

test('a client of the scheduler validates and executes its sample', async () => {
  const verdict = await ask('POST', '/scheduler/api/v2/jobs/validate', sample('step-type-style'));
  expect(verdict.body).toMatchObject({ valid: false, errors: [/sql/, /powershell/, /azure/].map((type) => expect.stringMatching(type)) });
  expect((await ask('POST', '/scheduler/api/v2/jobs/execute', sample('step-type-style'))).status).toBe(422);
  const run = await ask('POST', '/scheduler/api/v2/jobs/execute?unknown_steps=leave_out', sample('step-type-style'));
  expect([run.status, run.body]).toMatchObject([202, { success: true, status: 'PENDING' }]);
  const given = sample('step-type-style');
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const scheduled = await ask('POST', '/scheduler/api/v2/jobs/schedule?unknown_steps=leave_out', {
    ...given,
    schedule: { scheduled_for: later },
  });
  expect([scheduled.status, scheduled.body.status]).toEqual([202, 'PENDING']);
  const byCron = (cron_expression: string) =>
    ask('POST', '/scheduler/api/v2/jobs/schedule?unknown_steps=leave_out', { ...given, schedule: { cron_expression } });
  const never = await byCron('0 8 31 2 *');
  expect([never.status, never.body.problems]).toMatchObject([422, [{ pointer: '/schedule/cron_expression' }]]);
  expect([(await byCron('0 8 * * *')).status, (await byCron('0 9 * * *')).status]).toEqual([202, 409]);
  const [kept] = await api.database.sql`select job, definition, timezone from schedules where name = 'morning-figures'`;
  expect(kept).toMatchObject({ job: 'morning-figures', definition: { cron: '0 8 * * *' }, timezone: 'America/New_York' });
  const shown = await ask('GET', '/scheduler/api/v2/execution/status');
  expect(shown.body.executions).toMatchObject([{ job_name: 'Morning figures' }, { execution_id: run.body.execution_id }, {}]);
  const { body: types } = await ask('GET', '/scheduler/api/v2/steps/types');
  expect((types.step_types as unknown as readonly { type: string }[]).map(({ type }) => type)).toContain('ssh.exec');
  expect((await ask('GET', '/scheduler/api/v2/performance/summary')).body.total).toBe(3);
  expect((await ask('GET', '/scheduler/api/v2/health')).body).toMatchObject({
    status: 'unhealthy',
    checks: { postgres: true, worker: false },
  });
  expect((await ask('POST', '/scheduler/api/v2/jobs/execute', { steps: [] })).status).toBe(422);
});

test('a client of the dashboard starts, tells of, retries and deletes a job', async () => {
  const { body: job } = await ask('POST', '/dashboard/api/jobs/', {
    name: 'nightly-patch-check',
    parameters: { report_dir: '/x' },
    client: 'acme',
    priority: 2,
  });
  expect(job).toMatchObject({
    name: 'Nightly patch check',
    client: 'acme',
    priority: 2,
    latest_status: { status: 'PENDING', progress: 0 },
  });
  expect((await ask('GET', '/dashboard/api/jobs/queue/')).body.items.at(-1)).toMatchObject({ id: job.id });
  const told = await ask('PATCH', `/dashboard/api/jobs/${job.id}/`, { status: 'PENDING', message: 'waits for parts', progress: 10 });
  expect(told.body).toMatchObject({ latest_status: { message: 'waits for parts', progress: 10 } });
  expect((await ask('PATCH', `/dashboard/api/jobs/${job.id}/`, { status: 'COMPLETED' })).status).toBe(409);
  const page = await ask('GET', '/dashboard/api/jobs/?status=PENDING&page=1&size=20&ordering=-created_at');
  expect(page.body.items[0]).toMatchObject({ id: job.id });

  const steps = [1, 2].map((n) => ({ id: `s${n}`, type: 'ssh.exec', needs: [], config: { command: 'true' } }));
  const start = { definition: { name: 'on-two', steps }, target: ['edge-1', 'edge-2'], steps: ['s2'] };
  const { body: onTwo } = await api.call<{ number: number }>('POST', '/runs', { body: start });
  const { body: repeated } = await ask('POST', `/dashboard/api/jobs/${onTwo.number}/retry/`);
  const { body: asIt } = await api.call('GET', `/runs/${await idOf(Number(repeated.id))}`);
  expect(asIt).toMatchObject({ target: 'edge-1,edge-2', selected_steps: ['s2'] });

  const again = await ask('POST', `/dashboard/api/jobs/${job.id}/retry/`);
  expect([again.status, again.body]).toMatchObject([201, { retry_count: 1 }]);
  expect((await ask('POST', `/dashboard/api/jobs/${again.body.id}/cancel/`)).status).toBe(202);
  expect((await ask('GET', `/dashboard/api/jobs/${job.id}/logs/`)).body).toEqual({ items: [] });
  expect((await ask('DELETE', `/dashboard/api/jobs/${job.id}/`)).status).toBe(409);
  await recordRuns(api.database.sql, [record(await idOf(Number(job.id)), 1, 'completed')]);
  expect((await ask('DELETE', `/dashboard/api/jobs/${job.id}/`)).status).toBe(204);
  expect((await ask('GET', '/dashboard/api/jobs/stats/')).body).toMatchObject({ completed: 1, success_rate: 100 });
  expect((await ask('POST', '/dashboard/api/jobs/', { name: 'nobody' })).status).toBe(404);
});

test('the permissions are those of the routes they stand for, and every one of them has answered', async () => {
  const viewer = api.tokens.viewer;
  expect((await ask('POST', '/definitions/api/v1/jobs', sample('config-style'), viewer)).status).toBe(403);
  expect((await ask('POST', '/dashboard/api/jobs/', { name: 'x' }, viewer)).status).toBe(403);
  const { body } = await api.call<Document>('GET', '/openapi.json');
  const there = Object.entries(body.paths).flatMap(([path, methods]) =>
    path.startsWith('/legacy/') ? Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`) : [],
  );
  expect(there.filter((route) => !asked.has(route))).toEqual([]);
});
