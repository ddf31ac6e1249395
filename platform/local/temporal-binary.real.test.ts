import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProgress } from './progress.ts';
import { provideTemporal, TEMPORAL_CLI_VERSION } from './temporal-binary.ts';
import { downloadTemporal } from './temporal-download.ts';

/** A program that answers as `temporal` does; what is tested is how it comes here, not what it does. */
const program = (version: string) => `#!/bin/sh\necho "temporal version ${version} (Server 1.31.2, UI 2.50.1)"\n`;

let folder: string;
let server: Server;
let service: string;
let archives = 0;
const place = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
  chmodSync(path.join(folder, name), 0o755);
};
const cached = () => path.join(folder, 'cache/capstan', `temporal-${TEMPORAL_CLI_VERSION}`);
const env = () => ({ PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder, XDG_CACHE_HOME: path.join(folder, 'cache') });

beforeAll(async () => {
  const archive = path.join(mkdtempSync(path.join(tmpdir(), 'capstan-archive-')), 'temporal.tar.gz');
  writeFileSync(path.join(path.dirname(archive), 'temporal'), program(TEMPORAL_CLI_VERSION));
  const { stdout } = spawnSync('tar', ['-czf', '-', '-C', path.dirname(archive), 'temporal']);
  rmSync(path.dirname(archive), { recursive: true });
  server = createServer((request, response) => {
    if (request.url?.startsWith(`/cli/v${TEMPORAL_CLI_VERSION}?`)) {
      response.end(JSON.stringify({ archiveUrl: `${service}/archive.tar.gz`, fileToExtract: 'temporal' }));
    } else if (request.url === '/archive.tar.gz') {
      archives += 1;
      response.end(stdout);
    } else if (request.url?.startsWith('/silent/')) {
      response.writeHead(200).write('{');
    } else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  service = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = mkdtempSync(path.join(tmpdir(), 'capstan-provide-'));
  archives = 0;
});

test('a temporal on PATH that is new enough is used as it is', async () => {
  place('bin/temporal', program('1.9.0'));
  expect(await provideTemporal({ env: env(), ways: [] })).toEqual({ path: path.join(folder, 'bin/temporal'), from: 'PATH' });
});

test('a temporal on PATH that is too old is passed over for the cached one', async () => {
  place('bin/temporal', program('1.7.2'));
  place(`cache/capstan/temporal-${TEMPORAL_CLI_VERSION}`, program(TEMPORAL_CLI_VERSION));
  expect(await provideTemporal({ env: env(), ways: [] })).toEqual({ path: cached(), from: 'cache' });
});

test('a cached program that does not run is replaced', async () => {
  place(`cache/capstan/temporal-${TEMPORAL_CLI_VERSION}`, 'half a download');
  expect(await provideTemporal({ env: env(), ways: ['download'], service })).toEqual({ path: cached(), from: 'download' });
});

test('two starts at once download once, and leave nothing but the program', async () => {
  const both = await Promise.all([1, 2].map(() => provideTemporal({ env: env(), ways: ['download'], service })));
  expect(both.map(({ from }) => from).sort()).toEqual(['cache', 'download']);
  expect(archives).toBe(1);
  expect(readdirSync(path.dirname(cached()))).toEqual([path.basename(cached())]);
});

test('when no way works the error names all five and why each failed', async () => {
  place('bin/temporal', program('1.7.2'));
  place('bin/go', '#!/bin/sh\necho go1.19.8\n');
  const message = await provideTemporal({ env: env(), service: `${service}/nowhere` }).catch((error: Error) => error.message);
  expect(message).toBe(
    [
      'Temporal could not be provided. Any one of these helps:',
      '  1. set TEMPORAL_ADDRESS to a cluster (host:port)',
      `  2. put temporal 1.8 or newer on PATH (${folder}/bin/temporal is 1.7.2, needed is 1.8 or newer)`,
      `  3. place the program in the cache (not there: ${cached()})`,
      `  4. allow downloads from temporal.download (download: ${new URL(service).host} answered 404)`,
      '  5. install Go 1.21 or newer, with access to its module proxy (build: go 1.19.8 is too old (1.21 or newer fetches the toolchain it needs))',
    ].join('\n'),
  );
  expect(existsSync(cached())).toBe(false);
});

test('a cache that cannot be written is named', async () => {
  writeFileSync(path.join(folder, 'cache'), 'a file where the folder should be');
  await expect(provideTemporal({ env: env(), ways: [] })).rejects.toThrow(`${path.join(folder, 'cache/capstan')} cannot be written (`);
});

test('a download that falls silent is given up', async () => {
  const progress = startProgress('test', { write: () => true });
  const download = downloadTemporal({ version: '1.0.0', folder, progress, service: `${service}/silent`, silenceMs: 300 });
  await expect(download).rejects.toThrow(`${service}/silent sent nothing for 0.3 s`);
  progress.end();
});
