import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { commandOf } from './process-facts.ts';
import { type ProcessPlan, type Supervised, supervise } from './supervise.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'capstan-supervise-'));
const started: Supervised[] = [];
afterEach(async () => {
  for (const process of started.splice(0)) await process.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const until = async (so: () => boolean): Promise<void> => {
  const giveUpAt = Date.now() + 10_000;
  while (!so()) {
    if (Date.now() > giveUpAt) throw new Error(`not so after 10 s: ${so}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const alive = (pid: number): boolean => commandOf(pid) !== '';

const plan = (name: string, script: string, more: Partial<ProcessPlan> = {}): ProcessPlan => ({
  name,
  command: '/bin/sh',
  args: ['-c', script],
  kind: 'foreign',
  logDir: folder,
  ready: async () => {},
  readyWithinMs: 5_000,
  stopSignal: 'SIGTERM',
  stopWithinMs: 2_000,
  ...more,
});
const begin = async (what: ProcessPlan): Promise<Supervised> => {
  const process = await supervise(what);
  started.push(process);
  await until(() => process.pid !== 0);
  return process;
};

test('a process that is killed comes back, and says how it ended', async () => {
  const ends: string[] = [];
  const server = await begin(plan('phoenix', 'echo alive; exec sleep 1000', { onCrash: (how) => ends.push(how) }));
  const first = server.pid;
  server.kill();
  await until(() => server.pid !== 0 && server.pid !== first);
  expect(alive(first)).toBe(false);
  expect(ends).toEqual(['signal 9']);
});

test('a stopped process stays stopped and its words are in its log', async () => {
  const server = await begin(plan('quiet', 'echo hello from the log; exec sleep 1000'));
  const { pid } = server;
  await until(() => commandOf(pid).startsWith('sleep'));
  await server.stop();
  expect(alive(pid)).toBe(false);
  expect(readFileSync(path.join(folder, 'quiet.log'), 'utf8')).toBe('hello from the log\n');
});

test('one that does not heed its stop signal is killed after its time', async () => {
  const server = await begin(plan('stubborn', 'trap "" TERM; while :; do sleep 0.1; done', { stopWithinMs: 300 }));
  const { pid } = server;
  await until(() => commandOf(pid) !== '');
  await server.stop();
  expect(alive(pid)).toBe(false);
});

test('one that ends before it is ready fails with its last words', async () => {
  const start = supervise(plan('stillborn', 'echo the port is taken >&2; exit 7', { ready: () => Promise.reject(new Error('no answer')) }));
  await expect(start).rejects.toThrow(/^stillborn ended \(code 7\) before it was ready; its last lines:\n {2}the port is taken$/);
});

test('one that has ended is not ready, whoever answers in its place', async () => {
  const answeredByAnother = () => new Promise<void>((resolve) => setTimeout(resolve, 500));
  await expect(supervise(plan('beaten', 'echo the port is taken >&2; exit 1', { ready: answeredByAnother }))).rejects.toThrow(
    /^beaten ended \(code 1\) before it was ready/,
  );
});

test('one that never becomes ready is stopped again', async () => {
  const marker = path.join(folder, 'mute.pid');
  const start = supervise(
    plan('mute', `echo $$ > ${marker}; exec sleep 1000`, { readyWithinMs: 400, ready: () => Promise.reject(new Error('no answer')) }),
  );
  await expect(start).rejects.toThrow('mute was not ready within 0.4 s');
  expect(alive(Number(readFileSync(marker, 'utf8')))).toBe(false);
});

test('a killed guardian takes its program along, so that a successor finds the port free', async () => {
  const server = await begin(plan('orphan', 'exec sleep 1000'));
  const { pid } = server;
  const guardian = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  process.kill(guardian, 'SIGKILL');
  await until(() => server.pid !== 0 && server.pid !== pid);
  expect(alive(pid)).toBe(false);
});

test('kill -9 of the starter leaves neither foreign programs nor our own processes', async () => {
  const ours = path.join(folder, 'ours.ts');
  const starter = path.join(folder, 'starter.ts');
  const here = new URL('.', import.meta.url).pathname;
  writeFileSync(
    ours,
    `import '${here}parent-pipe.ts'; import { writeFileSync } from 'node:fs';
     writeFileSync('${folder}/ours.pid', String(process.pid)); setInterval(() => {}, 1000);`,
  );
  writeFileSync(
    starter,
    `import { supervise } from '${here}supervise.ts';
     const plan = { logDir: '${folder}', ready: async () => {}, readyWithinMs: 5000, stopSignal: 'SIGTERM', stopWithinMs: 1000 };
     await supervise({ ...plan, name: 'foreign', kind: 'foreign', command: '/bin/sh', args: ['-c', 'echo $$ > ${folder}/foreign.pid; exec sleep 1000'] });
     await supervise({ ...plan, name: 'ours', kind: 'ours', command: process.execPath, args: ['${ours}'] });`,
  );
  const child = spawn(process.execPath, [starter], { stdio: 'ignore' });
  const pidIn = (name: string) => (existsSync(path.join(folder, name)) ? Number(readFileSync(path.join(folder, name), 'utf8')) : 0);
  await until(() => pidIn('foreign.pid') > 0 && pidIn('ours.pid') > 0);
  expect(alive(pidIn('foreign.pid')) && alive(pidIn('ours.pid'))).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await until(() => !alive(pidIn('foreign.pid')) && !alive(pidIn('ours.pid')));
});
