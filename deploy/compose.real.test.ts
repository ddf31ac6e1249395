import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const CHECK = fileURLToPath(new URL('compose-check', import.meta.url));
const FILE = fileURLToPath(new URL('../docker-compose.yml', import.meta.url));
const GO_MISSING = spawnSync('go', ['version']).status !== 0;
const SECRETS = { POSTGRES_PASSWORD: 'a', CAPSTAN_DB_PASSWORD: 'b', TEMPORAL_DB_PASSWORD: 'c', CAPSTAN_KEY: 'd'.repeat(44) };

const load = async (env: { readonly [name: string]: string }): Promise<string> => {
  const { stdout } = await promisify(execFile)('go', ['run', '.', FILE], {
    cwd: CHECK,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, GOPROXY: process.env.GOPROXY, ...env },
  });
  return stdout;
};

test.skipIf(GO_MISSING)('the official loader accepts docker-compose.yml, and every file it mounts is there (needs Go)', async () => {
  const services = (await load(SECRETS)).trim().split('\n').sort();
  expect(services).toEqual([
    'api capstan:local 1',
    'migrate capstan:local 1',
    'postgres postgres:18 1',
    'temporal temporalio/server:1.31.2 1',
    'temporal-namespace temporalio/admin-tools:1.31.2 1',
    'temporal-schema temporalio/admin-tools:1.31.2 1',
    'temporal-ui temporalio/ui:2.50.1 1',
    'worker capstan:local 2',
  ]);
});

test.skipIf(GO_MISSING)('a secret that was not given stops docker-compose.yml with the place to look (needs Go)', async () => {
  const { CAPSTAN_KEY: _, ...others } = SECRETS;
  await expect(load(others)).rejects.toThrow(/CAPSTAN_KEY.*deploy\/compose\.env\.example/);
});
