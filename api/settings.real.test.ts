import { afterEach, expect, test } from 'vitest';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

test('with the login off everyone on this machine administers, but no site whose name was pointed here', async () => {
  api = await startInstallation({ settings: { board: { auth_enabled: false } } });
  const { status, body } = await api.call('GET', '/me', { token: null });
  expect([status, body]).toMatchObject([200, { user: { id: null, name: 'anonymous' }, roles: ['admin'] }]);
  const { port } = new URL(api.url);
  const rebound = await fetchWithHost(Number(port), 'evil.example');
  expect(rebound).toBe(403);
  expect(await fetchWithHost(Number(port), `localhost:${port}`)).toBe(200);
});

test('other sites get no permission to read answers unless the settings name them', async () => {
  api = await startInstallation();
  const origin = { origin: 'https://board.example' };
  expect((await api.call('GET', '/me', { headers: origin })).headers.get('access-control-allow-origin')).toBeNull();
  await api.close();
  api = await startInstallation({ settings: { api: { cors_origins: ['https://board.example'] } } });
  expect((await api.call('GET', '/me', { headers: origin })).headers.get('access-control-allow-origin')).toBe('https://board.example');
  expect(
    (await api.call('GET', '/me', { headers: { origin: 'https://other.example' } })).headers.get('access-control-allow-origin'),
  ).toBeNull();
});

test('the API lives below the prefix the settings give', async () => {
  api = await startInstallation({ settings: { board: { api_prefix: '/capstan/api' } } });
  expect((await fetch(`${api.url}/capstan/api/me`)).status).toBe(401);
  expect((await fetch(`${api.url}/capstan/api/openapi.json`)).status).toBe(200);
});

test('a request keeps the id it came with, and gets one otherwise', async () => {
  api = await startInstallation();
  const given = await api.call('GET', '/nothing', { headers: { 'x-request-id': 'from-my-proxy-1' } });
  expect([given.headers.get('x-request-id'), given.body.request_id]).toEqual(['from-my-proxy-1', 'from-my-proxy-1']);
  const made = await api.call('GET', '/me');
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

/** Asks with another name of the host, which `fetch` does not let anyone choose. */
async function fetchWithHost(port: number, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request({ port, path: '/api/v1/me', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
