import { hc } from 'hono/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { recordRuns } from '#db/queries/record-runs.ts';
import { recordSteps } from '#db/queries/record-steps.ts';
import { accept, record, snapshot } from '#db/testing/runs.ts';
import { ZONE_NAMES } from '#jobs/zones/names.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { Api } from './app.ts';
import { type Installation, startInstallation } from './testing/installation.ts';
import { CredentialView } from './views/credential.ts';
import { JobSummary, JobVersionSummary, JobView } from './views/job.ts';
import { GroupView, Me, TokenView, UserView } from './views/person.ts';
import { RunSummary, RunView } from './views/run.ts';
import { HistoryEntry, StepView } from './views/step.ts';
import { TargetView } from './views/target.ts';
import { Timezones } from './views/timezone.ts';

const ICAL =
  'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
});
afterAll(() => api.close());

test('a client typed by the API needs no other description of it', async () => {
  const client = hc<Api>(`${api.url}/api/v1`, { headers: { authorization: `Bearer ${api.tokens.admin}` } });
  const made = await client.targets.$post({ json: { name: 'edge', host: '10.0.0.1' } });
  const target = await made.json();
  expect(target.host_key_policy satisfies 'strict' | 'accept_new').toBe('strict');
  const listed = await client.runs.$get({ query: { status: 'failed,lost', limit: '5' } });
  const page = await listed.json();
  expect(page.items.map((run) => run.number satisfies number)).toEqual([]);
});

test('what is added or replaced with the same key, at once or when it is long over, is so once', async () => {
  const twice = async (method: string, path: string, body: unknown, headers: { readonly [name: string]: string } = {}) => {
    const ask = () =>
      api.call<{ version: number }>(method, path, { body, headers: { ...headers, 'idempotency-key': `${method} ${path}` } });
    const answers = [...(await Promise.all([ask(), ask()])), await ask()];
    return answers.map((answer) => [answer.status, answer.body.version]);
  };
  const thrice = (answer: readonly [status: number, version?: number]) => [answer, answer, answer];
  expect(await twice('POST', '/targets', { name: 'twice', host: '10.0.0.2' })).toEqual(thrice([201, 1]));
  expect(await twice('PUT', '/targets/twice', { host: '10.0.0.3' }, { 'if-match': '"1"' })).toEqual(thrice([200, 2]));
  expect(await twice('POST', '/credentials', { name: 'twice', kind: 'ssh_password', password: 'x' })).toEqual(thrice([201, 1]));
  const rotated = { kind: 'ssh_password', password: 'y' };
  expect(await twice('PUT', '/credentials/twice', rotated, { 'if-match': '"1"' })).toEqual(thrice([200, 2]));
  expect(await twice('POST', '/users', { name: 'twice', role: 'viewer', password: 'long enough a word' })).toEqual(thrice([201, 1]));
  const raised = { role: 'operator', active: true };
  expect(await twice('PUT', '/users/twice', raised, { 'if-match': '"1"' })).toEqual(thrice([200, 2]));
  expect(await twice('POST', '/groups', { name: 'twice', members: ['twice'] })).toEqual(thrice([201, 1]));
  expect(await twice('PUT', '/groups/twice', { members: [] }, { 'if-match': '"1"' })).toEqual(thrice([200, 2]));
  expect(await twice('POST', '/views', { list: 'runs', name: 'twice', search: 'status=failed' })).toEqual(thrice([201, 1]));
  expect(await twice('POST', '/calendars', { name: 'twice', entries: ['12-24'] })).toEqual(thrice([201, 1]));
  const imported = await twice('POST', '/calendars/import?name=twice-read', ICAL, { 'content-type': 'text/calendar' });
  expect(imported.map(([, version]) => version)).toEqual([1, 1, 1]);
});

