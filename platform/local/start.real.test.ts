import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { removePostgres } from './postgres-place.ts';
import { findSshd } from './sshd.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = new Set(['node_modules', '.git', '.capstan', 'coverage']);

let clone: string;
const starts: Start[] = [];

interface Start {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
  /** Resolves with what was printed once it holds this text. */
  says(text: string | RegExp): Promise<string>;
}

function npmStart(args: readonly string[] = [], env: { readonly [name: string]: string } = {}): Start {
  let said = '';
  const child = spawn(process.execPath, ['start.mjs', ...args], {
    cwd: clone,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const start: Start = {
    child,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    said: () => said,
    says: async (text) => {
      const holds = () => (typeof text === 'string' ? said.includes(text) : text.test(said));
      const giveUpAt = Date.now() + 100_000;
      while (!holds()) {
        if (Date.now() > giveUpAt || child.exitCode !== null) throw new Error(`${text} was not said, but:\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return said;
    },
  };
  starts.push(start);
  return start;
}

/** Command lines of processes that belong to the clone. */
const processes = (): readonly string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(clone));
const urlIn = (said: string) => /Open\s+(http\S+)/.exec(said)?.[1] ?? '';
const passwordIn = (said: string) => /one-time password (\S+)/.exec(said)?.[1];

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'capstan-start-'));
  const wanted = (source: string) => !LEFT_OUT.has(path.relative(ROOT, source));
  cpSync(ROOT, clone, { recursive: true, preserveTimestamps: true, filter: wanted });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'));
});
afterAll(async () => {
  for (const { child } of starts) child.kill('SIGKILL');
  for (let tries = 0; processes().length > 0 && tries < 150; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  removePostgres(path.join(clone, '.capstan/postgres'));
  rmSync(clone, { recursive: true });
});

test('a bad setting ends the start with code 2, naming variable, value and what was expected', async () => {
  const start = npmStart([], { CAPSTAN_API__PORT: 'eighty' });
  expect(await start.ended).toBe(2);
  expect(start.said()).toBe('CAPSTAN_API__PORT: "eighty" cannot be api.port; expected an integer from 0 to 65535\n');
});

test('an unknown option ends the start with the options there are', async () => {
  const start = npmStart(['--rest']);
  expect(await start.ended).toBe(1);
  expect(start.said()).toContain('--reset       wipe all local state');
});

test('the first start runs the sample for real and says how to get in; kill -9 of the starter then leaves nothing running', async () => {
  const start = npmStart();
  const said = await start.says('Ctrl-C stops everything');
  const steps = said.split('\n').filter((line) => /^ {2}[✓✗–] \d /.test(line));
  expect(steps).toHaveLength(5);
  const expected = findSshd() ? ['✓', '✓', '✓', '✓', '✓'] : ['–', '✓', '✓', '✓', '✓'];
  expect(steps.map((line) => line.trim()[0]).sort()).toEqual([...expected].sort());
  expect(steps.some((line) => line.includes('attempt 2'))).toBe(true);
  expect(passwordIn(said)).toMatch(/^\w{5}(-\w{5}){3}$/);
  expect(await (await fetch(urlIn(said))).text()).toContain('<title>');
  expect((await fetch(`${urlIn(said)}/readyz`)).headers.get('x-capstan-instance')).toMatch(/^[0-9a-f-]{36}$/);
  expect(statSync(path.join(clone, '.capstan/first-login')).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(clone, '.capstan/key')).mode & 0o777).toBe(0o600);

  start.child.kill('SIGKILL');
  await expect.poll(processes, { timeout: 15_000 }).toEqual([]);
}, 150_000);

test('the next start goes on where it was: same password, no second sample; a second start beside it is refused; a killed worker returns; TERM ends all in order', async () => {
  const start = npmStart();
  const said = await start.says('Ctrl-C stops everything');
  expect(said).not.toContain('Running the sample');
  expect(passwordIn(said)).toBe(readFileSync(path.join(clone, '.capstan/first-login'), 'utf8').split('\n')[1]);

  const second = npmStart();
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(/^Capstan already runs here \(process \d+\), at port \d+\n/);

  const worker = execFileSync('pgrep', ['-f', `${clone}/worker/main.ts`], { encoding: 'utf8' }).trim();
  process.kill(Number(worker), 'SIGKILL');
  await start.says('worker ended (SIGKILL); starting it again');
  await expect.poll(() => processes().some((line) => line.includes('worker/main.ts')), { timeout: 10_000 }).toBe(true);

  start.child.kill('SIGTERM');
  expect(await start.ended).toBe(0);
  expect(processes()).toEqual([]);
}, 150_000);

test('a port that was set and is taken is an error that names setting and port, and nothing is left running', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  const start = npmStart([], { CAPSTAN_API__PORT: String(port) });
  expect(await start.ended).toBe(1);
  expect(start.said()).toContain(`CAPSTAN_API__PORT: port ${port} on 127.0.0.1 is taken; end what listens there, or set another api.port`);
  listener.close();
  expect(processes()).toEqual([]);
}, 100_000);

test('--reset --yes --no-sample starts afresh, and a bootstrap token lets scripts in at once', async () => {
  const before = readFileSync(path.join(clone, '.capstan/first-login'), 'utf8');
  const token = 'a-token-of-thirty-two-characters-or-more';
  const start = npmStart(['--reset', '--yes', '--no-sample'], { CAPSTAN_BOOTSTRAP_TOKEN: token });
  const said = await start.says('Ctrl-C stops everything');
  expect(said).not.toContain('Running the sample');
  expect(before).not.toContain(passwordIn(said));
  const answer = await fetch(`${urlIn(said)}/api/v1/jobs`, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.json()).toEqual({ items: [], next: null, prev: null });
  start.child.kill('SIGINT');
  expect(await start.ended).toBe(0);
}, 150_000);

test('a sample that was cut off goes on at the next start, and no token of it stays valid', async () => {
  const token = 'a-token-of-thirty-two-characters-or-more';
  const cut = npmStart(['--reset', '--yes'], { CAPSTAN_BOOTSTRAP_TOKEN: token });
  await cut.says('Running the sample');
  cut.child.kill('SIGKILL');
  await expect.poll(processes, { timeout: 15_000 }).toEqual([]);

  const start = npmStart();
  const said = await start.says('Ctrl-C stops everything');
  expect(said).toContain('Running the sample, examples/first-run.yaml (run #1)');
  expect(said).toMatch(/^ {2}completed$/m);
  const ask = async (what: string) =>
    (await fetch(`${urlIn(said)}/api/v1${what}`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{
      items: readonly { name: string; revoked_at: string | null }[];
    }>;
  const minted = (await ask('/tokens')).items.filter(({ name }) => name === 'sample of npm start');
  expect(minted).toHaveLength(2);
  expect(minted.every(({ revoked_at }) => revoked_at !== null)).toBe(true);
  expect((await ask('/runs')).items).toHaveLength(1);
  start.child.kill('SIGTERM');
  expect(await start.ended).toBe(0);
  expect(existsSync(path.join(clone, '.capstan/sample-due'))).toBe(false);
}, 200_000);

test('--reset is refused while the database is another one, whose credentials need the key', async () => {
  const key = readFileSync(path.join(clone, '.capstan/key'));
  const start = npmStart(['--reset', '--yes'], { DATABASE_URL: inject('postgresUrl') });
  expect(await start.ended).toBe(1);
  expect(start.said()).toContain('DATABASE_URL names a database of your own');
  expect(readFileSync(path.join(clone, '.capstan/key'))).toEqual(key);
});

test('with DATABASE_URL and TEMPORAL_ADDRESS nothing but the product itself is started', async () => {
  const database = `start_${Date.now()}`;
  const sql = postgres(inject('postgresUrl'), { max: 1 });
  await sql.unsafe(`create database ${database}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  const start = npmStart(['--no-sample'], { DATABASE_URL: url.href, TEMPORAL_ADDRESS: inject('temporalAddress') });
  const said = await start.says('Ctrl-C stops everything');
  expect(said).toContain('PostgreSQL   as configured');
  expect(processes().filter((line) => /start-dev|bin\/postgres/.test(line))).toEqual([]);
  start.child.kill('SIGTERM');
  expect(await start.ended).toBe(0);
  await sql.unsafe(`drop database ${database} with (force)`);
  await sql.end();
}, 150_000);
