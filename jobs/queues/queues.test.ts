import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOfQueue, queueName } from './name.ts';
import { ownerOf } from './owner.ts';
import { isAlarming, pauseBeforeMs, type Signs, whyStalled } from './repair.ts';
import { type LiveWorker, whatToServe } from './serving.ts';
import { shareKey } from './share.ts';
import { type Demand, isScarce, type Shares, shareSlots } from './slots.ts';
import { queueState } from './state.ts';

const demand = (name: string, used: number, backlog: number, oldestMs = 0): Demand => ({ name, used, backlog, oldestMs });
const NONE: Shares = new Map();
const demands = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...Array.from({ length: 30 }, (_, at) => `local@Zone/${at}`)),
    used: fc.nat(20),
    backlog: fc.nat(200),
    oldestMs: fc.nat(900_000),
  }),
  { selector: ({ name }) => name, maxLength: 30 },
);
const cap = fc.integer({ min: 1, max: 60 });
const sum = (shares: Shares): number => [...shares.values()].reduce((total, share) => total + share, 0);

test('slots handed out never exceed the cap, whatever was handed out before, and no queue gets more than it has work for', () => {
  fc.assert(
    fc.property(cap, demands, demands, (slots, earlier, now) => {
      const shares = shareSlots(slots, now, shareSlots(slots, earlier, NONE));
      expect(sum(shares)).toBeLessThanOrEqual(slots);
      for (const { name, used, backlog } of now) expect(shares.get(name) ?? 0).toBeLessThanOrEqual(used + backlog);
    }),
  );
});

test('every queue with work has at least one slot while there are enough, else those that waited longest', () => {
  fc.assert(
    fc.property(cap, demands, demands, (slots, earlier, now) => {
      const shares = shareSlots(slots, now, shareSlots(slots, earlier, NONE));
      const busy = now
        .filter(({ used, backlog }) => used + backlog > 0)
        .sort((a, b) => b.oldestMs - a.oldestMs || (a.name < b.name ? -1 : 1));
      busy.slice(0, slots).forEach(({ name }) => {
        expect(shares.get(name)).toBeGreaterThanOrEqual(1);
      });
    }),
  );
});

test('no slot stays unused while a queue has work for it', () => {
  fc.assert(
    fc.property(cap, demands, demands, (slots, earlier, now) => {
      const wanted = now.reduce((total, { used, backlog }) => total + used + backlog, 0);
      expect(sum(shareSlots(slots, now, shareSlots(slots, earlier, NONE)))).toBe(Math.min(slots, wanted));
      expect(isScarce(slots, now)).toBe(wanted > slots);
    }),
  );
});

test('the same work asked about again moves no slot', () => {
  fc.assert(
    fc.property(cap, demands, demands, (slots, earlier, now) => {
      const first = shareSlots(slots, now, shareSlots(slots, earlier, NONE));
      expect(shareSlots(slots, now, first)).toEqual(first);
    }),
  );
});

test('backlogs that waver a little move no slot, and those that change move many', () => {
  const shares = shareSlots(20, [demand('a', 10, 100), demand('b', 10, 100)], NONE);
  expect([...shares]).toEqual([
    ['a', 10],
    ['b', 10],
  ]);
  for (const waver of [-9, 4, 9]) expect(shareSlots(20, [demand('a', 10, 100 + waver), demand('b', 10, 100)], shares)).toEqual(shares);
  expect([...shareSlots(20, [demand('a', 10, 600), demand('b', 10, 20)], shares)]).toEqual([
    ['a', 19],
    ['b', 1],
  ]);
});

test('what has waited long counts for more than what has just come', () => {
  const shares = shareSlots(12, [demand('old', 0, 50, 60_000), demand('new', 0, 50, 0)], NONE);
  expect(Object.fromEntries(shares)).toEqual({ old: 8, new: 4 });
});

const workers = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 8 });
const ZONES = Array.from({ length: 200 }, (_, at) => `remote@Zone/${at}`);

test('when a worker goes only its own queues move, and whoever asks gets the same answer', () => {
  fc.assert(
    fc.property(workers, (all) => {
      const gone = all[0];
      const left = all.slice(1);
      for (const queue of ZONES.slice(0, 50)) {
        const before = ownerOf(queue, all);
        expect(ownerOf(queue, all.toReversed())).toBe(before);
        if (before !== gone) expect(ownerOf(queue, left)).toBe(before);
      }
    }),
  );
  expect(ownerOf('remote', [])).toBeNull();
});

test('queues are spread evenly over workers', () => {
  const counts = new Map<string, number>();
  const all = ['ops-1-17-ab12', 'ops-1-18-cd34', 'ops-2-17-ef56', 'ops-2-19-0a1b'];
  for (const queue of ZONES) counts.set(ownerOf(queue, all) ?? '', (counts.get(ownerOf(queue, all) ?? '') ?? 0) + 1);
  for (const worker of all) expect(counts.get(worker)).toBeGreaterThan(200 / 4 / 2);
});

