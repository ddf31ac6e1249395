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
  const opened: { fail(error: Error): void; stopped: boolean }[] = [];
  const noted: (string | null)[] = [];
  const closed: string[] = [];
  let reports = 0;
  const zones = new ZoneQueues({
    me: { id: 'me', queues: ['local'] },
    pool,
    log: pino({ level: 'silent' }),
    wanted: async () => (options.wanted ?? (() => [wanted()]))(),
    alive: async () => options.alive ?? [],
    open: async (queue) => {
      pool.supplierOf(queue);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const one = { fail: reject, stopped: false };
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
    report: async () => {
      reports += 1;
    },
  });
  return { zones, opened, noted, closed, reports: () => reports };
}

test('a queue that is wanted gets one worker, and others are told at once', async () => {
  const { zones, opened, reports } = process();
  await zones.keep();
  await zones.keep();
  expect([opened.length, reports()]).toEqual([1, 1]);
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

test('a worker in which nothing goes on is ended and made again', async () => {
  const { zones, opened, noted } = process();
  await zones.keep();
  await zones.rebuild(QUEUE, '3 steps wait');
  expect(opened[0]?.stopped).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  await zones.keep();
  expect([opened.length, noted]).toEqual([2, [null]]);
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
