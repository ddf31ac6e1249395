import type { SlotPermit } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { SlotPool } from './slot-pool.ts';

const PLACE = { slotType: 'activity', taskQueue: 'q', workerIdentity: 'w', workerBuildId: '', isSticky: false } as const;
const STEP = { type: 'activity', activityType: 'local.exec' } as const;

/** A queue's worker as Temporal's library plays it: it reserves a slot for its poll, and the next one as soon as a step came. */
function worker(pool: SlotPool, name: string) {
  const supplier = pool.supplierOf(name);
  const granted: SlotPermit[] = [];
  const stopping = new AbortController();
  const ask = () =>
    void supplier.reserveSlot(PLACE, stopping.signal).then(
      (permit) => {
        granted.push(permit);
        ask();
      },
      () => undefined,
    );
  ask();
  return {
    supplier,
    granted,
    take: () => {
      const permit = granted.shift();
      if (!permit) throw new Error(`${name} has no poll under way`);
      supplier.markSlotUsed({ slotInfo: STEP, permit });
      return () => supplier.releaseSlot({ slotInfo: STEP, permit });
    },
    stop: () => stopping.abort(),
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const standing = (pool: SlotPool) => Object.fromEntries(pool.standings.map(({ name, used, share }) => [name, [used, share]]));

test('every queue has one poll under way and no more, however few slots there are', async () => {
  const pool = new SlotPool(2);
  const workers = ['a', 'b', 'c', 'd'].map((name) => worker(pool, name));
  await settled();
  expect(workers.map(({ granted }) => granted.length)).toEqual([1, 1, 1, 1]);
});

test('a queue takes all slots while nobody else needs one, and none beyond', async () => {
  const pool = new SlotPool(3);
  const a = worker(pool, 'a');
  for (let n = 0; n < 3; n++) {
    await settled();
    a.take();
  }
  await settled();
  expect(a.granted).toEqual([]);
  expect(pool.standings).toMatchObject([{ used: 3, isHungry: true }]);
});

test('when slots are scarce a queue takes no more than its share, and what ends makes room', async () => {
  const pool = new SlotPool(3);
  const [a, b] = [worker(pool, 'a'), worker(pool, 'b')];
  await settled();
  const ended = [a.take()];
  await settled();
  ended.push(a.take());
  pool.share(
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    true,
  );
  await settled();
  // One poll was under way already.
  ended.push(a.take());
  for (let n = 0; n < 2; n++) {
    b.take();
    await settled();
  }
  expect(standing(pool)).toEqual({ a: [3, 1], b: [2, 2] });
  expect([a.granted.length, b.granted.length]).toEqual([0, 0]);
  for (const end of ended) {
    expect(a.granted).toEqual([]);
    end();
    await settled();
  }
  expect(a.granted.length).toBe(1);
});

test('a queue that is left polls no more once its poll has ended, unless it is to stay after all', async () => {
  const pool = new SlotPool(3);
  const a = worker(pool, 'a');
  await settled();
  pool.leave('a');
  const end = a.take();
  await settled();
  end();
  await settled();
  expect(a.granted).toEqual([]);
  pool.stay('a');
  await settled();
  expect(a.granted.length).toBe(1);
  a.stop();
});

test('a worker that ended leaves nothing taken, and takes nothing from the one that was made after it', async () => {
  const pool = new SlotPool(2);
  const before = worker(pool, 'a');
  await settled();
  before.take();
  const now = worker(pool, 'a');
  await settled();
  now.take();
  pool.forget('a', before.supplier);
  expect(standing(pool)).toEqual({ a: [1, 2] });
  pool.forget('a', now.supplier);
  expect(standing(pool)).toEqual({});
});

const never = new AbortController().signal;

test('no more steps run at a time than there are slots; of those in line the first is one whose queue runs nothing, then the most urgent', async () => {
  const { line } = new SlotPool(1);
  const begun: string[] = [];
  const enter = (queue: string, priority: number, name: string, signal = never) =>
    line.enter(queue, priority, signal).then(
      (leave) => {
        begun.push(name);
        return leave;
      },
      () => () => begun.push(`${name} gave up`),
    );
  const cancel = new AbortController();
  const first = await enter('a', 5, 'first');
  const rest = [enter('a', 1, 'urgent'), enter('b', 9, 'other'), enter('a', 5, 'cancelled', cancel.signal), enter('b', 3, 'sooner')];
  cancel.abort();
  await settled();
  expect([begun, line.running]).toEqual([['first'], 1]);
  first();
  for (const next of [0, 3, 1]) {
    const leave = await rest[next];
    expect(line.running).toBe(1);
    leave?.();
  }
  expect(begun).toEqual(['first', 'urgent', 'sooner', 'other']);
});

test('what is held back in line keeps nobody from a slot', async () => {
  const pool = new SlotPool(2);
  const [a, b] = [worker(pool, 'a'), worker(pool, 'b')];
  await settled();
  pool.line.hold(new Set(['a']));
  void pool.line.enter('a', 5, never);
  a.take();
  for (let n = 0; n < 2; n++) {
    b.take();
    await settled();
  }
  expect(b.granted).toEqual([]);
  expect(pool.standings).toMatchObject([
    { name: 'a', used: 1, claims: 0 },
    { name: 'b', used: 2, claims: 2, share: 2 },
  ]);
});

test('nothing begins of a queue that is held back, though slots are free, until it is let go on', async () => {
  const { line } = new SlotPool(2);
  const begun: string[] = [];
  const enter = async (queue: string) => {
    const leave = await line.enter(queue, 5, never);
    begun.push(queue);
    return leave;
  };
  line.hold(new Set(['a']));
  void enter('a');
  const b = await enter('b');
  b();
  await settled();
  expect([begun, line.runningOf('a')]).toEqual([['b'], 0]);
  line.hold(new Set());
  await settled();
  expect([begun, line.runningOf('a')]).toEqual([['b', 'a'], 1]);
});
