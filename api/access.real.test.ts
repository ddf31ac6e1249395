import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Permission, permissionsOf } from './permissions.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

/** All that answers without a login; a route that joins this list does so by a change of this test. */
const PUBLIC = [
  'GET /api/v1/openapi.json',
  'GET /api/v1/schema/calendar.json',
  'GET /api/v1/schema/job.json',
  'GET /api/v1/schema/schedule.json',
  'GET /api/v1/schema/target.json',
  'GET /health',
  'GET /healthz',
  'GET /readyz',
  'POST /api/v1/hooks/{token}',
  'POST /api/v1/login',
];

interface Operation {
  readonly 'x-permission'?: Permission;
  readonly security?: readonly object[];
}

let api: Installation;
let routes: readonly { readonly method: string; readonly path: string; readonly operation: Operation }[];

beforeAll(async () => {
  api = await startInstallation();
  const { body } = await api.call<{ paths: { [path: string]: { [method: string]: Operation } } }>('GET', '/openapi.json', { token: null });
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => api.close());

/** The path with a name or id that nothing has. */
const nowhere = (path: string) => path.replace('{id}', '00000000-0000-7000-8000-000000000000').replaceAll(/\{\w+\}/g, '9');

const ask = (method: string, path: string, token: string | null) =>
  fetch(`${api.url}${nowhere(path)}`, { method, headers: token === null ? {} : { authorization: `Bearer ${token}` } });

test('without a login everything answers 401 but the public list', async () => {
  const answering = [];
  for (const { method, path } of routes) {
    const { status } = await ask(method, path, null);
    if (status !== 401) answering.push(`${method} ${path}`);
  }
  expect([...answering].sort()).toEqual(PUBLIC);
});

test('every documented route states its permission or is public', () => {
  const silent = routes.filter(({ operation }) => operation['x-permission'] === undefined).map(({ method, path }) => `${method} ${path}`);
  expect(silent.sort()).toEqual(PUBLIC);
});

test.each(['viewer', 'operator', 'admin'] as const)('a %s is refused exactly what the role does not hold', async (role) => {
  const held = permissionsOf([role]);
  const wrong: string[] = [];
  for (const { method, path, operation } of routes) {
    const permission = operation['x-permission'];
    if (permission === undefined) continue;
    const { status } = await ask(method, path, api.tokens[role]);
    if ((status === 403) !== !held.includes(permission)) wrong.push(`${method} ${path} needs ${permission}, answered ${status}`);
    if (status === 401 || status >= 500) wrong.push(`${method} ${path} answered ${status}`);
  }
  expect(wrong).toEqual([]);
});

test.each([
  '/api/v1/runs/../users',
  '/api/v1//users',
  '/api/v1/%75sers',
  '/api/v1/users/',
  '/api/v1/users%2f',
  '/API/v1/users',
  '/api/v1/nothing',
])('%s opens nothing without a login', async (path) => {
  const response = await fetch(`${api.url}${path}`);
  expect(response.headers.get('content-type')).not.toBe('application/json');
  expect([401, 404, 200]).toContain(response.status);
  expect(await response.text()).not.toContain('"items"');
});

test.each([
  ['no token', ''],
  ['another scheme', 'Basic YWRtaW46YWRtaW4='],
  ['a mistyped token', `Bearer cap_${'a'.repeat(50)}`],
  ['an unknown token of the right shape', 'Bearer 0123456789012345678901234567890123456789'],
  ['injection', "Bearer ' or 1=1 --aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
])('%s is answered 401 with the way to sign in', async (_what, authorization) => {
  const response = await fetch(`${api.url}/api/v1/me`, { headers: { authorization } });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({ status: 401, title: 'Not signed in', request_id: expect.any(String) });
});
