import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WantedQueue } from '#db/queries/queues/wanted-queues.ts';
import type { LiveWorker } from '#jobs/queues/serving.ts';
import { SlotPool } from './slot-pool.ts';
import { ZoneQueues } from './zone-queues.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const QUEUE = 'local@Europe/Berlin';
const wanted = (over: Partial<WantedQueue> = {}): WantedQueue => ({
  name: QUEUE,
  capability: 'local',
  last_used_at: new Date().toISOString(),
  paused: false,
  has_problem: false,
  ...over,
});

/** One process whose workers a test makes fail. */
function process(options: { readonly wanted?: () => readonly WantedQueue[]; readonly alive?: readonly LiveWorker[] } = {}) {
  const pool = new SlotPool(10);
  const opened: { fail(error: Error): void; end(): void; stopped: boolean }[] = [];
  const noted: (string | null)[] = [];
  const closed: string[] = [];
  const reported: (readonly string[])[] = [];
  const zones = new ZoneQueues({
    me: { id: 'me', queues: ['local'] },
    pool,
    log: pino({ level: 'silent' }),
    wanted: async () => (options.wanted ?? (() => [wanted()]))(),
    alive: async () => options.alive ?? [],
    open: async (queue) => {
      pool.supplierOf(queue);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const one = { fail: reject, end: resolve, stopped: false };
      opened.push(one);
      return {
        ended: promise,
        stop: () => {
          one.stopped = true;
          resolve();
        },
      };
    },
    look: async () => ({ backlog: 0, oldestMs: 0 }),
    closeIdle: async (queue) => {
      closed.push(queue);
      return true;
    },
    noteFailure: async (_, problem) => {
      noted.push(problem);
    },
    noteWell: async () => {
      noted.push('well');
    },
    report: async (changed) => {
      reported.push(changed);
    },
  });
  return { zones, pool, opened, noted, closed, reported };
}

test('a queue that is wanted gets one worker, and others are told at once', async () => {
  const { zones, opened, reported } = process();
  await zones.keep();
  await zones.keep();
  expect([opened.length, reported]).toEqual([1, [[QUEUE]]]);
  expect(zones.slots).toMatchObject([{ name: QUEUE, used: 0, isLeaving: false }]);
});

test('a worker that fails is made again with longer and longer pauses; from the third failure on people are told why, until it is well', async () => {
  let hasProblem = false;
  const { zones, opened, noted } = process({ wanted: () => [wanted({ has_problem: hasProblem })] });
  await zones.keep();
  for (const pause of [1_000, 2_000, 4_000]) {
    opened.at(-1)?.fail(new Error('poll refused'));
    await vi.advanceTimersByTimeAsync(pause - 10);
    const before = opened.length;
    await zones.keep();
    expect(opened.length).toBe(before);
    await vi.advanceTimersByTimeAsync(10);
    await zones.keep();
    expect(opened.length).toBe(before + 1);
  }
  expect(noted).toEqual([null, null, 'its worker failed: Error: poll refused']);
  hasProblem = true;
  await zones.keep();
  expect(noted.at(-1)).not.toBe('well');
  await vi.advanceTimersByTimeAsync(300_001);
  await zones.keep();
  await zones.keep();
  expect(noted.at(-1)).toBe('well');
});

test('a step that begins is news of its queue, not of all that could have had its slot', async () => {
  const other = 'local@Asia/Tokyo';
  const { zones, pool, reported } = process({ wanted: () => [wanted(), wanted({ name: other })] });
  await zones.keep();
  await pool.line.enter(other, 5, new AbortController().signal);
  const supplier = pool.supplierOf(other);
  const { signal } = new AbortController();
  const place = { slotType: 'activity', taskQueue: other, workerIdentity: 'w', workerBuildId: '', isSticky: false } as const;
  const permit = await supplier.reserveSlot(place, signal);
  supplier.markSlotUsed({ slotInfo: { type: 'activity', activityType: 'local.exec' }, permit });
  await zones.keep();
  expect(zones.slots.map(({ name, used, total, waiting }) => [name, used, total, waiting])).toEqual([
    [QUEUE, 0, 9, 0],
    [other, 1, 10, 0],
  ]);
  expect(reported).toEqual([[QUEUE, other], [other]]);
});

test('a worker that ends though nobody told it to is made again', async () => {
  const { zones, opened, noted } = process();
  await zones.keep();
  opened[0]?.end();
  await vi.advanceTimersByTimeAsync(1_000);
  await zones.keep();
  expect([opened.length, noted]).toEqual([2, [null]]);
});

test('a worker in which nothing goes on, seen twice in a row, is ended and made again', async () => {
  const { zones, opened, noted } = process();
  await zones.keep();
  for (const why of ['3 steps wait', null, '3 steps wait']) await zones.looked(QUEUE, why);
  expect(opened[0]?.stopped).toBe(false);
  await zones.looked(QUEUE, '3 steps wait');
  expect(opened[0]?.stopped).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  await zones.keep();
  expect([opened.length, noted]).toEqual([2, [null]]);
  // What making it again did not help is seen at the next look.
  await zones.looked(QUEUE, '3 steps wait');
  expect(opened[1]?.stopped).toBe(true);
});

test('a queue is closed ten minutes after its last use, and its worker ends once it is wanted no more', async () => {
  let isWanted = true;
  const usedAt = new Date().toISOString();
  const { zones, opened, closed } = process({ wanted: () => (isWanted ? [wanted({ last_used_at: usedAt })] : []) });
  await zones.keep();
  await vi.advanceTimersByTimeAsync(599_000);
  await zones.keep();
  expect(closed).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  await zones.keep();
  expect(closed).toEqual([QUEUE]);
  isWanted = false;
  await zones.keep();
  expect(opened[0]?.stopped).toBe(true);
  expect(zones.slots).toEqual([]);
});
