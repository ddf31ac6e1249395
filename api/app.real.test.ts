import { hc } from 'hono/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from './app.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

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
