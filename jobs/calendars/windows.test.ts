import { describe, expect, test } from 'vitest';
import { applyEvent, initialState, type RunState, stepAt } from '../apply-event.ts';
import { compile } from '../compile.ts';
import { afterClosed, closedError, type WindowHold, windowHold, windowKind } from '../holds/window.ts';
import { nextMoment } from '../next-moment.ts';
import { nextSteps } from '../next-steps.ts';
import type { RunEvent } from '../run-event.ts';
import { TEST_SPECS } from '../specs.fixture.ts';
import { summarize } from '../summarize.ts';
import { calendarsOf, timesOf, windowProblem } from './maintenance.ts';
import { type ClosedWindow, nextOpening, openingWords } from './windows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('windows are open within one of their times, and else open when the next one begins, be it next week or next year', () => {
  const spansIn = (all: readonly (readonly [number, number])[]) => (span: { from: number; to: number }) =>
    all
      .filter(([from, to]) => to > span.from && from < span.to)
      .map(([from, to]) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }));
  expect(nextOpening(spansIn([[5, 10]]), 5)).toBeNull();
  expect(nextOpening(spansIn([[5, 10]]), 4)).toEqual({ opensAt: 5 });
  expect(
    nextOpening(
      spansIn([
        [5, 10],
        [300 * DAY, 301 * DAY],
      ]),
      10,
    ),
  ).toEqual({ opensAt: 300 * DAY });
  expect(nextOpening(spansIn([[5, 10]]), 10)).toEqual({ opensAt: null });
});

const closed = (opensAt: number | null, opensWall: string | null): ClosedWindow => ({
  target: 'edge-1',
  zone: 'Asia/Tokyo',
  opensAt,
  opensWall,
  today: '2026-11-23',
});

test.each([
  [closed(3 * HOUR, '2026-11-24T01:00'), 'opens 01:00 Asia/Tokyo, in 3 h'],
  [closed(25 * MINUTE, '2026-11-23T23:25'), 'opens 23:25 Asia/Tokyo, in 25 min'],
  [closed(90 * MINUTE, '2026-11-23T23:30'), 'opens 23:30 Asia/Tokyo, in 1 h 30 min'],
  [closed(52 * HOUR, '2026-11-25T04:00'), 'opens 2026-11-25 04:00 Asia/Tokyo, in 2 d 4 h'],
  [closed(40 * DAY, '2027-01-02T00:00'), 'opens 2027-01-02 00:00 Asia/Tokyo, in 40 d'],
  [closed(null, null), 'no maintenance window opens within 400 days'],
])('%o is told as %s', (window, words) => {
  expect(openingWords(window, 0)).toBe(words);
});

test.each([
  ['sun 01:00-05:00', null],
  ['calendar:patches', null],
  ['calendar:', 'names no calendar; write calendar:<name>'],
  ['calender:patches', '"calender:patches" is no window; did you mean "calendar"?'],
])('the window %j is right or wrong: %j', (window, problem) => {
  expect(windowProblem(window)).toBe(problem);
});

test('windows are times of their own and calendars', () => {
  const windows = ['sun 01:00-05:00', 'calendar:patches', 'calendar:freeze', 'calendar:patches'];
  expect([timesOf(windows), calendarsOf(windows)]).toEqual([['sun 01:00-05:00'], ['patches', 'freeze']]);
});

