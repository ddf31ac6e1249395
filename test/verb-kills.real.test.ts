import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { hasEnded } from '#jobs/run-state.ts';
import { seededRandom } from '#jobs/seeded-random.ts';
import { type LocalPostgres, startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { type LocalTemporal, startTemporal } from '#platform/local/temporal.ts';
import { type Answer, eventually, type RunSeen } from './api-client.ts';
import { endInTemporal, type Stack, startStack, untilReady } from './stack.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const VICTIMS = ['worker', 'worker', 'api', 'temporal', 'postgres'] as const;
type Victim = (typeof VICTIMS)[number];
const ROUNDS = Number(process.env.ROUNDS ?? 1);
/** Kills fall within this time from the moment that the first verb is asked for. */
const SPREAD_MS = 400;
/** How long a client goes on asking for what was not answered. */
const PATIENCE_MS = 60_000;

const random = seededRandom(SEED);
let dir: string;
let postgres: LocalPostgres;
let temporal: LocalTemporal;
let stack: Stack;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-verbs-'));
  postgres = await startPostgres({ dir: path.join(dir, 'postgres') });
  temporal = await startTemporal({ binary: inject('temporalBinary'), dir, logDir: dir, uiPort: null });
  stack = await startStack({ postgresUrl: postgres.url, temporalAddress: temporal.address });
  for (const job of JOBS()) await stack.as.job(job);
});
afterAll(async () => {
  await stack?.stop();
  await Promise.all([temporal?.stop(), postgres?.stop()]);
  removePostgres(path.join(dir, 'postgres'));
  await rm(dir, { recursive: true, force: true });
});

const sh = (id: string, command: string, more: object = {}) => ({
  id,
  type: 'local.exec',
  retry: { attempts: 1 },
  config: { command, environment: { RUN: '${{ run.id }}' } },
  ...more,
});
/** A step that is executed once at most, and leaves one line each time that it is. */
const effect = (id: string, more: object = {}, before = '') => sh(id, `${before}echo "$RUN ${id}" >> ${path.join(dir, 'effects')}`, more);
const gate = { id: 'gate', type: 'wait.signal', config: { name: 'go' } };

const JOBS = () => {
  const { id: _, ...undoing } = effect('undone');
  return [
    { name: 'start', parameters: { token: { type: 'string', secret: true } }, steps: [effect('one'), effect('two')] },
    { name: 'approve', steps: [{ id: 'ask', type: 'approval', config: { allow_self: true } }, effect('two')] },
    { name: 'retry', steps: [effect('one', { on_error: 'wait' }, `test -e ${path.join(dir, 'mended-')}$RUN && `), effect('two')] },
    { name: 'rerun', steps: [effect('one'), effect('two')] },
    { name: 'bulk-cancel', steps: [gate], on_cancel: [effect('told')] },
    { name: 'lock', limits: { concurrency: { key: 'verbs' } }, steps: [effect('one')] },
    { name: 'lock-keeper', limits: { concurrency: { key: 'verbs' } }, steps: [gate, effect('two')] },
    { name: 'undo', steps: [effect('one', { compensate: undoing }), gate] },
    { name: 'sub', steps: [effect('one')] },
    { name: 'sub-run', steps: [gate, { id: 'sub', type: 'job.run', config: { job: 'sub' } }, effect('two')] },
  ];
};

/** What each run is to come to: its status, and the steps that leave one line each. */
type Headers = { readonly [name: string]: string };
type Ends = Map<string, { readonly status: string; readonly effects: readonly string[] }>;

/** Runs that have come to where a verb is asked for, and how it is asked. */
interface Verb {
  readonly name: string;
  ask(): Promise<void>;
}

test(
  `start, approval, retry, re-run, bulk, lock, undoing and sub-run with the worker, the API, Temporal and Postgres killed meanwhile: each happens once (seed ${SEED})`,
  async () => {
    console.log(`verbs: seed ${SEED}`);
    const unattended = supervise();
    const ends: Ends = new Map();
    for (const victim of shuffled(Array.from({ length: ROUNDS }, () => VICTIMS).flat())) {
      const verbs = await prepare(victim, ends);
      const asked = Promise.all(
        verbs.map(async ({ name, ask }) => {
          await sleep(random() * SPREAD_MS * 0.7);
          await ask().catch((error: unknown) => {
            throw new Error(`${name}, ${victim} killed, seed ${SEED}`, { cause: error });
          });
        }),
      );
      await sleep(random() * SPREAD_MS);
      await kill(victim);
      await asked;
      await settled(ends, victim);
    }
    unattended();
    console.log(
      `verbs: ${unknown.length} of ${ends.size} runs were cut off in the middle of a step, ${repeated.length} requests were repeated`,
    );
    await untilReady(stack.url, [stack.worker, stack.api]);
    await nothingLeft(ends.size);
    expect(blamed, `seed ${SEED}`).toEqual([]);
    // Otherwise no kill met a request under way, or too little was seen of what happens once.
    expect(repeated.length, `seed ${SEED}`).toBeGreaterThan(0);
    expect(unknown.length, `seed ${SEED}`).toBeLessThan(ends.size / 4);
  },
  300_000 * ROUNDS,
);

