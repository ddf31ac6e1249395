import { expect, test } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';

const setUp = (write: GroupCommitOptions<string>['write'], options: Partial<GroupCommitOptions<string>> = {}) => {
  const dropped: string[] = [];
  const commits = new GroupCommit<string>({
    write,
    weigh: (item) => item.length,
    delayMs: 5,
    maxBatch: 100,
    maxPending: 10,
    isPassing: (error) => error instanceof Error && error.message === 'away',
    onDropped: (item) => dropped.push(item),
    ...options,
  });
  return { commits, dropped };
};

test('items that come together are written in one batch, in their order', async () => {
  const batches: (readonly string[])[] = [];
  const { commits } = setUp(async (batch) => void batches.push(batch));
  for (const item of ['a', 'b', 'c']) void commits.add(item);
  await commits.flush();
  expect(batches).toEqual([['a', 'b', 'c']]);
});

test('eager, what comes after a quiet time is written with its moment, and what follows at once waits for company', async () => {
  const batches: (readonly string[])[] = [];
  const { commits } = setUp(async (batch) => void batches.push(batch), { isEager: true, delayMs: 60_000 });
  for (const item of ['a', 'b']) void commits.add(item);
  expect(batches).toEqual([]);
  await new Promise(setImmediate);
  expect(batches).toEqual([['a', 'b']]);
  for (const item of ['c', 'd']) void commits.add(item);
  await new Promise(setImmediate);
  expect(batches).toEqual([['a', 'b']]);
  await commits.flush();
  expect(batches).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('one batch is written at a time, and what gathers meanwhile makes the next one', async () => {
  const batches: (readonly string[])[] = [];
  const first = Promise.withResolvers<void>();
  const { commits } = setUp(async (batch) => {
    batches.push(batch);
    if (batches.length === 1) await first.promise;
  });
  const committed = commits.commit('a');
  void commits.add('b');
  void commits.add('c');
  expect(batches).toEqual([['a']]);
  first.resolve();
  await committed;
  await commits.flush();
  expect(batches).toEqual([['a'], ['b', 'c']]);
});

test('whoever adds more than fits waits until it is written', async () => {
  const gate = Promise.withResolvers<void>();
  const { commits } = setUp(() => gate.promise);
  expect(commits.add('12345')).toBeUndefined();
  const full = commits.add('67890');
  let passed = false;
  void full?.then(() => {
    passed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(passed).toBe(false);
  gate.resolve();
  await full;
  expect(passed).toBe(true);
});

test('a database that is away for a while loses nothing', async () => {
  const written: string[] = [];
  let failures = 2;
  const { commits, dropped } = setUp(async (batch) => {
    if (failures-- > 0) throw new Error('away');
    written.push(...batch);
  });
  void commits.add('a');
  void commits.add('b');
  await commits.flush();
  expect(written).toEqual(['a', 'b']);
  expect(dropped).toEqual([]);
});

test('an item that can never be written is dropped alone, and whoever waits for it is told', async () => {
  const written: string[] = [];
  const { commits, dropped } = setUp(async (batch) => {
    if (batch.includes('bad')) throw new Error('refused');
    written.push(...batch);
  });
  void commits.add('a');
  const bad = commits.commit('bad');
  void commits.add('c');
  await expect(bad).rejects.toThrow('refused');
  await commits.flush();
  expect(written).toEqual(['a', 'c']);
  expect(dropped).toEqual(['bad']);
});

test('what was written is known by itself, whatever comes after it', async () => {
  const batches: (readonly string[])[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { commits } = setUp(async (batch) => {
    batches.push(batch);
    await gates[batches.length - 1]?.promise;
  });
  await commits.written();
  void commits.add('a');
  const written = commits.written();
  void commits.add('b');
  expect(batches).toEqual([['a']]);
  gates[0]?.resolve();
  await written;
  expect(batches).toEqual([['a'], ['b']]);
  const underWay = commits.written();
  gates[1]?.resolve();
  await underWay;
});