test('whatever can be deleted is deleted once by a key, and sent again, at once or when it is long over, is answered as it was', async () => {
  const { sql } = api.database;
  const post = async (path: string, body: unknown, headers: { readonly [name: string]: string } = {}) => {
    const answer = await api.call<{ id: string; detail?: string }>('POST', path, { body, headers });
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${answer.body.detail}`);
    return answer;
  };
  const first = async (path: string) => (await api.call<{ items: { id: string }[] }>('GET', path)).body.items[0]?.id;
  const job = (name: string) => `name: ${name}\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n`;
  const fingerprint = 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
  await post('/targets', { name: 'away', host: '10.0.0.9' });
  const hostKey = { type: 'ssh-ed25519', key: 'AAAAC3NzaC1lZDI1NTE5AAAAIGt0ZXN0a2V5dGVzdGtleXRlc3RrZXl0ZXN0a2V5dGVzdGs=', fingerprint };
  await sql`update targets set host_keys = ${sql.json([hostKey])} where name = 'away'`;
  await post('/credentials', { name: 'away', kind: 'ssh_password', password: 'x' });
  await post('/groups', { name: 'away', members: [] });
  await post('/jobs', job('away'));
  await post('/jobs', job('away-for-good'));
  await api.call('PUT', '/jobs/away/tags/stable', { body: { version: 1 } });
  await api.call('DELETE', '/jobs/away-for-good', { headers: { 'if-match': '*' } });
  await post('/schedules', { name: 'away', job: 'away', cron: '0 3 * * *' });
  await post('/calendars', { name: 'away', entries: ['12-24'] });
  await post('/calendars/import?name=away-read', ICAL, { 'content-type': 'text/calendar' });
  await api.call('PUT', '/queues/weights/away', { body: { weight: 2 } });
  const view = (await post('/views', { list: 'runs', name: 'away', search: 'status=lost' })).body.id;
  const token = (await post('/tokens', { name: 'away' })).body.id;
  const { run } = await accept(sql);
  await recordRuns(sql, [record(run, 1, 'completed')]);

  const deleted: readonly (readonly [route: string, path: string, status: number])[] = [
    ['/targets/{name}/host-keys/{fingerprint}', `/targets/away/host-keys/${encodeURIComponent(fingerprint)}`, 204],
    ['/targets/{name}', '/targets/away', 204],
    ['/credentials/{name}', '/credentials/away', 204],
    ['/groups/{name}', '/groups/away', 204],
    ['/jobs/{name}/tags/{tag}', '/jobs/away/tags/stable', 204],
    ['/jobs/{name}', '/jobs/away', 204],
    ['/jobs/trash/{id}', `/jobs/trash/${await first('/jobs/trash')}?confirm=away-for-good`, 204],
    ['/schedules/{name}', '/schedules/away', 204],
    ['/calendars/{name}/ical', '/calendars/away-read/ical', 200],
    ['/calendars/{name}', '/calendars/away', 204],
    ['/queues/weights/{client}', '/queues/weights/away', 204],
    ['/views/{id}', `/views/${view}`, 204],
    ['/tokens/{id}', `/tokens/${token}`, 204],
    ['/runs/{id}', `/runs/${run}`, 204],
  ];
  const { paths } = (await api.call<{ paths: { [path: string]: object } }>('GET', '/openapi.json')).body;
  const routes = Object.entries(paths).flatMap(([path, ways]) => ('delete' in ways ? [path.replace('/api/v1', '')] : []));
  // What stands in for older systems knows no keys, as those did not.
  expect(deleted.map(([route]) => route).toSorted()).toEqual(routes.filter((route) => !route.startsWith('/legacy/')).toSorted());

  const entries = async () => Number((await sql<{ count: number }[]>`select count(*) as count from audit_entries`)[0]?.count);
  for (const [route, path, status] of deleted) {
    const ask = () => api.call('DELETE', path, { headers: { 'if-match': '*', 'idempotency-key': route } });
    const before = await entries();
    const answers = [...(await Promise.all([ask(), ask()])), await ask()];
    expect([route, ...answers.map((answer) => answer.status)]).toEqual([route, status, status, status]);
    expect([route, await entries()]).toEqual([route, before + 1]);
  }
});

test('what is changed or stopped by a key is so once, and the same key for deleting it is another request', async () => {
  const { sql } = api.database;
  const twice = async (method: string, path: string, body?: unknown, headers: { readonly [name: string]: string } = {}) => {
    const ask = () => api.call(method, path, { body, headers: { ...headers, 'idempotency-key': 'one dialog' } });
    const answers = [...(await Promise.all([ask(), ask()])), await ask()];
    await sql`delete from idempotency_keys`;
    return answers.map((answer) => answer.status);
  };
  const same = (status: number) => [status, status, status];
  await api.call('POST', '/jobs', { body: 'name: held\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n' });
  await api.call('POST', '/schedules', { body: { name: 'held', job: 'held', cron: '0 3 * * *' } });
  await api.call('POST', '/calendars', { body: { name: 'held', entries: ['12-24'] } });
  const view = (await api.call('POST', '/views', { body: { list: 'runs', name: 'held', search: 'status=lost' } })).body.id;
  await sql`insert into queues (name, capability) values ('held', 'exec')`;
  const one = { 'if-match': '"1"' };
  expect(await twice('PATCH', '/schedules/held', { cron: '0 4 * * *' }, one)).toEqual(same(200));
  expect(await twice('PUT', '/schedules/held', { name: 'held', job: 'held', cron: '0 5 * * *' }, { 'if-match': '"2"' })).toEqual(same(200));
  expect(await twice('PUT', '/calendars/held', { name: 'held', entries: ['12-25'] }, one)).toEqual(same(200));
  expect(await twice('PATCH', `/views/${view}`, { name: 'kept' }, one)).toEqual(same(200));
  expect(await twice('POST', '/queues/held/pause', { note: 'a while' })).toEqual(same(200));
  expect(await twice('POST', '/queues/held/resume', {})).toEqual(same(200));
  const words = { current: 'operator-password', next: 'a password of their own' };
  const { status } = await api.call('POST', '/me/password', {
    body: words,
    token: api.tokens.operator,
    headers: { 'idempotency-key': 'p' },
  });
  const again = await api.call('POST', '/me/password', { body: words, token: api.tokens.operator, headers: { 'idempotency-key': 'p' } });
  expect([status, again.status]).toEqual([200, 200]);

  const key = { 'idempotency-key': 'both', 'if-match': '*' };
  expect((await api.call('PATCH', '/schedules/held', { body: {}, headers: key })).status).toBe(200);
  expect((await api.call('DELETE', '/schedules/held', { headers: key })).status).toBe(409);
});

test('every time zone that may be written is listed, with the clocks it has now and the release that says so', async () => {
  const { status, body } = await api.call<z.infer<typeof Timezones>>('GET', '/timezones');
  expect([status, body.version, body.items.length]).toEqual([200, zoneData().version, ZONE_NAMES.length]);
  expect(z.strictObject(Timezones.shape).safeParse(body).error?.issues ?? []).toEqual([]);
  const named = (name: string) => body.items.find((item) => item.name === name);
  expect(named('Asia/Calcutta')).toEqual({ name: 'Asia/Calcutta', alias_of: 'Asia/Kolkata', offset_minutes: 330, abbreviation: 'IST' });
  expect(named('Etc/UTC')).toEqual({ name: 'Etc/UTC', alias_of: null, offset_minutes: 0, abbreviation: 'UTC' });
});

test('what is answered has the fields that the document promises, and no others', async () => {
  await api.call('POST', '/jobs', { body: 'name: seen\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n' });
  const { body: run } = await api.call<{ id: string }>('POST', '/jobs/seen/runs', { body: {} });
  await recordSteps(api.database.sql, [startedStep(run.id)]);
  await api.call('POST', '/credentials', { body: { name: 'seen', kind: 'ssh_password', password: 'x' } });
  await api.call('POST', '/targets', { body: { name: 'seen', host: '10.0.0.2' } });
  await api.call('POST', '/groups', { body: { name: 'seen', members: ['viewer'] } });

  const one = async (path: string) => (await api.call('GET', path)).body;
  const first = async (path: string) => (await api.call<{ items: unknown[] }>('GET', path)).body.items[0];
  const promised: readonly (readonly [z.ZodObject, unknown])[] = [
    [JobView, await one('/jobs/seen')],
    [JobSummary, await first('/jobs')],
    [JobVersionSummary, await first('/jobs/seen/versions')],
    [RunView, await one(`/runs/${run.id}`)],
    [RunSummary, await first('/runs')],
    [StepView, await first(`/runs/${run.id}/steps`)],
    [HistoryEntry, await first(`/runs/${run.id}/history`)],
    [CredentialView, await one('/credentials/seen')],
    [CredentialView, await first('/credentials')],
    [TargetView, await one('/targets/seen')],
    [UserView, await one('/users/viewer')],
    [GroupView, await one('/groups/seen')],
    [TokenView, await first('/tokens')],
    [Me, await one('/me')],
  ];
  for (const [schema, body] of promised) expect(z.strictObject(schema.shape).safeParse(body).error?.issues ?? []).toEqual([]);
});

const startedStep = (run: string) =>
  ({
    kind: 'started',
    run,
    project: 'default',
    key: 'a',
    attempt: 1,
    step_id: 'a',
    step_number: 1,
    name: 'a',
    type: 'local.exec',
    config: { command: 'true' },
    target: null,
    worker_id: 'w',
    attempts_allowed: 3,
    first_line: 1,
    at: new Date().toISOString(),
    snapshot: snapshot(1, 'running'),
  }) as const;
