import { expect, test } from 'vitest';
import { applyEvent, initialState, type RunState } from '../apply-event.ts';
import { compile } from '../compile.ts';
import { nextMoment } from '../next-moment.ts';
import { nextSteps } from '../next-steps.ts';
import type { RunEvent } from '../run-event.ts';
import { TEST_SPECS } from '../specs.fixture.ts';
import { summarize } from '../summarize.ts';
import type { Hold } from './hold.ts';
import { beginReceiving, signalBox } from './message.ts';

const plan = compile(
  {
    name: 'x',
    steps: [
      { id: 'a', type: 'test.exec', config: { command: 'x' }, on_error: 'wait', needs: [] },
      { id: 'b', type: 'test.exec', config: { command: 'x' }, needs: [] },
      { id: 'c', type: 'test.exec', config: { command: 'x' }, needs: ['a', 'b'] },
    ],
  },
  TEST_SPECS,
);
const start = initialState({ run: 'r', job: 'x', started_at: '2026-01-01T00:00:00Z', parameters: {}, target: null });
const after = (...events: readonly RunEvent[]): RunState => events.reduce(applyEvent, start);
const timer = (until: number): Hold => ({ kind: 'timer', since: 0, until });
const signal = (since = 0, timeout?: string): Hold => ({
  kind: 'signal',
  name: 'go',
  ...beginReceiving(signalBox('go'), { timeout }, since),
});
const sent = (data: number): RunEvent => ({ type: 'message_arrived', message: { box: signalBox('go'), data, by: 'bob', at: 5 } });
const held = (key: string, hold: Hold): RunEvent => ({ type: 'step_held', key, hold });
const failed = (key: string, until?: number): RunEvent => ({
  type: 'step_failed',
  key,
  error: { type: 'exit_code', message: 'ended with 3' },
  attempts: 1,
  outcome: 'wait',
  ...(until !== undefined && { until }),
});

test('a run wakes at the first moment at which anything it waits for changes, and not before', () => {
  const state = after(held('a', timer(500)), held('b', timer(300)));
  expect(nextMoment(state)).toBe(300);
  expect(nextSteps(plan, state, 299)).toEqual([{ do: 'wait', for: 'hold' }]);
  expect(nextSteps(plan, state, 300)).toMatchObject([{ do: 'move', key: 'b', move: { to: 'complete', result: { waited_ms: 300 } } }]);
  expect(summarize(state, plan)).toMatchObject({ status: 'waiting', waiting_for: 'timer' });
});

test('waits go on and end while a run is paused, and are over once it is cancelled', () => {
  const waiting = after(held('a', timer(500)), held('b', timer(300)));
  const paused = applyEvent(waiting, { type: 'paused' });
  expect(nextSteps(plan, paused, 500)).toMatchObject([
    { do: 'move', key: 'a' },
    { do: 'move', key: 'b' },
  ]);
  const cancelled = applyEvent(waiting, { type: 'cancel_requested', wish: { actor: 'bob', reason: null } });
  expect(cancelled.steps.a?.status).toBe('cancelled');
  expect(nextMoment(cancelled)).toBeNull();
});

test('a signal goes to whoever has waited longest; one that nobody waits for is kept for whoever will', () => {
  const both = after(held('b', signal(1)), held('a', signal(2)), sent(7));
  expect(nextSteps(plan, both, 5)).toMatchObject([{ do: 'move', key: 'b', move: { result: { received: true, data: 7, sent_by: 'bob' } } }]);
  const early = after(sent(1), sent(2), held('a', signal()));
  expect(early.early).toMatchObject([{ data: 2 }]);
  expect(nextSteps(plan, early, 5)).toMatchObject([
    { do: 'move', key: 'a', move: { result: { data: 1 } } },
    { do: 'start', key: 'b' },
  ]);
  expect(after(...Array.from({ length: 60 }, (_, n) => sent(n))).early).toHaveLength(50);
});

test('a person is waited for as long as the step says', () => {
  const state = after(failed('a', 400), held('b', timer(900)));
  expect(nextMoment(state)).toBe(400);
  expect(nextSteps(plan, state, 400)).toMatchObject([{ do: 'give_up', key: 'a', error: { type: 'exit_code' } }]);
  expect(summarize(state, plan)).toMatchObject({ status: 'waiting', waiting_for: 'intervention' });
  expect(nextMoment(after(failed('a')))).toBeNull();
});

test('what a run waits for survives being written down and read again', () => {
  const state = after(held('a', signal(0, '1s')), held('b', timer(900)), sent(1));
  const again = JSON.parse(JSON.stringify(state)) as RunState;
  for (const now of [0, 500, 900, 1000]) expect(nextSteps(plan, again, now)).toEqual(nextSteps(plan, state, now));
});
