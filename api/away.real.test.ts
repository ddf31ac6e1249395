import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalPostgres, startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let dir: string;
let postgres: LocalPostgres;
let api: Installation;

const startServer = (port?: number) =>
  startPostgres({ dir: path.join(dir, 'postgres'), ...(port && { port }), settings: { fsync: 'off' } });

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-away-'));
  postgres = await startServer();
  api = await startInstallation({ databaseUrl: postgres.url });
  await api.call('POST', '/jobs', { body: 'name: quiet\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n' });
});
afterAll(async () => {
  await api.close();
  await postgres.stop();
  removePostgres(path.join(dir, 'postgres'));
  await rm(dir, { recursive: true, force: true });
});

test('while Postgres is away every request is answered 503 with the time to wait, and all is well again without help', async () => {
  const port = Number(new URL(postgres.url).port);
  await postgres.stop();
  for (const [method, path] of [
    ['GET', '/runs'],
    ['GET', '/jobs/quiet'],
    ['POST', '/jobs/quiet/runs'],
    ['GET', '/users'],
  ] as const) {
    const { status, headers, body } = await api.call(method, path);
    expect([path, status, headers.get('retry-after')]).toEqual([path, 503, '2']);
    expect(body).toMatchObject({ detail: 'Postgres does not answer; nothing was changed' });
  }
  const ready = await api.call<{ checks: { name: string; ok: boolean }[] }>('GET', '/readyz', { token: null });
  expect([ready.status, ready.body.checks.find(({ name }) => name === 'postgres')?.ok]).toEqual([503, false]);

  postgres = await startServer(port);
  await expect.poll(async () => (await api.call('POST', '/jobs/quiet/runs', { body: {} })).status, { timeout: 10_000 }).toBe(202);
});
