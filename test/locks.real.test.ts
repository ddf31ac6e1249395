import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { eventually } from './api-client.ts';
import { endInTemporal, type Stack, startStack } from './stack.ts';

let stack: Stack;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-locks-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

let names = 0;
const fresh = (kind: string): string => {
  names += 1;
  return `${kind}-${names}`;
};
const file = (name: string) => path.join(dir, name);
const sh = (id: string, command: string, more: object = {}) => ({
  id,
  type: 'local.exec',
  retry: { attempts: 1 },
  config: { command, environment: { RUN: '${{ run.id }}' } },
  ...more,
});
/** A command that says that it has begun, and ends once the gate is open. */
const atGate = (gate: string) => `echo $RUN >> ${file(`${gate}.begun`)}; until test -e ${file(gate)}; do sleep 0.05; done`;
const open = (gate: string) => writeFile(file(gate), '');
const begun = async (gate: string) => (await readFile(file(`${gate}.begun`), 'utf8').catch(() => '')).trim().split('\n');
/** A job whose runs hold the key as long as the gate is shut. */
const keeper = (key: string, gate: string, concurrency: object = {}) =>
  stack.as.job({ name: fresh('job'), limits: { concurrency: { key, ...concurrency } }, steps: [sh('hold', atGate(gate))] });
type Seen = { readonly message: string | null; readonly waiting_for: string | null };
const inLine = async (run: string) => {
  const seen = await stack.as.until(run, ({ status }) => status === 'waiting');
  const { message, waiting_for } = seen as typeof seen & Seen;
  return { message, waiting_for };
};
const numberOf = async (run: string) => ((await stack.as.run(run)) as unknown as { number: number }).number;
const lockOf = async (key: string) => (await stack.as.call('GET', `/locks?key=${key}`)).body.items as readonly JsonObject[];
const held = (gate: string) =>
  eventually(
    () => begun(gate),
    ([first]) => first !== '',
    20_000,
  );

describe('runs that want the same key', () => {
  test('wait in line by priority, each shown its place, and go on one after the other', async () => {
    const [key, gate] = [fresh('key'), fresh('gate')];
    const job = await keeper(key, gate);
    const first = await stack.as.start(job);
    await held(gate);
    const second = await stack.as.start(job, { priority: 5 });
    const number = await numberOf(first);
    expect(await inLine(second)).toEqual({ message: `waits for lock ${key}, 1st in line, held by run #${number}`, waiting_for: 'lock' });
    const urgent = await stack.as.start(job, { priority: 1 });
    await inLine(urgent);
    const seen = await stack.as.call('GET', `/runs/${urgent}`);
    expect(seen.body).toMatchObject({ blocked_by: [number] });
    const current = { 'if-none-match': seen.headers.get('etag') ?? '' };
    expect((await stack.as.call('GET', `/runs/${urgent}`, undefined, current)).status).toBe(304);
    expect(await lockOf(key)).toMatchObject([
      {
        key,
        max: 1,
        waiting: 2,
        holders: [{ run_id: first, number }],
        waiters: [
          { run_id: urgent, position: 1, blocked_by: [number] },
          { run_id: second, position: 2 },
        ],
      },
    ]);
    const ofRun = await stack.as.call('GET', `/locks?run=${second}`);
    expect(ofRun.body.items).toMatchObject([{ key }]);
    await open(gate);
    for (const run of [first, urgent, second]) expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect(await begun(gate)).toEqual([first, urgent, second]);
    expect(await lockOf(key)).toEqual([]);
  });

  test('are skipped, cancelled or fail where their job says so, and never start a step', async () => {
    const [key, gate] = [fresh('key'), fresh('gate')];
    const first = await stack.as.start(await keeper(key, gate));
    await held(gate);
    const by = `run #${await numberOf(first)}`;
    const ends = await Promise.all(
      (['skip', 'cancel_new', 'fail'] as const).map(async (on_conflict) =>
        stack.as.until(await stack.as.start(await keeper(key, gate, { on_conflict }))),
      ),
    );
    expect(ends).toMatchObject([
      { status: 'cancelled', message: `skipped: ${key} is held by ${by}` },
      { status: 'cancelled', message: `cancelled: ${key} is held by ${by}` },
      { status: 'failed', error_message: `lock ${key} is held by ${by}` },
    ]);
    await open(gate);
    await stack.as.until(first);
    expect(await begun(gate)).toEqual([first]);
  });

  test('end those that hold it, where their job says so, and then go on', async () => {
    const [key, gate, other] = [fresh('key'), fresh('gate'), fresh('gate')];
    const first = await stack.as.start(await keeper(key, gate));
    await held(gate);
    await open(other);
    const second = await stack.as.start(await keeper(key, other, { on_conflict: 'cancel_running' }));
    expect(await stack.as.until(first)).toMatchObject({ status: 'cancelled' });
    expect(await stack.as.until(second)).toMatchObject({ status: 'completed' });
    const { body } = await stack.as.call('GET', `/runs/${first}/history`);
    expect(JSON.stringify(body)).toContain(`run #${await numberOf(second)} takes lock ${key} over`);
  });

  test('are cancelled in line, and leave it', async () => {
    const [key, gate] = [fresh('key'), fresh('gate')];
    const job = await keeper(key, gate);
    const first = await stack.as.start(job);
    await held(gate);
    const second = await stack.as.start(job);
    await inLine(second);
    await stack.as.call('POST', `/runs/${second}/cancel`, { reason: 'not today' });
    expect(await stack.as.until(second)).toMatchObject({ status: 'cancelled' });
    expect(await lockOf(key)).toMatchObject([{ waiting: 0 }]);
    await open(gate);
    await stack.as.until(first);
  });
});

