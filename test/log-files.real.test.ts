import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { permissionsOf } from '#api/permissions.ts';
import { committedEvents } from '#db/queries/log-files/committed-events.ts';
import { localDate } from '#platform/log-files/dates.ts';
import { zoneData } from '#platform/zone-data.ts';
import { eventually } from './api-client.ts';
import { capstanAs } from './capstan-command.ts';
import { type Stack, startStack } from './stack.ts';

type Line = { readonly [field: string]: unknown };

let stack: Stack;
let dir: string;
let capstan: ReturnType<typeof capstanAs>;
beforeAll(async () => {
  dir = path.join(await mkdtemp(path.join(tmpdir(), 'capstan-log-files-')), 'logs');
  stack = await startStack({
    env: {
      CAPSTAN_LOGGING__DIR: dir,
      CAPSTAN_LOGGING__LEVEL: 'info',
      CAPSTAN_LOGGING__CONSOLE: 'false',
      CAPSTAN_LOGGING__ROTATE_SIZE: '4K',
    },
  });
  capstan = capstanAs(stack.url, stack.token, path.dirname(dir));
});
afterAll(async () => {
  await stack?.stop();
  await rm(path.dirname(dir), { recursive: true, force: true });
});

const parse = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const read = async (name: string): Promise<string> => readFile(path.join(dir, name), 'utf8').catch(() => '');
const linesOfRun = async (run: string) => parse(await read(runFile(run)));
const runFile = (run: string) => `runs/${new Date().toISOString().slice(0, 7).replace('-', '/')}/${run}.log`;
/** The end of an attempt may be told behind that of its run. */
const untilEnded = (run: string) =>
  eventually(
    () => linesOfRun(run),
    (lines) => ['run.completed', 'attempt.completed:2'].every((what) => countsOf(lines).includes(what)),
    30_000,
  );
const countsOf = (lines: readonly Line[]): readonly string[] =>
  [...Map.groupBy(lines, ({ event }) => event)].map(([event, some]) => (some.length === 1 ? String(event) : `${event}:${some.length}`));
