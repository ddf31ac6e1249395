import { describe, expect, test } from 'vitest';
import { applyEvent, initialState, type RunState, stepAt } from '../apply-event.ts';
import { leftBy } from '../left-runs.ts';
import { nextMoment } from '../next-moment.ts';
import { nextSteps } from '../next-steps.ts';
import type { Plan, PlannedStep } from '../plan.ts';
import type { RunEvent } from '../run-event.ts';
import { beginRunHold, type RunEnd, type RunHold, runKind, stopped, toldOf, withEnd } from './run-hold.ts';

const SECOND = 1_000;
const begun = (onCancel: RunHold['onCancel'] = 'cancel'): RunHold =>
  beginRunHold({ job: 'backup', run: 'r', number: 12, until: null, onCancel }, 0);
const end = (status: RunEnd['status'], error: string | null = null): RunEnd => ({ status, error, outputs: { n: 1 } });

describe('a wait for a run', () => {
  test.each([
    [end('completed'), { to: 'complete', result: { run: 'r', number: 12, job: 'backup', status: 'completed', outputs: { n: 1 } } }],
    [end('failed', 'step a: broke'), { to: 'fail', error: { type: 'exit_code', message: 'run #12 of job backup failed: step a: broke' } }],
    [end('timed_out', 'too long'), { to: 'fail', error: { type: 'timeout', message: 'run #12 of job backup timed_out: too long' } }],
    [end('lost'), { to: 'fail', error: { type: 'lost', message: 'run #12 of job backup lost' } }],
    [end('cancelled'), { to: 'fail', error: { type: 'cancelled', message: 'run #12 of job backup cancelled' } }],
  ])('that ended so: %o comes to %o', (ended, move) => {
    expect(runKind.move(withEnd(begun(), ended), 5)).toMatchObject(move);
  });

  test('looks by itself once a minute, and at once when it is told', () => {
    const hold = begun();
    expect(runKind.move(hold, 59 * SECOND)).toBeNull();
    expect(runKind.move(hold, 60 * SECOND)).toMatchObject({ to: 'hold', hold: { lookAt: 120 * SECOND } });
    expect(runKind.move(toldOf(hold), 5 * SECOND)).toMatchObject({ to: 'hold', hold: { lookAt: 65 * SECOND } });
    expect(runKind.moment(hold)).toBe(60 * SECOND);
  });

  test('fails when its time is out, which no longer counts once it is to stop', () => {
    const hold = { ...begun(), until: 30 * SECOND };
    expect(runKind.moment(hold)).toBe(30 * SECOND);
    expect(runKind.move(hold, 29 * SECOND)).toBeNull();
    expect(runKind.move(hold, 30 * SECOND)).toEqual({
      to: 'fail',
      error: { type: 'timeout', message: 'run #12 of job backup has not ended within 30 s' },
    });
    expect(runKind.move({ ...hold, stopBy: 70 * SECOND }, 30 * SECOND)).toBeNull();
  });

  test('that is to stop is told, looked at often, and given up after a minute', () => {
    const asked = stopped(begun()) as RunHold;
    expect(stopped(asked)).toBe(asked);
    const told = runKind.move(asked, 10 * SECOND);
    expect(told).toMatchObject({ to: 'hold', hold: { stopBy: 70 * SECOND, lookAt: 12 * SECOND } });
    const hold = { ...asked, stopBy: 70 * SECOND, lookAt: 12 * SECOND };
    expect(runKind.moment(hold)).toBe(12 * SECOND);
    expect(runKind.move(hold, 12 * SECOND)).toMatchObject({ to: 'hold', hold: { lookAt: 14 * SECOND } });
    expect(runKind.move(hold, 70 * SECOND)).toMatchObject({ to: 'fail', error: { type: 'cancelled' } });
    expect(runKind.move(withEnd(hold, end('cancelled')), 20 * SECOND)).toMatchObject({
      to: 'fail',
      error: { message: 'run #12 of job backup stopped with this one' },
    });
    expect(stopped(begun('leave'))).toBeNull();
  });
});