describe('steps that want the same key', () => {
  test('run one at a time across runs, each part under a key of its own', async () => {
    const [key, marks] = [fresh('key'), file(fresh('marks'))];
    const busy = `echo "+$ITEM" >> ${marks}; sleep 0.2; echo "-$ITEM" >> ${marks}`;
    const job = await stack.as.job({
      name: fresh('job'),
      steps: [
        {
          ...sh('each', busy, { foreach: ['a', 'b'], concurrency: { key: `${key}-\${{ item }}` } }),
          config: { command: busy, environment: { ITEM: '${{ item }}' } },
        },
      ],
    });
    const runs = await Promise.all([stack.as.start(job), stack.as.start(job), stack.as.start(job)]);
    for (const run of runs) expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    const lines = (await readFile(marks, 'utf8')).trim().split('\n');
    for (const item of ['a', 'b']) {
      expect(lines.filter((line) => line.endsWith(item))).toEqual(Array.from({ length: 3 }, () => [`+${item}`, `-${item}`]).flat());
    }
    expect(await lockOf(key)).toEqual([]);
  });

  test('are skipped or fail, and keep nothing while a person is waited for', async () => {
    const [key, gate, fixed] = [fresh('key'), fresh('gate'), fresh('fixed')];
    const first = await stack.as.start(await keeper(key, gate));
    await held(gate);
    const other = await stack.as.start(
      await stack.as.job({
        name: fresh('job'),
        steps: [
          sh('skipped', 'true', { concurrency: { key, on_conflict: 'skip' } }),
          sh('after', 'true'),
          sh('failed', 'true', { concurrency: { key, on_conflict: 'fail' }, continue_on_failure: true }),
          sh('waits', `test -e ${file(fixed)}`, { concurrency: { key: `${key}-own` }, on_error: 'wait' }),
        ],
      }),
    );
    await stack.as.untilStep(other, 'waits', ({ status }) => status === 'waiting');
    await eventually(
      () => lockOf(`${key}-own`),
      (locks) => locks.length === 0,
      10_000,
    );
    await open(fixed);
    expect((await stack.as.call('POST', `/runs/${other}/steps/waits/retry`, {})).status).toBe(202);
    expect(await stack.as.until(other)).toMatchObject({ status: 'completed' });
    const steps = Object.fromEntries(
      (await stack.as.steps(other)).map(({ key, status, error }) => [key, error ? `${status} ${error.type}` : status]),
    );
    expect(steps).toEqual({ skipped: 'skipped', after: 'completed', failed: 'failed policy', waits: 'completed' });
    await open(gate);
    await stack.as.until(first);
  });

  test('begin no faster than the rate they share', async () => {
    const [resource, marks] = [fresh('rate'), file(fresh('marks'))];
    const job = await stack.as.job({
      name: fresh('job'),
      steps: [sh('call', `date +%s%3N >> ${marks}`, { rate: { resource, max: 2, per: '1500ms' } })],
    });
    const runs = await Promise.all(Array.from({ length: 4 }, () => stack.as.start(job)));
    for (const run of runs) expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    const at = (await readFile(marks, 'utf8'))
      .trim()
      .split('\n')
      .map(Number)
      .sort((x, y) => x - y);
    const given = await stack.database.sql<{ at: string }[]>`select at from rate_starts where resource = ${resource} order by at`;
    const moments = given.map((row) => Date.parse(row.at));
    expect(moments.slice(2).every((moment, n) => moment - (moments[n] ?? 0) >= 1_500)).toBe(true);
    expect((at[3] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(1_000);
  });
});

describe('no key is held by the dead', () => {
  test('a run that has the key, and a step that has it, are told again where the worker died that was to tell them', async () => {
    const [key, gate] = [fresh('key'), fresh('gate')];
    const first = await stack.as.start(await keeper(key, gate));
    await held(gate);
    const waiting = await stack.as.start(await keeper(key, gate));
    await inLine(waiting);
    const steps = [sh('hold', 'true', { concurrency: { key } })];
    const step = await stack.as.start(await stack.as.job({ name: fresh('job'), steps }));
    await stack.as.untilStep(step, 'hold', ({ status }) => status === 'waiting');
    // As it stands once the closing record is written and nobody was told.
    await stack.database.sql`
      update lock_claims set max = 3, state = 'holding', held_since = now() where key = ${key} and state = 'waiting'`;
    expect(await stack.as.until(step, undefined, 15_000)).toMatchObject({ status: 'completed' });
    await eventually(
      () => begun(gate),
      (runs) => runs.includes(waiting),
      15_000,
    );
    await open(gate);
    for (const run of [first, waiting]) expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
  });

  test('a run in line goes on though its worker was killed, and one whose workflow was terminated gives up what it held', async () => {
    const [key, gate] = [fresh('key'), fresh('gate')];
    const job = await keeper(key, gate);
    const first = await stack.as.start(job);
    await held(gate);
    const waiting = await stack.as.start(job);
    await inLine(waiting);
    await stack.worker.kill();
    await stack.temporal.workflow.getHandle(`run:${first}`).terminate('by hand');
    await endInTemporal(stack.temporal, first);
    stack.worker.start();
    await stack.database.sql`update runs set updated_at = now() - interval '1 minute' where id = ${first}`;
    await stack.temporal.workflow.execute('reconcile', { taskQueue: 'runs', workflowId: fresh('reconcile') });
    expect(await stack.as.run(first)).toMatchObject({ status: 'cancelled' });
    await open(gate);
    expect(await stack.as.until(waiting)).toMatchObject({ status: 'completed' });
  });

  test('a person takes a key from a run; who does not hold it is named, and the audit says who did it', async () => {
    const [key, gate] = [fresh('key'), fresh('gate')];
    const job = await keeper(key, gate);
    const first = await stack.as.start(job);
    await held(gate);
    const second = await stack.as.start(job);
    await inLine(second);
    const release = (run: string, reason = 'stuck') => stack.as.call('POST', '/locks/release', { key, run, reason });
    expect([(await release(second)).status, (await release(second)).body.detail]).toEqual([409, expect.stringContaining('waits for lock')]);
    expect((await release(first)).status).toBe(204);
    await eventually(
      () => begun(gate),
      (runs) => runs.includes(second),
      20_000,
    );
    expect((await release(first)).status).toBe(404);
    const audit = await stack.database.sql`select actor, reason, subject from audit_entries where action = 'lock.release'`;
    expect(audit).toMatchObject([{ reason: 'stuck', subject: key }]);
    await open(gate);
    for (const run of [first, second]) expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
  });
});