/** All lines of a folder, the packed ones too. */
async function linesBelow(folder: string): Promise<readonly Line[]> {
  const names = await readdir(path.join(dir, folder), { recursive: true }).catch(() => []);
  const files = names.filter((name) => /\.log(\.\d+)?(\.gz)?$/.test(name));
  const texts = await Promise.all(
    files.map(async (name) => {
      const bytes = await readFile(path.join(dir, folder, name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    }),
  );
  return texts.flatMap(parse);
}
const job = (name: string, timezone: string | null, steps = 2) =>
  stack.as.job({
    name,
    ...(timezone && { timezone }),
    steps: Array.from({ length: steps }, (_, at) => ({
      id: `s${at}`,
      type: 'local.exec',
      config: { command: `echo secret-output-${at}` },
    })),
  });

test('a run in Tokyo makes the file of Tokyo’s day and its own, with what happened in order and nothing that its steps wrote', async () => {
  await job('tokyo', 'Asia/Tokyo');
  const run = await stack.as.start('tokyo');
  const lines = await untilEnded(run);
  expect(lines.slice(0, 4).map(({ event, step }) => [event, step])).toEqual([
    ['run.queued', undefined],
    ['run.running', undefined],
    ['attempt.began', 's0'],
    ['attempt.completed', 's0'],
  ]);
  expect(countsOf(lines)).toEqual(['run.queued', 'run.running', 'attempt.began:2', 'attempt.completed:2', 'run.completed']);
  const tokyo = zoneData().zone('Asia/Tokyo');
  if (!tokyo) throw new Error('Asia/Tokyo');
  for (const { at, local, zone, run: of } of lines) {
    expect([zone, of, Date.parse(String(local))]).toEqual(['Asia/Tokyo', run, Date.parse(String(at))]);
    expect(local).toMatch(/\+09:00$/);
  }
  const dates = new Set(lines.map(({ at }) => localDate(Date.parse(String(at)), tokyo)));
  const inZone = (await Promise.all([...dates].map((date) => read(`timezones/Asia_Tokyo/${date}.log`)))).flatMap(parse);
  expect(inZone.filter(({ run: of }) => of === run)).toEqual(lines);
  expect(JSON.stringify(inZone)).not.toContain('secret-output');
  const times = await eventually(
    async () => (await linesBelow('performance')).filter(({ run: of }) => of === run),
    (seen) => seen.length >= 3,
    10_000,
  );
  expect(countsOf(times)).toEqual(['attempt.completed:2', 'run.completed']);
  expect(times.find(({ event }) => event === 'run.completed')).toMatchObject({
    total_steps: 2,
    execution_time_ms: expect.any(Number),
    queued_ms: expect.any(Number),
  });
  expect((await linesBelow('audit')).filter(({ action }) => action === 'run.start')).toMatchObject([
    { subject: run, entry: expect.any(String) },
  ]);
});

test('each process writes what it says to its own file', async () => {
  const says = async (program: string) => (await linesBelow('system')).filter(({ name }) => name === program).map(({ msg }) => msg);
  await expect.poll(() => says('worker')).toContain('worker started');
  await expect.poll(() => says('api')).toContain('api listens');
  for (const name of await readdir(path.join(dir, 'system')))
    expect(name).toMatch(/^\d{4}-\d\d-\d\d\.(api|worker)\.[A-Za-z0-9-]+\.\d+\.log/);
});

test('every request is in the audit’s files, reads and refusals too, and without what opens a door', async () => {
  await fetch(`${stack.url}/api/v1/jobs?limit=1`, { headers: { authorization: 'Bearer nobody' } });
  await stack.as.call('GET', '/runs?limit=1');
  await stack.as.call('POST', '/hooks/a-token-that-opens-a-door', {});
  await fetch(`${stack.url}/api/v1/${'x'.repeat(8_000)}`);
  const asked = async () => (await linesBelow('audit')).filter(({ event }) => event === 'api.request');
  const lines = await eventually(asked, (seen) => seen.some(({ path: of }) => String(of).includes('/hooks/')), 10_000);
  expect(lines).toContainEqual(
    expect.objectContaining({ method: 'POST', path: '/api/v1/jobs/tokyo/runs', status: 202, address: '127.0.0.1' }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ method: 'GET', path: '/api/v1/jobs', status: 401 }));
  expect(lines.some(({ method, status, actor }) => method === 'GET' && status === 200 && typeof actor === 'string')).toBe(true);
  const paths = (await eventually(asked, (seen) => seen.some(({ path: of }) => String(of).includes('/xxx')), 10_000)).map(
    ({ path: of }) => of,
  );
  expect(Math.max(...paths.map((of) => String(of).length))).toBeLessThan(1_000);
  for (const folder of ['audit', 'system']) expect(JSON.stringify(await linesBelow(folder))).not.toContain('a-token-that');
});

test('a worker that is killed while runs go on loses no line and doubles none; files that are full are numbered', async () => {
  await job('busy', 'Europe/Berlin', 3);
  const runs = await Promise.all(Array.from({ length: 12 }, () => stack.as.start('busy')));
  await eventually(
    () => linesBelow('timezones/Europe_Berlin'),
    (lines) => lines.length > 5,
    20_000,
  );
  await stack.worker.kill();
  // As if the time had passed in which a worker that is not heard of may come back.
  await stack.database.sql`update log_files set held_until = now()`;
  stack.worker.start();
  for (const run of runs) expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
  const ends = (lines: readonly Line[]) => lines.filter(({ event, run }) => event === 'run.completed' && runs.includes(String(run)));
  const lines = await eventually(
    () => linesBelow('timezones/Europe_Berlin'),
    (seen) => ends(seen).length >= runs.length,
    40_000,
  );
  const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, since: new Date(0).toISOString() };
  const committed = (await committedEvents(stack.database.sql, everything, 100_000)) ?? [];
  const wanted = committed.flatMap((event) => ('run' in event && runs.includes(event.run) ? [`${event.tx}-${event.id}`] : []));
  expect(lines.map(({ id }) => id).sort()).toEqual(wanted.sort());
  expect((await readdir(path.join(dir, 'timezones/Europe_Berlin'))).filter((name) => /\.log\.\d+/.test(name)).length).toBeGreaterThan(1);
  for (const run of runs) expect(countsOf(await linesOfRun(run))).toContain('run.completed');
});