const step = {
  id: 'sub',
  number: 1,
  name: 'sub',
  type: 'job.run',
  kind: 'workflow',
  needs: [],
  if: null,
  enabled: true,
  config: {},
  code: [],
};
const plan: Plan = {
  job: 'parent',
  timeoutMs: null,
  timezone: null,
  priority: 5,
  steps: [{ ...step, needsTarget: false, target: null, outputs: {}, onError: 'fail', continueOnFailure: false } as unknown as PlannedStep],
  outputs: {},
};
const stateAfter = (...events: readonly RunEvent[]): RunState =>
  events.reduce(
    applyEvent,
    initialState({ run: 'p', job: 'parent', started_at: '2026-11-22T00:00:00.000Z', parameters: {}, target: null }),
  );
const held = (hold: RunHold): RunEvent => ({ type: 'step_held', key: 'sub', hold });
const cancel: RunEvent = { type: 'cancel_requested', wish: { actor: 'ann', reason: null } };

describe('a run that is cancelled while a step waits for another', () => {
  test('ends once that one has been told and has ended', () => {
    const asked = stateAfter(held(begun()), cancel);
    expect(nextSteps(plan, asked, 0)).toMatchObject([{ do: 'move', move: { hold: { stopBy: 60 * SECOND } } }]);
    const told = applyEvent(asked, held({ ...begun(), stopBy: 60 * SECOND, lookAt: 2 * SECOND }));
    expect(nextSteps(plan, told, 0)).toEqual([{ do: 'wait', for: 'steps' }]);
    expect(nextMoment(told)).toBe(2 * SECOND);
    const ended = applyEvent(told, held(withEnd({ ...begun(), stopBy: 60 * SECOND }, end('cancelled'))));
    expect(nextSteps(plan, ended, 0)).toMatchObject([{ do: 'move', move: { to: 'fail' } }]);
  });

  test('ends at once where its author leaves that one alone', () => {
    const state = stateAfter(held(begun('leave')), cancel);
    expect(stepAt(state, 'sub')).toMatchObject({ status: 'cancelled' });
    expect(nextSteps(plan, state, 0)).toMatchObject([{ do: 'finish', status: 'cancelled' }]);
  });

  test('waits for those of all items', () => {
    const parts = [{ item: 'a' }, { item: 'b' }];
    const heldPart = (n: number, hold: RunHold): RunEvent => ({ type: 'step_held', key: `sub[${n}]`, hold });
    const state = stateAfter({ type: 'step_expanded', key: 'sub', parts }, heldPart(0, begun()), heldPart(1, begun()), cancel);
    expect(nextSteps(plan, state, 0)).toMatchObject([
      { do: 'move', key: 'sub[0]', move: { hold: { stopBy: 60 * SECOND } } },
      { do: 'move', key: 'sub[1]', move: { hold: { stopBy: 60 * SECOND } } },
    ]);
    const told = { ...begun(), stopBy: 60 * SECOND, lookAt: 2 * SECOND };
    expect(nextSteps(plan, [heldPart(0, told), heldPart(1, told)].reduce(applyEvent, state), 0)).toEqual([{ do: 'wait', for: 'steps' }]);
  });

  test('stops also one that was accepted while the cancel was on its way', () => {
    const state = stateAfter({ type: 'step_started', key: 'sub' }, cancel, held(begun()));
    expect(nextSteps(plan, state, 0)).toMatchObject([{ do: 'move', move: { hold: { stopBy: 60 * SECOND } } }]);
  });
});

test('a step that is skipped or ends while its run goes on leaves that run behind, unless it was told already or is to be left alone', () => {
  const skip: RunEvent = { type: 'step_skipped', key: 'sub', reason: 'person' };
  expect(leftBy(stateAfter(held(begun())), skip)).toMatchObject({ run: 'r' });
  expect(leftBy(stateAfter(held(begun('leave'))), skip)).toBeNull();
  expect(leftBy(stateAfter(held({ ...begun(), stopBy: 5 })), skip)).toBeNull();
  expect(leftBy(stateAfter(held(withEnd(begun(), end('failed')))), skip)).toBeNull();
  expect(leftBy(stateAfter(), skip)).toBeNull();
});