describe('a step outside of its window', () => {
  const work = (id: string, more: object = {}) => ({
    id,
    type: 'test.exec',
    target: 'edge-1',
    needs: [],
    config: { command: 'true' },
    ...more,
  });
  const plan = compile(
    { name: 'x', steps: [work('a'), work('b', { on_closed: 'skip' }), work('c', { on_closed: 'fail' })] } as never,
    TEST_SPECS,
  );
  const [a, b, c] = plan.steps;
  const start = initialState({ run: 'r', job: 'x', started_at: '2026-01-01T00:00:00Z', parameters: {}, target: null });
  const stateAfter = (state: RunState, events: readonly RunEvent[]) => events.reduce(applyEvent, state);
  const running = stateAfter(start, [{ type: 'step_started', key: 'a' }]);
  const error = closedError(closed(3 * HOUR, '2026-11-24T01:00'), 0);
  const waits = (state: RunState, attempts = 0) => stateAfter(state, a ? (afterClosed(a, 'a', error, attempts, 0) ?? []) : []);

  test('waits, is skipped or fails, by its author’s wish; other failures are none of this', () => {
    expect(waits(running).steps.a).toMatchObject({
      status: 'held',
      attempts: 0,
      hold: { kind: 'window', target: 'edge-1', opensAt: 3 * HOUR },
    });
    expect(b && afterClosed(b, 'b', error, 0, 0)).toEqual([{ type: 'step_skipped', key: 'b', reason: 'window_closed' }]);
    expect(c && afterClosed(c, 'c', error, 0, 0)).toBeNull();
    expect(a && afterClosed(a, 'a', { type: 'policy', message: 'no' }, 0, 0)).toBeNull();
    expect(error).toMatchObject({
      type: 'policy',
      message: 'outside of the maintenance windows of edge-1: opens 01:00 Asia/Tokyo, in 3 h',
    });
  });

  test('keeps count of what was tried of it, and begins anew when its window opens', () => {
    const held = waits(running, 2);
    expect(summarize(held, plan)).toMatchObject({ status: 'waiting', waiting_for: 'window' });
    const opened = stateAfter(held, [{ type: 'window_opened', key: 'a' }]);
    expect(stepAt(opened, 'a')).toEqual({ status: 'retry', attempts: 2 });
    expect(nextSteps(plan, opened, 1).filter(({ do: what }) => what === 'start')).toMatchObject([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
    expect(stateAfter(start, [{ type: 'window_opened', key: 'a' }])).toEqual(start);
  });

  test('looks at its windows when they open, and every so often until then', () => {
    const held = waits(running);
    expect(nextMoment(held)).toBe(10 * MINUTE);
    expect(nextSteps(plan, held, 10 * MINUTE - 1).some(({ do: what }) => what === 'move')).toBe(false);
    expect(nextSteps(plan, held, 10 * MINUTE)).toMatchObject([{ do: 'move', key: 'a', move: { to: 'hold' } }, {}, {}]);
    const soon: WindowHold = windowHold(closed(7 * MINUTE, '2026-11-23T22:07'), 0, 6 * MINUTE);
    expect(windowKind.moment(soon)).toBe(7 * MINUTE);
    // A clock that is a little behind does not make it ask without end.
    expect(windowKind.moment(windowHold(closed(7 * MINUTE, '2026-11-23T22:07'), 0, 7 * MINUTE))).toBe(7 * MINUTE + 1_000);
  });

  test.each<[string, number | null, number]>([
    ['an hour', HOUR, 25],
    ['a month', 30 * DAY, 300],
    ['a month, none in sight', null, 150],
  ])('that waits for %s looks so seldom that its history stays small', (_, opensAt, most) => {
    let looks = 0;
    for (let at = 0; at < (opensAt ?? 30 * DAY); looks += 1) at = windowKind.moment(windowHold(closed(opensAt, null), 0, at)) ?? Infinity;
    expect(looks).toBeLessThan(most);
  });

  test('is given up when its run stops, and shows when its window opens', () => {
    const held = waits(running);
    expect(stateAfter(held, [{ type: 'cancel_requested', wish: { actor: 'ann', reason: null } }]).steps.a).toMatchObject({
      status: 'cancelled',
    });
    expect(stateAfter(held, [{ type: 'timed_out' }]).steps.a).toMatchObject({ status: 'cancelled' });
    expect(windowKind.show(windowHold(closed(3 * HOUR, '2026-11-24T01:00'), 0, 0))).toEqual({
      kind: 'window',
      target: 'edge-1',
      timezone: 'Asia/Tokyo',
      since: '1970-01-01T00:00:00.000Z',
      opens_at: '1970-01-01T03:00:00.000Z',
      message: 'outside of the maintenance windows of edge-1: opens 01:00 Asia/Tokyo, in 3 h',
    });
  });

  test('gives back what it had locked, and asks for it again when its window opens', () => {
    const guarded = compile({ name: 'x', steps: [work('a', { concurrency: { key: 'k' } })] } as never, TEST_SPECS);
    const granted = stateAfter(start, [
      { type: 'lock', owner: 'a', now: 'asked', wishes: { locks: [], rate: null } },
      { type: 'lock', owner: 'a', now: 'granted', until: null, resource: '' },
      { type: 'step_started', key: 'a' },
    ]);
    const held = waits(granted);
    expect(nextSteps(guarded, held, 1)).toEqual([{ do: 'unlock', owner: 'a' }]);
    const freed = stateAfter(held, [
      { type: 'lock', owner: 'a', now: 'gone' },
      { type: 'window_opened', key: 'a' },
    ]);
    expect(nextSteps(guarded, freed, 1)).toMatchObject([{ do: 'lock', owner: 'a' }]);
  });
});
