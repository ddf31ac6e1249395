import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { seededRandom } from '#jobs/seeded-random.ts';
import { type LocalPostgres, startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { type LocalTemporal, startTemporal } from '#platform/local/temporal.ts';
import { eventually } from './api-client.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { endInTemporal, type Stack, startStack, untilReady } from './stack.ts';

const KILLS_EACH = Number(process.env.KILLS ?? 20);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Runs kept under way while everything is being killed. */
const AT_ONCE = 6;

let dir: string;
let postgres: LocalPostgres;
let temporal: LocalTemporal;
let stack: Stack;
/** Where `ssh.exec` runs; without sshd on the machine the job goes without it, and the tests of `ssh.exec` are skipped by name. */
let sshd: Sshd | null = null;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-kills-'));
  postgres = await startPostgres({ dir: path.join(dir, 'postgres') });
  temporal = await startTemporal({ binary: inject('temporalBinary'), dir, logDir: dir, uiPort: null });
  stack = await startStack({ postgresUrl: postgres.url, temporalAddress: temporal.address });
  if (sshdMissing !== null) return;
  sshd = await startSshd();
  await registerTarget(stack.as, 'far', sshd);
});
afterAll(async () => {
  await stack?.stop();
  await sshd?.stop();
  await Promise.all([temporal?.stop(), postgres?.stop()]);
  removePostgres(path.join(dir, 'postgres'));
  await rm(dir, { recursive: true, force: true });
});

const PATIENT = { attempts: 100, delay: '200ms', on: ['connection', 'timeout', 'lost', 'internal'] };
/** Appends the run and the step to a file that only the effect itself touches, before and after a short pause. */
const effect = (file: string) => ({ command: `echo "$CAPSTAN_RUN" >> ${file}; sleep 0.3`, environment: { CAPSTAN_RUN: '${{ run.id }}' } });

/** Where each step that leaves a mark leaves it. */
const marks = (): Readonly<Record<string, string>> => ({
  one: path.join(dir, 'one'),
  ...(sshd ? { far: path.join(sshd.directory, 'far') } : {}),
  two: path.join(dir, 'two'),
});

/** A job whose steps each leave a mark, on this machine and over SSH; its author says that they may happen twice. */
const job = () => ({
  name: 'under-fire',
  steps: [
    { id: 'one', type: 'local.exec', config: effect(marks().one ?? ''), retry: PATIENT },
    { id: 'ask', type: 'http.request', config: { url: `${stack.url}/healthz` }, retry: PATIENT },
    ...(sshd ? [{ id: 'far', type: 'ssh.exec', target: 'far', config: effect(marks().far ?? ''), retry: PATIENT }] : []),
    { id: 'two', type: 'local.exec', config: effect(marks().two ?? ''), retry: PATIENT },
  ],
});

test(`runs survive ${KILLS_EACH} kills each of worker, API, Temporal and Postgres, and no step runs twice without showing it`, async () => {
  console.log(`kills: seed ${SEED}`);
  const random = seededRandom(SEED);
  await stack.as.job(job());
  const accepted: string[] = [];
  let firing = true;

  const keepRunning = async (): Promise<void> => {
    while (firing) {
      const id = await stack.as.start('under-fire').catch(() => null);
      if (id) accepted.push(id);
      await sleep(id ? 500 + random() * 1_500 : 100);
    }
  };
  const unattended = supervise();
  const load = Promise.all(Array.from({ length: AT_ONCE }, keepRunning));
  const victims = Array.from({ length: KILLS_EACH }, () => ['worker', 'api', 'temporal', 'postgres'] as const).flat();
  for (const victim of shuffled(victims, random)) {
    // A moment at random after a run was taken in, so that however slow the machine, each kill meets work.
    const before = accepted.length;
    await eventually(
      async () => accepted.length,
      (taken) => taken > before,
      60_000,
    );
    await sleep(random() * 700);
    await kill(victim);
  }
  firing = false;
  await load;
  await untilReady(stack.url, [], 120_000);
  unattended();

  for (const id of accepted)
    expect(await stack.as.until(id, undefined, 120_000), `run ${id}, seed ${SEED}`).toMatchObject({ status: 'completed' });
  for (const [key, file] of Object.entries(marks())) {
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    for (const id of accepted) {
      const effects = lines.filter((line) => line === id).length;
      const step = (await stack.as.steps(id)).find((candidate) => candidate.key === key);
      expect(effects, `effects of ${key} in run ${id}, seed ${SEED}`).toBeGreaterThanOrEqual(1);
      // What runs on a host outlives every process of ours.
      if (key === 'far') expect(effects, `effects of ${key} in run ${id}, seed ${SEED}`).toBe(1);
      expect(step?.attempts.length, `shown attempts of ${key} in run ${id}, seed ${SEED}`).toBeGreaterThanOrEqual(effects);
    }
  }
  for (const id of accepted) expect(await endInTemporal(stack.temporal, id)).toBe('COMPLETED');
}, 900_000);

let killing: 'worker' | 'api' | null = null;

async function kill(victim: 'worker' | 'api' | 'temporal' | 'postgres'): Promise<void> {
  if (victim === 'temporal') return temporal.kill();
  if (victim === 'postgres') return postgres.kill();
  killing = victim;
  await stack[victim].kill();
  stack[victim].start();
  killing = null;
}

/** Starts again what ended by itself, as `npm start` and a container engine do; answers with how to stop. */
function supervise(): () => void {
  const timer = setInterval(() => {
    for (const name of ['worker', 'api'] as const) if (stack[name].ended && killing !== name) stack[name].start();
  }, 500);
  return () => clearInterval(timer);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

test('Postgres away for seconds: the API says 503 with Retry-After and recovers by itself', async () => {
  await eventually(
    () => stack.as.call('GET', '/runs'),
    ({ status }) => status === 200,
    30_000,
  );
  // A server that hangs is worse than one that is gone: its backends are frozen with it.
  const backends = [postgres.pid, ...childrenOf(postgres.pid)];
  for (const pid of backends) process.kill(pid, 'SIGSTOP');
  const answer = await stack.as.call('GET', '/runs').finally(() => {
    for (const pid of backends) process.kill(pid, 'SIGCONT');
  });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  await eventually(
    () => stack.as.call('GET', '/runs'),
    ({ status }) => status === 200,
    30_000,
  );
});

test('Temporal away: a start is accepted and begins within seconds of its return', async () => {
  process.kill(temporal.pid, 'SIGSTOP');
  const id = await stack.as.start('under-fire');
  expect((await stack.as.run(id)).status).not.toBe('running');
  await sleep(3_000);
  process.kill(temporal.pid, 'SIGCONT');
  await stack.as.until(id, ({ status }) => status !== 'queued' && status !== 'pending', 15_000);
  expect(await stack.as.until(id)).toMatchObject({ status: 'completed' });
});