/** Brings runs to where each verb is asked for. */
async function prepare(victim: Victim, ends: Ends): Promise<readonly Verb[]> {
  const { as } = stack;
  const round = `${victim}-${Math.floor(random() * 1e9)}`;
  const given = { token: `secret-${round}` };
  const once = (verb: string) => ({ 'idempotency-key': `${verb} ${round}` });
  const comesTo = (run: string, status: string, ...effects: string[]) => void ends.set(run, { status, effects });
  const waits = (run: string, key: string) => as.untilStep(run, key, ({ status }) => status === 'waiting');

  const begun = (job: string) => untilAccepted(`/jobs/${job}/runs`, {}, once(`${job} ${Math.floor(random() * 1e9)}`));
  const [approved, retried, keeper, undone, parent, earlier] = await Promise.all([
    begun('approve'),
    begun('retry'),
    begun('lock-keeper'),
    begun('undo'),
    begun('sub-run'),
    begun('rerun'),
  ]);
  const ended = await Promise.all([begun('rerun'), begun('rerun')]);
  const open = await Promise.all([begun('bulk-cancel'), begun('bulk-cancel'), begun('bulk-cancel')]);
  await Promise.all([
    waits(approved, 'ask'),
    waits(retried, 'one'),
    ...[keeper, undone, parent, ...open].map((run) => waits(run, 'gate')),
    ...[earlier, ...ended].map((run) => as.until(run)),
  ]);
  const lined = await Promise.all([begun('lock'), begun('lock')]);
  for (const run of lined) await as.until(run, ({ status }) => status === 'waiting');
  await writeFile(path.join(dir, `mended-${retried}`), '');

  for (const run of [earlier, ...ended]) comesTo(run, 'completed', 'one', 'two');
  for (const run of open) comesTo(run, 'cancelled', 'told');
  for (const run of lined) comesTo(run, 'completed', 'one');
  comesTo(approved, 'completed', 'two');
  comesTo(retried, 'completed', 'one', 'two');
  comesTo(keeper, 'completed', 'two');
  comesTo(undone, 'cancelled', 'one', 'one.compensate');
  comesTo(parent, 'completed', 'two');

  const started = ['start 1', 'start 2', 'start 3'].map((name) => ({
    name,
    ask: async () => {
      const id = await untilAccepted('/jobs/start/runs', { parameters: given, ref_num: `${round} ${name}` }, once(name));
      comesTo(id, 'completed', 'one', 'two');
      expect(await runsOf('ref_num', `${round} ${name}`)).toEqual([id]);
    },
  }));
  const signalled = (name: string, run: string): Verb => ({
    name,
    ask: () => untilTaken(`/runs/${run}/signals/go`, once(`signal ${name}`)),
  });
  return [
    ...started,
    { name: 'approve', ask: () => untilTaken(`/runs/${approved}/steps/ask/approve`) },
    { name: 'retry in place', ask: () => untilTaken(`/runs/${retried}/steps/one/retry`, once('retry')) },
    {
      name: 're-run',
      ask: async () => {
        const id = await untilAccepted(`/runs/${earlier}/rerun`, { from: ['two'] }, once('rerun'));
        comesTo(id, 'completed', 'two');
        expect(await runsOf('rerun_of', earlier)).toEqual([id]);
      },
    },
    {
      name: 'bulk cancel',
      ask: async () => {
        const id = await untilAccepted('/runs/bulk', { action: 'cancel', ids: open }, once('bulk cancel'));
        expect(await bulkEnd(id)).toMatchObject({ status: 'completed', done: open.length, failed: 0 });
      },
    },
    {
      name: 'bulk retry',
      ask: async () => {
        const id = await untilAccepted('/runs/bulk', { action: 'retry', ids: ended }, once('bulk retry'));
        expect(await bulkEnd(id)).toMatchObject({ status: 'completed', done: ended.length, failed: 0 });
        for (const run of ended) {
          const again = await runsOf('retry_of', run);
          expect(again).toHaveLength(1);
          comesTo(String(again[0]), 'completed', 'one', 'two');
        }
      },
    },
    signalled('lock', keeper),
    { name: 'undo', ask: () => untilTaken(`/runs/${undone}/cancel`) },
    {
      name: 'job.run',
      ask: async () => {
        await untilTaken(`/runs/${parent}/signals/go`, once('signal job.run'));
        const [child, ...others] = await eventually(
          () => runsOf('parent_run', parent),
          (runs) => runs.length > 0,
          PATIENCE_MS,
        );
        expect(others).toEqual([]);
        comesTo(String(child), 'completed', 'one');
      },
    },
  ];
}

/** What had to be asked for again. */
const repeated: string[] = [];
/** Answers by which the API blamed itself for what was away. */
const blamed: unknown[] = [];

