import { describe, expect, test } from 'vitest';
import { plannedStep, planOf } from '../test/generators/plans.ts';
import { fresh } from '../test/generators/play.ts';
import { applyEvent, type RunState } from './apply-event.ts';
import { editViolations } from './edited-config.ts';
import { nextSteps } from './next-steps.ts';
import type { RunEvent } from './run-event.ts';
import { TEST_SPECS } from './specs.fixture.ts';
import { cancelEvents, refuseCancel, refuseRetry, refuseSkip, skipEvents } from './step-moves.ts';

const plan = planOf([{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'ask', type: 'approval' }, { id: 'tidy', when: 'always' }], {
  onFailure: [plannedStep('tell', 5)],
});
const having = (...events: readonly RunEvent[]): RunState => events.reduce(applyEvent, fresh);
const failed = (key: string, outcome: 'fail' | 'tolerate' | 'wait'): RunEvent => ({
  type: 'step_failed',
  key,
  error: { type: 'exit_code', message: 'ended with 3' },
  attempts: 1,
  outcome,
});
const started: RunEvent = { type: 'step_started', key: 'a' };
const done: RunEvent = { type: 'step_completed', key: 'a', outputs: {} };
const expanded: RunEvent = { type: 'step_expanded', key: 'a', parts: ['x', 'y', 'z'].map((target) => ({ target })) };
const parts = [started, expanded, failed('a[0]', 'wait'), { type: 'step_started', key: 'a[1]' } as const];
const cancelled: RunEvent = { type: 'cancel_requested', wish: { actor: 'ada', reason: null } };
const ending: RunEvent = { type: 'ending', ending: { status: 'failed', error: 'x', undo: [] } };

describe('a move that is not legal is refused in words that name the state', () => {
  test.each<[string, string | null, string | null]>([
    ['a step that waits is retried', refuseRetry(having(failed('a', 'wait')), 'a'), null],
    [
      'one that runs is not',
      refuseRetry(having(started), 'a'),
      'step a is running; only a step that waits for a person can be retried in place',
    ],
    ['a step that has not started is skipped', refuseSkip(plan, fresh, 'b'), null],
    ['one that waits too', refuseSkip(plan, having(failed('a', 'wait')), 'a'), null],
    [
      'one that has ended is not',
      refuseSkip(plan, having(done), 'a'),
      'step a is completed; only a step that waits or has not started can be skipped',
    ],
    ['nor one that nobody knows', refuseSkip(plan, fresh, 'z'), 'the run knows no step z'],
    ['nor a part that there is not', refuseSkip(plan, having(...parts), 'a[7]'), 'the run knows no step a[7]'],
    ['a part that has not begun is', refuseSkip(plan, having(...parts), 'a[2]'), null],
    ['a step in parts as long as one of them waits', refuseSkip(plan, having(...parts), 'a'), null],
    [
      'an approval is not',
      refuseSkip(plan, fresh, 'ask'),
      'step ask asks for approval, which nobody can skip; reject it, or cancel the step',
    ],
    [
      'nothing in a run that is being stopped',
      refuseSkip(plan, having(cancelled), 'b'),
      'the run is being stopped, so step b cannot be skipped',
    ],
    [
      'nor what will not start any more',
      refuseSkip(plan, having(ending), 'b'),
      'the run is about to end, and step b will not start any more',
    ],
    ['but what handles and cleans up', refuseSkip(plan, having(ending), 'tell') ?? refuseSkip(plan, having(ending), 'tidy'), null],
    ['a step that runs is cancelled', refuseCancel(having(started), 'a'), null],
    ['one that waits too', refuseCancel(having(failed('a', 'wait')), 'a'), null],
    ['one that has not started is not', refuseCancel(fresh, 'a'), 'step a is pending; only a step that runs or waits can be cancelled'],
    [
      'nor any in a run that is being stopped',
      refuseCancel(having(started, cancelled), 'a'),
      'the run is being stopped, and its steps with it',
    ],
  ])('%s', (_, refusal, expected) => expect(refusal).toBe(expected));
});

describe('what a move does', () => {
  test('skipping answers for the step, and for those of its parts that wait', () => {
    const skipped = (key: string) => ({ type: 'step_skipped', key, reason: 'person', outputs: { n: 1 } });
    expect(skipEvents(fresh, 'b', { n: 1 })).toEqual([skipped('b')]);
    expect(skipEvents(having(...parts), 'a', { n: 1 })).toEqual([skipped('a[0]')]);
  });

  test('cancelling ends at once what nobody is at work on, as a failure of it', () => {
    const error = { type: 'cancelled', message: 'why; before that it had failed: ended with 3' };
    const [event] = cancelEvents(plan, having(failed('a', 'wait')), 'a', 'why');
    expect(event).toEqual({ type: 'step_failed', key: 'a', error, attempts: 1, outcome: 'fail' });
    expect(having(failed('a', 'wait'), event as RunEvent)).toMatchObject({ firstFailure: 'a', steps: { a: { status: 'cancelled' } } });
    expect(cancelEvents(plan, having(started), 'a', 'why')).toEqual([]);
    const ofParts = cancelEvents(plan, having(...parts), 'a', 'why').map((one) => ('key' in one ? one.key : ''));
    expect(ofParts).toEqual(['a[0]', 'a[2]']);
  });

  test('retrying with other config uses it as it stands, for the step or for each part that waited', () => {
    const templated = planOf([{ id: 'a', config: { n: '${{ steps.none.outputs.n }}', site: '${{ parameters.site }}' } }]);
    const state = having(failed('a', 'wait'), { type: 'step_retried', key: 'a', config: { n: '$' } });
    expect(nextSteps(templated, state, 0)).toMatchObject([{ do: 'start', config: { n: '$', site: 'ber' } }]);
    const onTargets = planOf([{ id: 'a', needsTarget: true, config: { n: 1 } }]);
    const edited = having(...parts, { type: 'step_retried', key: 'a', config: { n: 2 } });
    expect(nextSteps(onTargets, edited, 0)).toMatchObject([
      { key: 'a[0]', config: { n: 2 } },
      { key: 'a[2]', config: { n: 1 } },
    ]);
  });
});

test('other config must fit the step, hold no expression and leave what may be repeated as it was', () => {
  const exec = plannedStep('a', 1, { type: 'test.exec', effect: 'at-most-once', config: { command: 'x', lines: '${{ 1 + 1 }}' } });
  const found = (edit: Parameters<typeof editViolations>[1]) => editViolations(exec, edit, TEST_SPECS).map(({ pointer }) => pointer);
  expect(found({ command: 'y', environment: { A: 'b' } })).toEqual([]);
  expect(found({ command: 1, colour: 'red' })).toEqual(['/config/command', '/config/colour']);
  expect(found({ environment: { A: '${{ run.id }}' } })).toEqual(['/config/environment/A']);
  expect(editViolations({ ...exec, effect: 'idempotent' }, { command: 'y' }, TEST_SPECS).map(({ pointer }) => pointer)).toEqual([
    '/config',
  ]);
  expect(editViolations({ ...exec, type: 'gone' }, {}, TEST_SPECS).map(({ message }) => message)).toEqual([
    'config: there are no steps of type gone any more',
  ]);
});