describe('over the API', () => {
  const call = async <T>(method: string, where: string, body?: unknown) => {
    const answer = await stack.as.call(method, `/log-files${where}`, body);
    return { status: answer.status, body: answer.body as T };
  };
  type Page = { readonly items: readonly { readonly name: string; readonly bytes: number }[]; readonly next: string | null };

  test('files are listed page by page, and found by class, zone, run and day', async () => {
    const { body } = await call<Page & { writer: unknown; dir: string }>('GET', '?limit=200');
    expect(body).toMatchObject({ dir, writer: { problem: null, dir, written_at: expect.any(String) } });
    const names: string[] = [];
    for (let after = ''; ; ) {
      const { body: page } = await call<Page>('GET', `?limit=5${after && `&after=${encodeURIComponent(after)}`}`);
      names.push(...page.items.map(({ name }) => name));
      if (page.next === null) break;
      after = page.next;
    }
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.slice(0, 100)).toEqual(body.items.map(({ name }) => name).slice(0, 100));
    const inTokyo = await call<Page>('GET', '?zone=Asia/Tokyo');
    expect(inTokyo.body.items.every(({ name }) => name.startsWith('timezones/Asia_Tokyo/')) && inTokyo.body.items.length > 0).toBe(true);
    const run =
      names
        .find((name) => name.startsWith('runs/'))
        ?.split('/')
        .at(-1)
        ?.slice(0, 36) ?? '';
    expect((await call<Page>('GET', `?run=${run}`)).body.items.map(({ name }) => name)).toEqual([runFile(run)]);
    expect((await call<Page>('GET', '?class=audit&zone=UTC')).body.items).toEqual([]);
    expect((await call('GET', '?zone=../../etc')).status).toBe(400);
    expect((await call('GET', '?date=2026-02-30')).status).toBe(400);
  });

  test('a file comes as it is, a packed one unpacked or not as the client likes', async () => {
    const get = (of: string, headers = {}) =>
      fetch(`${stack.url}/api/v1/log-files/${of}`, { headers: { authorization: `Bearer ${stack.token}`, ...headers } });
    const text = '{"id":"1-1"}\n'.repeat(10_000);
    // Files of a day that is over: today's grow, and are rotated while they are compared.
    await writeFile(path.join(dir, 'audit/2020-01-04.log'), text);
    expect(await (await get('audit/2020-01-04.log')).text()).toBe(text);
    await writeFile(path.join(dir, 'audit/2020-01-01.log.gz'), gzipSync(text));
    for (const encoding of ['gzip', 'identity']) {
      const answer = await get('audit/2020-01-01.log.gz', { 'accept-encoding': encoding });
      expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([encoding === 'gzip' ? 'gzip' : null, text]);
    }
  });

  test('a file that is asked about only, or of which only the beginning is read, is closed again', async () => {
    const name = 'audit/2020-01-03.log';
    await writeFile(path.join(dir, name), '{"id":"1-1"}\n'.repeat(500_000));
    const ask = (method: string, signal: AbortSignal | null = null) =>
      fetch(`${stack.url}/api/v1/log-files/${name}`, { method, signal, headers: { authorization: `Bearer ${stack.token}` } });
    expect((await ask('HEAD')).status).toBe(200);
    const leaving = new AbortController();
    await (await ask('GET', leaving.signal)).body?.getReader().read();
    leaving.abort();
    const held = async () => {
      const fds = await readdir(`/proc/${stack.api.pid}/fd`);
      const places = await Promise.all(fds.map((fd) => readlink(`/proc/${stack.api.pid}/fd/${fd}`).catch(() => '')));
      return places.filter((place) => place.endsWith(name));
    };
    expect(await eventually(held, (places) => places.length === 0, 5_000)).toEqual([]);
  });

  test.each([
    '..%2f..%2fetc%2fpasswd',
    'audit%2f..%2f..%2fsecret',
    'audit/2020-01-02.log',
    '%2fetc%2fpasswd',
    'audit/2020-01-01.log%00',
    'secret',
  ])('%s is no log file', async (name) => {
    await writeFile(path.join(path.dirname(dir), 'secret'), 'secret');
    expect([404, 400]).toContain((await call('GET', `/${name}`)).status);
  });

  test('a cleanup removes exactly what its dry run listed, which is in the audit; by the command line too', async () => {
    const old = [
      'timezones/Asia_Tokyo/2020-02-01.log.gz',
      'performance/2020-02-01.log',
      'runs/2020/02/01700000-0000-7000-8000-000000000000.log',
    ];
    const young = ['audit/2020-02-01.log.gz'];
    for (const name of [...old, ...young]) {
      await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
      await writeFile(path.join(dir, name), 'old\n');
      await utimes(path.join(dir, name), 1_580_000_000, 1_580_000_000);
    }
    const dry = await capstan(['log-files', 'cleanup', '--dry-run']);
    expect([dry.code, dry.err]).toEqual([0, '']);
    expect(
      dry.out
        .split('\n')
        .filter((line) => line.includes('has had its time'))
        .map((line) => line.trim().split(/\s+/)[2]),
    ).toEqual(expect.arrayContaining(old.slice(0, 2)));
    const { body } = await call<{ files: { name: string }[]; bytes: number }>('POST', '/cleanup', { dry_run: true });
    expect(body.files.map(({ name }) => name).sort()).toEqual(
      dry.out
        .split('\n')
        .filter((line) => line.includes('has had its time'))
        .map((line) => line.trim().split(/\s+/)[2])
        .sort(),
    );
    const done = await capstan(['log-files', 'cleanup']);
    expect(done.out).toContain(`removed ${body.files.length} files`);
    for (const name of old.slice(0, 2)) expect(existsSync(path.join(dir, name))).toBe(false);
    for (const name of young) expect(existsSync(path.join(dir, name))).toBe(true);
    const entries = await stack.database.sql`select after from audit_entries where action = 'log-files.clean'`;
    expect(entries).toMatchObject([{ after: { files: body.files.length, bytes: body.bytes } }]);
    expect((await call('POST', '/cleanup', {})).status).toBe(422);
  });

  test('is described, and for administrators alone', async () => {
    const { body } = (await stack.as.call('GET', '/openapi.json')) as {
      body: { paths?: Record<string, Record<string, Record<string, unknown>>> };
    };
    const permission = (where: string, method: string) => body.paths?.[`/api/v1/log-files${where}`]?.[method]?.['x-permission'];
    expect([permission('', 'get'), permission('/{name}', 'get'), permission('/cleanup', 'post')]).toEqual([
      'log-file:read',
      'log-file:read',
      'log-file:clean',
    ]);
    expect(permissionsOf(['viewer', 'operator']).filter((held) => held.startsWith('log-file'))).toEqual([]);
  });

  test('the command line lists and prints', async () => {
    const listed = await capstan(['log-files', 'list', '--zone', 'Asia/Tokyo']);
    const name = listed.out.trim().split(/\s+/).at(-1) ?? '';
    expect(name).toMatch(/^timezones\/Asia_Tokyo\/.*\.log/);
    const printed = await capstan(['log-files', 'cat', name]);
    expect([printed.code, printed.out]).toEqual([0, await read(name)]);
    expect(await capstan(['log-files', 'cat', '../../etc/passwd'])).toMatchObject({ out: '', err: expect.stringContaining('no log file') });
  });
});

test('while files cannot be written runs go on, /readyz says so, and what happened is written afterwards', async () => {
  const ready = async () => {
    const answer = await fetch(`${stack.url}/readyz`);
    const { checks } = (await answer.json()) as { checks: readonly { name: string; ok: boolean; detail: string }[] };
    return { status: answer.status, files: checks.find(({ name }) => name === 'log_files') };
  };
  await rm(dir, { recursive: true });
  await writeFile(dir, 'a file in the place of the folder');
  const run = await stack.as.start('tokyo');
  expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
  const broken = await eventually(ready, ({ files }) => files?.ok === false, 20_000);
  expect(broken).toMatchObject({ status: 200, files: { detail: expect.stringContaining('ENOTDIR') } });
  expect(broken.files?.detail).not.toContain(dir);
  await rm(dir);
  expect((await untilEnded(run)).length).toBe(7);
  await eventually(ready, ({ files }) => files?.ok === true, 40_000);
});
