import { expect, test } from 'vitest';
import type { OverlapPolicy } from './definition.ts';
import { type Circumstances, type RunSpan, whyMissed } from './why-missed.ts';

const MINUTE = 60_000;
const at = Date.parse('2027-03-01T12:00:00Z');
const moment = { at, wall: '2027-03-01T13:00', marks: [], reason: null } as const;
const alone: Circumstances = {
  now: at + 2 * MINUTE,
  overlap: 'skip',
  catchupMs: 10 * MINUTE,
  jitterMs: 0,
  changed: null,
  pauses: [],
  runs: [],
  waiting: 0,
};
const said = (over: Partial<Circumstances> = {}, what: Parameters<typeof whyMissed>[0] = moment) => {
  const verdict = whyMissed(what, { ...alone, ...over });
  return verdict.status === 'missed' ? verdict.reason : `to start: ${verdict.trigger}`;
};
const under: RunSpan = { nominal: at - MINUTE, from: at - MINUTE, until: null };
const waited: RunSpan = { nominal: at - MINUTE, from: at + MINUTE, until: null };
const next: RunSpan = { nominal: at + MINUTE, from: at + MINUTE, until: null };

test('what the clocks leave out and what calendars take is missed for that', () => {
  for (const reason of ['dst', 'blackout', 'window'] as const) expect(said({ runs: [under] }, { ...moment, reason })).toBe(reason);
});

test('a moment within a pause is missed for it, whatever else there was', () => {
  const pause = { from: at - 1, until: at + 1, reason: 'paused', message: 'paused by ann' } as const;
  expect(said({ pauses: [pause], runs: [under] })).toBe('paused');
  expect(said({ pauses: [{ ...pause, until: at }] })).toBe('to start: catchup');
  expect(said({ pauses: [{ ...pause, until: null, reason: 'maintenance' }] })).toBe('maintenance');
});

test('a moment that came before its calendars were changed is not caught up with: they may have taken it then', () => {
  expect(said({ changed: at + 1 })).toBe('catchup');
  expect(said({ changed: at })).toBe('to start: catchup');
});

test('a moment that nothing stood in the way of is caught up with as long as its window lasts', () => {
  expect(said()).toBe('to start: catchup');
  expect(said({ now: at + 10 * MINUTE })).toBe('to start: catchup');
  expect(said({ now: at + 10 * MINUTE + 1 })).toBe('catchup');
});

test.each<[OverlapPolicy, RunSpan[], number, string]>([
  ['skip', [under], 0, 'overlap'],
  ['skip', [{ ...under, until: at }], 0, 'to start: catchup'],
  // Accepted after the moment: nobody was there when it came.
  ['skip', [waited], 0, 'to start: catchup'],
  ['buffer_one', [under], 0, 'to start: schedule'],
  ['buffer_one', [under], 1, 'overlap'],
  ['buffer_one', [under, waited], 0, 'overlap'],
  ['buffer_all', [under, waited], 20, 'to start: schedule'],
  ['buffer_all', [under], 1_000, 'buffer_full'],
  ['cancel_other', [under], 0, 'to start: schedule'],
  ['cancel_other', [{ ...under, until: at + 1 }, next], 0, 'overlap'],
  ['terminate_other', [{ ...under, until: at + 1 }, next], 0, 'overlap'],
  ['allow_all', [under], 0, 'to start: catchup'],
])('by %s, with runs %j and %i waiting: %s', (overlap, runs, waiting, expected) => {
  expect(said({ overlap, runs, waiting })).toBe(expected);
});

test('a run that began within the jitter of the moment was in its way', () => {
  const soon = { ...under, from: at + 5_000 };
  expect(said({ runs: [soon] })).toBe('to start: catchup');
  expect(said({ runs: [soon], jitterMs: 10_000 })).toBe('overlap');
});

test('what waits for its turn does not outlive its window unseen', () => {
  const late = { overlap: 'buffer_all', runs: [under], now: at + 4 * MINUTE } as const;
  expect(said(late)).toBe('to start: schedule');
  expect(said({ ...late, catchupMs: MINUTE })).toBe('catchup');
  expect(said({ ...late, catchupMs: MINUTE, now: at + 2 * MINUTE })).toBe('to start: schedule');
});