const worker = (id: string, ...queues: string[]): LiveWorker => ({ id, queues });
const open = (name: string) => ({ name, capability: 'local' });

test('at every moment each queue that wants one has a worker, also while a new worker takes some over, and in the end exactly one', () => {
  const wanted = ZONES.slice(0, 40).map(open);
  const served = new Map([
    ['a', new Set<string>()],
    ['b', new Set<string>()],
  ]);
  const reported = new Map([['a', worker('a', 'local')]]);
  const round = (id: string) => {
    const own = served.get(id) ?? new Set();
    const { open: opened, leave } = whatToServe(worker(id, 'local', ...own), [...reported.values()], wanted, own);
    for (const name of opened) own.add(name);
    for (const name of leave) own.delete(name);
    reported.set(id, worker(id, 'local', ...own));
  };
  round('a');
  expect(served.get('a')?.size).toBe(40);
  for (const id of ['b', 'a', 'b', 'a']) {
    round(id);
    for (const { name } of wanted) expect([...served.values()].some((own) => own.has(name))).toBe(true);
  }
  expect((served.get('a')?.size ?? 0) + (served.get('b')?.size ?? 0)).toBe(40);
  expect(served.get('b')?.size).toBeGreaterThan(5);
  reported.delete('a');
  round('b');
  expect(served.get('b')?.size).toBe(40);
});

test('a queue goes to workers of its capability only, and is left when it is idle', () => {
  const me = worker('a', 'http');
  expect(whatToServe(me, [], [open('local@UTC')], new Set())).toEqual({ open: [], leave: [] });
  expect(whatToServe(worker('a', 'local', 'local@UTC'), [], [], new Set(['local@UTC']))).toEqual({ open: [], leave: ['local@UTC'] });
});

const signs = (over: Partial<Signs> = {}): Signs => ({
  backlog: 3,
  oldestMs: 90_000,
  dispatchedPerSecond: 0,
  pollerSeenMsAgo: 1_000,
  hasFreeSlots: true,
  isPaused: false,
  ...over,
});

test.each([
  ['steps that wait though slots are free', signs(), '3 steps wait, the first for 90 s, slots are free, and none is handed out'],
  [
    'nobody who asks',
    signs({ pollerSeenMsAgo: null, dispatchedPerSecond: 2 }),
    '3 steps wait, the first for 90 s, and nobody asks for them',
  ],
  ['a paused queue', signs({ isPaused: true }), null],
  ['a full one', signs({ hasFreeSlots: false }), null],
  ['one that is served', signs({ dispatchedPerSecond: 0.4 }), null],
  ['a short wait', signs({ oldestMs: 20_000 }), null],
  ['nothing to do', signs({ backlog: 0, oldestMs: 0 }), null],
])('%s', (_, seen, why) => {
  expect(whyStalled(seen)).toBe(why);
});

test('a worker that fails again and again is made again ever more slowly, at least once a minute, and people are told', () => {
  expect([1, 2, 3, 4, 20].map(pauseBeforeMs)).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
  expect([1, 2, 3, 4].map(isAlarming)).toEqual([false, false, true, true]);
});

test('the key of a client is its name, or at most 64 bytes that tell it from others', () => {
  expect(shareKey('acme')).toBe('acme');
  const [long, other] = ['ä'.repeat(80), `${'ä'.repeat(79)}ö`];
  expect(Buffer.byteLength(shareKey(long))).toBeLessThanOrEqual(64);
  expect(shareKey(long)).not.toBe(shareKey(other));
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (client) => Buffer.byteLength(shareKey(client)) <= 64));
});

test('a queue is named by capability and zone, and read back', () => {
  expect(queueName('remote', null)).toBe('remote');
  expect(queueName('remote', 'Europe/Berlin')).toBe('remote@Europe/Berlin');
  expect(placeOfQueue('remote@Europe/Berlin')).toEqual({ capability: 'remote', zone: 'Europe/Berlin' });
  expect(placeOfQueue('sql')).toEqual({ capability: 'sql', zone: null });
  expect(placeOfQueue('runs')).toBeNull();
});

test.each([
  [{ isPaused: true, hasProblem: true, isOpen: false, servedBy: 0 }, 'paused'],
  [{ isPaused: false, hasProblem: true, isOpen: true, servedBy: 1 }, 'stalled'],
  [{ isPaused: false, hasProblem: false, isOpen: true, servedBy: 0 }, 'unserved'],
  [{ isPaused: false, hasProblem: false, isOpen: true, servedBy: 2 }, 'open'],
  [{ isPaused: false, hasProblem: false, isOpen: false, servedBy: 0 }, 'idle'],
])('a queue is called by what matters most about it: %j is %s', (seen, state) => {
  expect(queueState(seen)).toBe(state);
});
