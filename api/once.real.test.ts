import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdAct, takeAct } from '#db/queries/acts-of-keys.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { accept, record } from '#db/testing/runs.ts';
import { hostKey } from './testing/host-key.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

const ICAL =
  'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';

let api: Installation;
let logs: string;
beforeAll(async () => {
  logs = await mkdtemp(path.join(tmpdir(), 'capstan-logs-'));
  api = await startInstallation({ settings: { logging: { dir: logs } } });
});
afterAll(async () => {
  await api?.close();
  await rm(logs, { recursive: true, force: true });
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

test('an import, a rotation, a clean-up or a refresh that is sent again is answered as it was, and undoes nothing that came in between', async () => {
  const { sql } = api.database;
  const again = async (where: string, body: string | object, between: () => Promise<unknown>) => {
    const ask = () => api.call('POST', where, { body, headers: { 'idempotency-key': where } });
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(first.status).toBeLessThan(300);
    await between();
    for (const { status, body: said } of [second, await ask()]) expect([where, status, said]).toEqual([where, first.status, first.body]);
    return first.body;
  };
  const entries = async (action: string) => (await sql`select from audit_entries where action = ${action}`).length;
  const change = (name: string, values: object) => sql`update targets set ${sql({ ...values })} where name = ${name}`;
  const target = async (name: string) => (await api.call('GET', `/targets/${name}`)).body;

  const inventory = 'targets:\n  - { name: taken, host: 10.0.0.5 }\n';
  const moved = await again('/targets/import?format=yaml', inventory, () => change('taken', { host: '10.0.0.6' }));
  expect([moved.counts, (await target('taken')).host]).toEqual([{ create: 1, change: 0, same: 0, bad: 0 }, '10.0.0.6']);

  const forgotten = await again('/targets/host-keys/import', `10.0.0.6 ${hostKey()}\n`, () => change('taken', { host_keys: sql.json([]) }));
  expect([forgotten.items, (await target('taken')).host_keys]).toMatchObject([[{ target: 'taken', added: [{ type: 'ssh-ed25519' }] }], []]);

  await api.call('POST', '/credentials', { body: { name: 'wrapped', kind: 'ssh_password', password: 'x' } });
  expect(await again('/credentials/rewrap', {}, async () => undefined)).toMatchObject({ rewrapped: 0, failed: [] });
  expect(await entries('credential.rewrap')).toBe(1);

  const outlived = async (name: string) => {
    const file = path.join(logs, 'performance', name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'old\n');
    await utimes(file, 1_580_000_000, 1_580_000_000);
    return file;
  };
  const removed = await outlived('2020-02-01.log');
  const cleaned = await again('/log-files/cleanup', { dry_run: false }, () => outlived('2020-02-02.log'));
  expect(cleaned.files).toMatchObject([{ name: 'performance/2020-02-01.log' }]);
  expect([existsSync(removed), existsSync(path.join(logs, 'performance', '2020-02-02.log'))]).toEqual([false, true]);

  await api.call('POST', '/calendars/import?name=elsewhere', { body: ICAL, headers: { 'content-type': 'text/calendar' } });
  await sql`update calendar_feeds set url = 'https://example.com/a.ics', refresh_ms = 3600000 where calendar_id = (select id from calendars where name = 'elsewhere')`;
  await again(
    '/calendars/elsewhere/refresh',
    {},
    () => sql`update calendar_feeds set due_at = now() + interval '1 hour' where url is not null`,
  );
  expect(await sql`select from calendar_feeds where url is not null and due_at > now()`).toHaveLength(1);
  expect(await entries('calendar.refresh')).toBe(1);
});

test('an import that is refused can be mended and sent again with its key', async () => {
  const ask = (name: string) =>
    api.call('POST', '/targets/import?format=yaml', {
      body: `targets:\n  - { name: ${name}, host: 10.0.0.7 }\n`,
      headers: { 'idempotency-key': 'mend' },
    });
  expect((await ask('no name')).status).toBe(422);
  expect((await ask('named')).status).toBe(200);
  expect((await ask('other')).status).toBe(409);
});

/** Routes that take no key, and why a second time does no harm. */
const WITHOUT_KEYS = {
  'POST /login': 'another session',
  'POST /hooks/{token}': 'a token takes one body, once',
  'POST /logout': 'over already',
  'PUT /me/preferences': 'from their state alone, by If-Match',
  'PUT /views/default': 'the same view',
  'POST /jobs/validate': 'only looks',
  'POST /jobs/plan': 'only looks',
  'POST /jobs/{name}/plan': 'only looks',
  'POST /jobs/{name}/parameters/{parameter}/choices': 'only looks',
  'POST /runs/bulk/preview': 'only looks',
  'POST /runs/{id}/rerun/preview': 'only looks',
  'POST /schedules/preview': 'only looks',
  'POST /schedules/validate': 'only looks',
  'POST /targets/resolve': 'only looks',
  'POST /targets/check': 'only looks, and whoever asks again wants to know how it is by now',
  'POST /targets/{name}/check': 'only looks, and whoever asks again wants to know how it is by now',
} as const;

test('whatever changes something says that a key does so once, but for what does no harm a second time', async () => {
  const { paths } = (await api.call<{ paths: Record<string, Record<string, { summary?: string }>> }>('GET', '/openapi.json')).body;
  const routes = Object.entries(paths).flatMap(([where, ways]) =>
    Object.entries(ways).map(([method, { summary = '' }]) => ({
      route: `${method.toUpperCase()} ${where.replace('/api/v1', '')}`,
      summary,
    })),
  );
  // What stands in for older systems knows no keys, as those did not.
  const changing = routes.filter(({ route }) => !route.startsWith('GET ') && !route.includes(' /legacy/'));
  const silent = changing.filter(({ summary }) => !summary.includes('`Idempotency-Key`')).map(({ route }) => route);
  expect(silent.toSorted()).toEqual(Object.keys(WITHOUT_KEYS).toSorted());
});

test('an act that takes long is nobody else’s while it is held, and one that nobody holds any more can be taken up', async () => {
  const { sql } = api.database;
  const key = { project: 'default', actor: 'ann', key: 'long', body_hash: 'x', run: uuidv7() };
  const later = () => sql`update idempotency_keys set created_at = created_at - interval '30 seconds' where key = 'long'`;
  expect(await takeAct(sql, key)).toEqual({ is: 'mine' });
  await later();
  await holdAct(sql, key);
  expect(await takeAct(sql, key)).toEqual({ is: 'under_way' });
  await later();
  expect(await takeAct(sql, key)).toEqual({ is: 'mine' });
});
