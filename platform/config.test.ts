import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import { configReference, EXAMPLE, exampleFile, REFERENCE } from './config-reference.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'capstan-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (text: string): Promise<string> => {
  const name = path.join(folder, 'capstan.toml');
  await writeFile(name, text);
  return name;
};

const complaint = (load: () => unknown): string => {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(folder, '');
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('where settings come from', () => {
  test('nothing set gives every default', () => {
    const config = loadConfig({ env: {} });
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 8420 });
    expect(config.board).toEqual({ enabled: true, ui_path: '/', api_prefix: '/api/v1', auth_enabled: true });
    expect(config.worker.local_exec).toBe(false);
  });

  test('the environment lies over the file, setting by setting', async () => {
    const name = await file('[api]\nhost = "::1"\nport = 1000\n');
    const config = loadConfig({ file: name, env: { CAPSTAN_API__PORT: '2000' } });
    expect(config.api).toMatchObject({ host: '::1', port: 2000 });
  });

  test('short names set their setting, and the long name wins over them', () => {
    const env = { DATABASE_URL: 'postgres://a/b', TEMPORAL_ADDRESS: 'temporal:7233', CAPSTAN_KEY: 'k'.repeat(32) };
    expect(loadConfig({ env })).toMatchObject({
      database: { url: 'postgres://a/b' },
      temporal: { address: 'temporal:7233' },
      key: { value: 'k'.repeat(32) },
    });
    expect(loadConfig({ env: { CAPSTAN_DATABASE__URL: 'postgres://c/d', ...env } }).database.url).toBe('postgres://c/d');
  });

  test.each([
    ['http, remote', ['http', 'remote']],
    ['["http"]', ['http']],
  ])('a list in a variable may be written %s', (text, list) => {
    expect(loadConfig({ env: { CAPSTAN_WORKER__CAPABILITIES: text } }).worker.capabilities).toEqual(list);
  });

  test('an empty variable counts as unset', () => {
    expect(loadConfig({ env: { CAPSTAN_API__PORT: '', DATABASE_READ_URL: '' } }).api.port).toBe(8420);
  });

  test('CAPSTAN_CONFIG names the file', async () => {
    const name = await file('[api]\nport = 3000\n');
    expect(loadConfig({ env: { CAPSTAN_CONFIG: name } }).api.port).toBe(3000);
  });
});

describe('what cannot be used is named with its place, its value and what was expected', () => {
  test.each([
    ['[api]\nport = "x"\n', '/capstan.toml:2: "x" cannot be api.port; expected an integer from 0 to 65535'],
    ['[api]\n\nport = 70000\n', '/capstan.toml:3: 70000 cannot be api.port; expected an integer from 0 to 65535'],
    ['[logging]\nformat = "xml"\n', '/capstan.toml:2: "xml" cannot be logging.format; expected json or pretty'],
    ['[api]\nprot = 1\n', '/capstan.toml:2: api.prot is no setting; docs/configuration.md lists all'],
    ['[apis]\nport = 1\n', '/capstan.toml:1: apis is no setting; docs/configuration.md lists all'],
    ['[logging]\ndir = "/"\n', '/capstan.toml:2: "/" cannot be logging.dir; expected a folder of its own, such as /var/log/capstan'],
    [
      '[logging]\nkeep_audit = "7 years"\n',
      '/capstan.toml:2: "7 years" cannot be logging.keep_audit; expected an age such as 30d, 8w or 7y',
    ],
    [
      '[logging]\nrotate_size = "50M"\nlimit_runs = "10M"\n',
      '/capstan.toml:3: "10M" cannot be logging.limit_runs; expected at least logging.rotate_size, 50M: a file is removed whole',
    ],
    ['api.port = true\n', '/capstan.toml:1: true cannot be api.port; expected an integer from 0 to 65535'],
    [
      '[worker]\ncapabilities = ["http", "dance"]\n',
      /^\/capstan.toml:2: "dance" cannot be worker.capabilities; expected a list, each remote or /,
    ],
    ['[api\n', /^\/capstan.toml:1:\d+: not TOML; /],
  ])('file %j', async (text, message) => {
    const name = await file(text);
    expect(complaint(() => loadConfig({ file: name, env: {} }))).toMatch(message);
  });

  test.each([
    [{ CAPSTAN_API__PORT: '80a' }, 'CAPSTAN_API__PORT: "80a" cannot be api.port; expected an integer from 0 to 65535'],
    [{ CAPSTAN_BOARD__ENABLED: 'yes' }, 'CAPSTAN_BOARD__ENABLED: "yes" cannot be board.enabled; expected true or false'],
    [{ CAPSTAN_API_PORT: '80' }, 'CAPSTAN_API_PORT: no such setting; write CAPSTAN_API__PORT'],
    [{ CAPSTAN_COLOUR: 'red' }, 'CAPSTAN_COLOUR: no such setting; docs/configuration.md lists all'],
    [{ TEMPORAL_ADDRESS: 'nowhere' }, 'TEMPORAL_ADDRESS: "nowhere" cannot be temporal.address; expected host:port'],
    [{ CAPSTAN_BOOTSTRAP_TOKEN: 'short' }, 'CAPSTAN_BOOTSTRAP_TOKEN: the value cannot be bootstrap_token; expected at least 32 characters'],
  ])('variable %j', (env, message) => {
    expect(complaint(() => loadConfig({ env }))).toBe(message);
  });

  test('a file that is not there', () => {
    expect(complaint(() => loadConfig({ file: `${folder}/none.toml`, env: {} }))).toMatch(/^\/none.toml: cannot be read \(ENOENT/);
  });

  test('a secret value is never repeated', () => {
    expect(complaint(() => loadConfig({ env: { DATABASE_URL: 'mysql://root:hunter2@db' } }))).not.toContain('hunter2');
  });

  test('every wrong setting at once, not one after the other', async () => {
    const name = await file('[api]\nport = "x"\n[logging]\nlevel = "loud"\n');
    expect(complaint(() => loadConfig({ file: name, env: {} })).split('\n')).toHaveLength(2);
  });
});

describe('the login may be switched off on loopback only', () => {
  test.each(['127.0.0.1', 'localhost', '::1', '127.8.0.1'])('%s: allowed', (host) => {
    expect(loadConfig({ env: { CAPSTAN_API__HOST: host, CAPSTAN_BOARD__AUTH_ENABLED: 'false' } }).board.auth_enabled).toBe(false);
  });

  test.each(['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.0.0.1.example.org'])('%s: refused', (host) => {
    expect(complaint(() => loadConfig({ env: { CAPSTAN_API__HOST: host, CAPSTAN_BOARD__AUTH_ENABLED: 'false' } }))).toBe(
      'CAPSTAN_BOARD__AUTH_ENABLED: false cannot be board.auth_enabled; expected false only while api.host is a loopback address',
    );
  });
});

describe('documentation is made from the schema', () => {
  test('docs/configuration.md is up to date (node platform/config-reference.ts)', () => {
    expect(readFileSync(REFERENCE, 'utf8')).toBe(configReference());
  });

  test('capstan.example.toml is up to date, and can be used as it is', () => {
    expect(readFileSync(EXAMPLE, 'utf8')).toBe(exampleFile());
    expect(loadConfig({ file: EXAMPLE.pathname, env: {} })).toEqual(loadConfig({ env: {} }));
  });
});