/** Asks as a client does that wants to be sure: again, with the same key, until it is answered. */
async function untilAnswered(method: string, to: string, body: object, headers: Headers): Promise<Answer> {
  let asked = 0;
  return eventually(
    async () => {
      asked += 1;
      if (asked === 2) repeated.push(to);
      const answer = await stack.as.call(method, to, body, headers);
      if (answer.status >= 500 && answer.status !== 503) blamed.push([to, answer.status, answer.body]);
      return answer;
    },
    ({ status }) => status < 500,
    PATIENCE_MS,
  );
}

async function untilAccepted(to: string, body: object, headers: Headers): Promise<string> {
  const answer = await untilAnswered('POST', to, body, headers);
  expect([to, answer.status, answer.body]).toEqual([to, 202, answer.body]);
  return String(answer.body.id);
}

/** A move whose answer was lost is refused the second time where the run has moved on by it. */
async function untilTaken(to: string, headers: Headers = {}): Promise<void> {
  const { status, body } = await untilAnswered('POST', to, {}, headers);
  expect([to, status, body]).toEqual([to, status === 409 ? 409 : 202, body]);
}

const rowsOf = <T extends object>(look: (sql: Stack['database']['sql']) => Promise<readonly T[]>) =>
  eventually(
    async () => look(stack.database.sql),
    () => true,
    PATIENCE_MS,
  );
const runsOf = async (column: 'ref_num' | 'rerun_of' | 'retry_of' | 'parent_run', is: string) =>
  (await rowsOf((sql) => sql<{ id: string }[]>`select id from runs where ${sql(column)} = ${is}`)).map(({ id }) => id);
const bulkEnd = (id: string) =>
  eventually(
    async () => (await stack.as.call('GET', `/bulk/${id}`)).body,
    ({ id, status }) => id !== undefined && status !== 'running',
    PATIENCE_MS,
  );

/** Waits until every run has ended, and compares what it left with what it says. */
async function settled(ends: Ends, victim: Victim): Promise<void> {
  for (const [run, { status, effects }] of ends) {
    if (lookedAt.has(run)) continue;
    lookedAt.add(run);
    const { as } = stack;
    const seen = await as.until(run, (now) => hasEnded(now.status) || now.waiting_for === 'intervention', 90_000);
    const steps = await eventually(
      () => as.steps(run),
      () => true,
      PATIENCE_MS,
    );
    const what = `run ${run} (${(seen as RunSeen & { job: string }).job}), ${victim} killed, seed ${SEED}`;
    const lost = steps.filter(({ error }) => error?.type === 'lost').map(({ key }) => key);
    const lines = (await readFile(path.join(dir, 'effects'), 'utf8')).split('\n');
    for (const key of effects) {
      const count = lines.filter((line) => line === `${run} ${key.replace('one.compensate', 'undone')}`).length;
      const isDone = steps.find((step) => step.key === key)?.status === 'completed';
      // What died in the middle of a step is said to be unknown, and is not done again.
      if (lost.includes(key)) expect(count, `effects of ${key}, ${what}`).toBeLessThanOrEqual(1);
      else expect([key, isDone, count], what).toEqual(lost.length === 0 || isDone ? [key, true, 1] : [key, false, 0]);
    }
    if (lost.length > 0) unknown.push(run);
    if (lost.length > 0 && !hasEnded(seen.status)) await untilTaken(`/runs/${run}/cancel`);
    const end = await as.until(run);
    if (lost.length === 0) expect([end.status, end.error_message], what).toEqual([status, null]);
    await endInTemporal(stack.temporal, run);
  }
}

const lookedAt = new Set<string>();
/** Runs of which a step was executed when its worker was killed. */
const unknown: string[] = [];

/** Nothing is held, owed, pending or open, and there is no run that nobody asked for. */
async function nothingLeft(runs: number): Promise<void> {
  const left = () => stack.database.sql`
    select (select count(*)::int from runs) as runs,
      (select count(*)::int from runs where ended_at is null) as open_runs,
      (select count(*)::int from run_steps where ended_at is null) as open_steps,
      (select count(*)::int from step_attempts where ended_at is null) as open_attempts,
      (select count(*)::int from lock_claims) as claims,
      (select count(*)::int from outbox) as owed,
      (select count(*)::int from run_secrets) as secrets,
      (select count(*)::int from bulk_items where status = 'pending') as pending,
      (select count(*)::int from bulk_operations where ended_at is null) as open_bulks`;
  const nothing = { open_runs: 0, open_steps: 0, open_attempts: 0, claims: 0, owed: 0, secrets: 0, pending: 0, open_bulks: 0 };
  const [seen] = await eventually(left, ([row]) => JSON.stringify(row) === JSON.stringify({ runs, ...nothing }), 20_000).catch(left);
  expect(seen, `seed ${SEED}`).toEqual({ runs, ...nothing });
}

let killing: Victim | null = null;

async function kill(victim: Victim): Promise<void> {
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

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
