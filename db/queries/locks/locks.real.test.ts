import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../testing/database.ts';
import { accept, record } from '../../testing/runs.ts';
import { recordRuns } from '../record-runs.ts';
import { claimLock, type LockAsk } from './claim-lock.ts';
import { endedClaimants, freeLocks } from './free-locks.ts';
import { reserveStart } from './reserve-start.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

let keys = 0;
const freshKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};
const newRun = async (priority = 5): Promise<string> => (await accept(database.sql, { priority })).run;
const ask = (key: string, run: string, over: Partial<LockAsk> = {}) =>
  claimLock(database.sql, {
    project: 'default',
    key,
    run,
    step: '',
    workflowId: `run:${run}`,
    priority: null,
    max: 1,
    onConflict: 'queue',
    ...over,
  });
const outcome = async (key: string, run: string, over: Partial<LockAsk> = {}) => (await ask(key, run, over)).verdict;
const free = (run: string) => database.sql.begin((tx) => freeLocks(tx, { runs: [run] }));
const claimsOf = (key: string) =>
  database.sql<
    { run_id: string; state: string }[]
  >`select run_id, state from lock_claims where key = ${key} order by state, priority, since, run_id`;

describe('a key', () => {
  test('asked for by many at once has as many holders as it may, and as they end each of the others in its turn', async () => {
    const key = freshKey();
    const runs = await Promise.all(Array.from({ length: 24 }, (_, n) => newRun(1 + (n % 3))));
    const first = await Promise.all(runs.map((run) => outcome(key, run, { max: 2 })));
    expect(first.filter((verdict) => verdict.outcome === 'granted')).toHaveLength(2);
    const line = (await claimsOf(key)).filter(({ state }) => state === 'waiting').map(({ run_id }) => run_id);
    const inTurn: string[] = [];
    for (let holding = await holdersOf(key); holding.length > 0; holding = await holdersOf(key)) {
      expect(holding.length).toBeLessThanOrEqual(2);
      const granted = await free(holding[0] ?? '');
      inTurn.push(...granted.map(({ workflowId }) => workflowId.slice('run:'.length)));
    }
    expect(inTurn).toEqual(line);
  });
  const holdersOf = async (key: string) => (await claimsOf(key)).flatMap(({ run_id, state }) => (state === 'holding' ? [run_id] : []));

  test('is asked for again without losing the place, and a more urgent run goes before', async () => {
    const key = freshKey();
    const [holder, patient, urgent] = [await newRun(), await newRun(), await newRun(1)];
    await ask(key, holder);
    expect(await outcome(key, patient)).toMatchObject({ outcome: 'queued', position: 1 });
    expect(await outcome(key, urgent)).toMatchObject({ outcome: 'queued', position: 1 });
    expect(await outcome(key, patient)).toMatchObject({ outcome: 'queued', position: 2 });
    expect(await free(holder)).toEqual([{ workflowId: `run:${urgent}`, step: '' }]);
    expect(await outcome(key, urgent)).toEqual({ outcome: 'granted' });
  });

  test('given up by many at once comes to as many of those in line', async () => {
    const key = freshKey();
    const runs = await Promise.all(Array.from({ length: 100 }, () => newRun()));
    for (const run of runs) await ask(key, run, { max: 50 });
    const holding = await holdersOf(key);
    expect(holding).toHaveLength(50);
    await database.sql.begin((tx) => freeLocks(tx, { runs: holding }));
    expect(await holdersOf(key)).toHaveLength(50);
  });

  test('leaves no trace of one who does not wait for it', async () => {
    const key = freshKey();
    const [holder, other] = [await newRun(), await newRun()];
    await ask(key, holder);
    for (const onConflict of ['skip', 'fail', 'cancel_new'] as const) await ask(key, other, { onConflict });
    expect(await claimsOf(key)).toEqual([{ run_id: holder, state: 'holding' }]);
  });

  test('names the holders that are to be cancelled, who asked earlier', async () => {
    const key = freshKey();
    const [holder, other] = [await newRun(), await newRun()];
    await ask(key, holder);
    expect(await outcome(key, other, { onConflict: 'cancel_running' })).toMatchObject({ outcome: 'queued', cancel: [{ run: holder }] });
  });

  test('is neither given to a run that has ended nor kept by one', async () => {
    const key = freshKey();
    const [holder, next] = [await newRun(), await newRun()];
    await ask(key, holder);
    await ask(key, next);
    await recordRuns(database.sql, [record(holder, 1, 'completed')]);
    expect(await outcome(key, holder)).toEqual({ outcome: 'ended' });
    await database.sql`update lock_claims set since = since - interval '2 minutes' where key = ${key}`;
    expect(await endedClaimants(database.sql)).toEqual([holder]);
    expect(await free(holder)).toEqual([{ workflowId: `run:${next}`, step: '' }]);
    expect(await endedClaimants(database.sql)).toEqual([]);
  });

  test('held by a run is refused to the runs that its steps start, and to its own steps', async () => {
    const key = freshKey();
    const [parent, child] = [await newRun(), await newRun()];
    await database.sql`update runs set parent_run = ${parent}, parent_key = 'call' where id = ${child}`;
    await ask(key, parent);
    expect(await outcome(key, child)).toMatchObject({ outcome: 'reentry', holder: { run: parent } });
    expect(await outcome(key, parent, { step: 'own' })).toMatchObject({ outcome: 'reentry', holder: { run: parent } });
  });

  test('is refused to the one who would close a circle of runs that wait for each other', async () => {
    const [a, b] = [freshKey(), freshKey()];
    const [one, other, child] = [await newRun(), await newRun(), await newRun()];
    await database.sql`update runs set parent_run = ${other}, parent_key = 'call' where id = ${child}`;
    await ask(a, one);
    await ask(b, other);
    expect(await outcome(b, one, { step: 'x' })).toMatchObject({ outcome: 'queued' });
    expect(await outcome(a, child)).toMatchObject({ outcome: 'deadlock', holder: { run: one } });
    await free(other);
    expect(await outcome(a, child)).toMatchObject({ outcome: 'queued' });
  });
});

describe('a rate', () => {
  test('gives no more starts than it may in any span of its length, however many ask at once', async () => {
    const run = uuidv7();
    const perMs = 10_000;
    const reserve = () => reserveStart(database.sql, { project: 'default', resource: 'sms', run, step: 's', max: 3, perMs });
    const at = (await Promise.all(Array.from({ length: 20 }, reserve))).sort((x, y) => x - y);
    expect(at.filter((moment, n) => n >= 3 && moment - (at[n - 3] ?? 0) < perMs)).toEqual([]);
    expect((at[19] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(6 * perMs);
    expect((at[19] ?? 0) - (at[0] ?? 0)).toBeLessThan(6 * perMs + 5_000);
  });
});
