import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPhasedPlan, type Course, freshUndoable, go } from '../test/generators/phased.ts';
import { plannedStep, planOf } from '../test/generators/plans.ts';
import { carryOut } from '../test/generators/play.ts';
import { applyEvent, type RunState } from './apply-event.ts';
import { type Decision, nextSteps } from './next-steps.ts';
import { wholeOf } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RunEvent } from './run-event.ts';
import { summarize } from './summarize.ts';

const having = (...events: readonly RunEvent[]): RunState => events.reduce(applyEvent, freshUndoable);
const completed = (key: string, outputs = {}): RunEvent => ({ type: 'step_completed', key, outputs });
const failed = (key: string, outcome: 'fail' | 'tolerate' = 'fail'): RunEvent => ({
  type: 'step_failed',
  key,
  error: { type: 'exit_code', message: 'ended with 3' },
  attempts: 1,
  outcome,
});
const skipped = (key: string, reason: 'condition' | 'upstream_failed' | 'person'): RunEvent => ({ type: 'step_skipped', key, reason });
const cancel: RunEvent = { type: 'cancel_requested', wish: { actor: 'ada', reason: 'not now' } };
const said = (decisions: readonly Decision[]) =>
  decisions.map((decision) => {
    if ('step' in decision) return `${decision.do} ${decision.step.id}${'reason' in decision ? ` ${decision.reason}` : ''}`;
    if ('for' in decision) return `wait ${decision.for}`;
    return 'status' in decision ? `finish ${decision.status}` : decision.do;
  });
const decided = (plan: Plan, ...events: readonly RunEvent[]) => said(nextSteps(plan, having(...events), 0));

describe('which steps start after what', () => {
  const plan = planOf([
    { id: 'a' },
    { id: 'b', needs: ['a'] },
    { id: 'mend', needs: ['b'], when: 'failure' },
    { id: 'tidy', needs: ['mend'], when: 'always' },
  ]);
  test.each<[string, readonly RunEvent[], readonly string[]]>([
    [
      'a failure that was not tolerated starts what comes after failures, however far before',
      [failed('a'), skipped('b', 'upstream_failed')],
      ['start mend'],
    ],
    ['not before all that it needs has ended', [failed('a')], ['skip b upstream_failed']],
    ['without one it is skipped', [completed('a'), completed('b')], ['skip mend condition']],
    ['nor does a tolerated failure start it', [failed('a', 'tolerate'), completed('b')], ['skip mend condition']],
    [
      'what cleans up starts with its needs while all is well',
      [completed('a'), completed('b'), skipped('mend', 'condition')],
      ['start tidy'],
    ],
    [
      'and is put off once something has failed',
      [failed('a'), skipped('b', 'upstream_failed'), { type: 'step_started', key: 'mend' }],
      ['wait steps'],
    ],
    ['until the run has nothing else to do', [failed('a'), skipped('b', 'upstream_failed'), completed('mend')], ['unwind']],
  ])('%s', (_, events, expected) => expect(decided(plan, ...events)).toEqual(expected));

  const alternatives = planOf([
    { id: 'if', if: 'parameters.site == "fra"' },
    { id: 'elseif', needs: ['if'], elseOf: 'if', if: 'parameters.site == "ams"' },
    { id: 'else', needs: ['elseif'], elseOf: 'elseif' },
    { id: 'after', needs: ['else'] },
  ]);
  test.each<[string, readonly RunEvent[], readonly string[]]>([
    ['a step stands in for one whose condition was false', [skipped('if', 'condition'), skipped('elseif', 'condition')], ['start else']],
    ['not for one that ran', [completed('if')], ['skip elseif condition']],
    [
      'nor for one that was skipped as it stood in for one that ran',
      [completed('if'), skipped('elseif', 'condition')],
      ['skip else condition'],
    ],
    ['nor for one that a person skipped', [skipped('if', 'person')], ['skip elseif condition']],
    ['what needs it goes on', [completed('if'), skipped('elseif', 'condition'), skipped('else', 'condition')], ['start after']],
    ['a failed one takes its alternatives along', [failed('if')], ['skip elseif upstream_failed']],
  ])('%s', (_, events, expected) => expect(decided(alternatives, ...events)).toEqual(expected));

  test('what needs a step that a person skipped waits for what that step needs', () => {
    const chain = planOf([{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'c', needs: ['b'] }]);
    const early = [
      { type: 'step_started', key: 'a' },
      { ...skipped('b', 'person'), outputs: { n: 7 } },
    ] as readonly RunEvent[];
    expect(decided(chain, ...early)).toEqual(['wait steps']);
    expect(decided(chain, ...early, completed('a'))).toEqual(['start c']);
  });
});

describe('a run that ends badly', () => {
  const undone = (id: string, more: Partial<PlannedStep> = {}) => ({ id, compensate: plannedStep(`${id}.compensate`, 1, more) });
  const handlers = { onFailure: [plannedStep('tell', 9), plannedStep('log', 10)], onCancel: [plannedStep('quiet', 9)] };
  const plan = planOf(
    [
      { ...undone('a', { config: { n: '${{ result.n }}', why: '${{ run.error }}' } }) },
      undone('b'),
      { id: 'bad' },
      { id: 'tidy', when: 'always' },
    ],
    handlers,
  );

  /** The state once everything that was decided has happened, the started steps included. */
  const afterwards = (state: RunState, outcome: (key: string) => RunEvent): RunState =>
    nextSteps(plan, state, 0)
      .flatMap((decision) => [...carryOut(decision), ...(decision.do === 'start' ? [outcome(decision.key)] : [])])
      .reduce(applyEvent, state);

  /** What is decided one turn after the other, where whatever starts ends so. */
  function course(state: RunState, outcome: (key: string) => RunEvent): readonly string[] {
    const turns = said(nextSteps(plan, state, 0));
    return turns.some((turn) => turn.startsWith('finish')) ? turns : [...turns, ...course(afterwards(state, outcome), outcome)];
  }

  test('undoes what completed, the last first, then handles, then cleans up, whatever becomes of any of it', () => {
    const state = having(completed('b'), completed('a', { n: 3 }), failed('bad'));
    const expected = ['unwind', 'start a.compensate', 'start b.compensate', 'start tell', 'start log', 'start tidy', 'finish failed'];
    expect(course(state, (key) => completed(key))).toEqual(expected);
    expect(course(state, (key) => failed(key))).toEqual(expected);
  });

  test('tells the first error, and shows it to what undoes and handles', () => {
    const state = afterwards(having(completed('b'), completed('a', { n: 3 }), failed('bad')), completed);
    expect(nextSteps(plan, state, 0)).toMatchObject([
      { do: 'start', key: 'a.compensate', config: { n: 3, why: 'step bad: ended with 3' } },
    ]);
    const end = applyEvent(state, { type: 'cancel_forced' });
    expect(nextSteps(plan, end, 0)).toEqual([{ do: 'finish', status: 'failed', error: 'step bad: ended with 3', result: null }]);
  });

  test('by a cancel runs the handlers of a cancel, and what came before it ended stays as it was', () => {
    const state = having(completed('a', { n: 3 }), { type: 'step_started', key: 'bad' }, cancel, failed('bad'));
    expect(course(state, completed)).toEqual(['unwind', 'start a.compensate', 'start quiet', 'start tidy', 'finish cancelled']);
  });

  test('cleans up also after a clean-up that a person skipped, whatever that one had needed', () => {
    const tidying = planOf([
      { id: 'a' },
      { id: 'b', needs: ['a'] },
      { id: 'first', needs: ['b'], when: 'always' },
      { id: 'last', needs: ['first'], when: 'always' },
    ]);
    const state = having({ type: 'step_started', key: 'a' }, skipped('first', 'person'), cancel, failed('a'));
    const ending = nextSteps(tidying, state, 0).flatMap(carryOut).reduce(applyEvent, state);
    expect(said(nextSteps(tidying, ending, 0))).toEqual(['start last']);
  });

  test('before anything was begun has nothing to handle or to clean up', () => {
    expect(decided(plan, cancel)).toEqual(['finish cancelled']);
    expect(decided(plan, skipped('a', 'condition'), { type: 'timed_out' })).toEqual(['finish timed_out']);
  });

  test('undoes all the same when it is paused, cancelled again or runs out of time', () => {
    const state = afterwards(having(completed('a'), completed('b'), failed('bad'), { type: 'paused' }), completed);
    const disturbed = [cancel, { type: 'timed_out' } as const].reduce(applyEvent, state);
    expect(said(nextSteps(plan, disturbed, 0))).toEqual(['start b.compensate']);
    expect(summarize(disturbed, plan)).toMatchObject({ status: 'running', completed_steps: 2, failed_steps: 1, progress: 75 });
  });

  test('that a person forces starts nothing more, and ends once what runs has', () => {
    const state = afterwards(having(completed('a'), failed('bad'), completed('b')), () => ({ type: 'paused' }));
    const running = applyEvent(state, { type: 'step_started', key: 'b.compensate' });
    const forced = applyEvent(running, { type: 'cancel_forced' });
    expect(said(nextSteps(plan, forced, 0))).toEqual(['wait steps']);
    expect(said(nextSteps(plan, applyEvent(forced, failed('b.compensate')), 0))).toEqual(['finish failed']);
    expect(decided(plan, completed('a'), { type: 'cancel_forced' }, cancel)).toEqual(['finish cancelled']);
  });

  test('undoes a step on those of its parts that completed, each with what that part handed on', () => {
    const onTargets = { needsTarget: true, target: ['x', 'y', 'z'] };
    const parts = planOf([{ ...undone('a', { ...onTargets, config: { by: '${{ result.by }}', at: '${{ target }}' } }), ...onTargets }]);
    const expanded: RunEvent = { type: 'step_expanded', key: 'a', parts: onTargets.target.map((target) => ({ target })) };
    const ends = [completed('a[0]', { by: 'p' }), failed('a[1]', 'tolerate'), completed('a[2]', { by: 'q' })];
    let state = having({ type: 'step_started', key: 'a' }, expanded, ...ends);
    for (const expected of ['fail a', 'unwind', 'divide a.compensate']) {
      expect(said(nextSteps(parts, state, 0))).toEqual([expected]);
      state = nextSteps(parts, state, 0).flatMap(carryOut).reduce(applyEvent, state);
    }
    expect(nextSteps(parts, state, 0)).toMatchObject([
      { do: 'start', key: 'a.compensate[0]', config: { by: 'p', at: 'x' }, target: 'x' },
      { do: 'start', key: 'a.compensate[1]', config: { by: 'q', at: 'z' }, target: 'z' },
    ]);
  });
});

describe('over random graphs', () => {
  const courses: fc.Arbitrary<Course> = fc
    .record({
      picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }),
      seed: fc.nat(1_000_000),
      cancelAt: fc.option(fc.nat(30), { nil: null }),
    })
    .map(({ picks, seed, cancelAt }) => ({
      pick: (turn, of) => (picks[turn % picks.length] ?? 0) % Math.max(1, of),
      succeeds: (key, isRetry) => isRetry || hash(`${seed} ${key}`) % 4 > 0,
      cancelAt,
    }));
  const hash = (text: string): number => [...text].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7);
  const idOf = (key: string): string => wholeOf(key) ?? key;
  const statuses = ({ steps }: RunState) => Object.fromEntries(Object.entries(steps).map(([id, { status }]) => [id, status]));
  const runs = { numRuns: 300 };

  test('every run ends, and a run that nobody stops decides on each of its steps', () => {
    fc.assert(
      fc.property(anyPhasedPlan, courses, (plan, course) => {
        const { end, state } = go(plan, course);
        expect(['completed', 'failed', 'cancelled']).toContain(end);
        if (end !== 'cancelled')
          for (const { id } of plan.steps) expect(['completed', 'failed', 'skipped']).toContain(state.steps[id]?.status);
      }),
      runs,
    );
  });

  test('no step starts before what it needs has ended, and none twice but for a person’s retry', () => {
    fc.assert(
      fc.property(anyPhasedPlan, courses, (plan, course) => {
        const { started } = go(plan, course);
        for (const { id, needs, onError } of plan.steps) {
          const own = started.findIndex((key) => idOf(key) === id);
          const needed = Math.max(-1, ...needs.map((need) => started.findLastIndex((key) => idOf(key) === need)));
          if (own >= 0) expect(needed).toBeLessThan(own);
          const mine = started.filter((key) => idOf(key) === id);
          if (onError !== 'wait') expect(new Set(mine).size).toBe(mine.length);
        }
        const late = started.filter((key) => plan.steps.every(({ id }) => id !== idOf(key)));
        expect(new Set(late).size).toBe(late.length);
      }),
      runs,
    );
  });

  test('what ends first changes neither how steps end nor how the run does', () => {
    fc.assert(
      fc.property(anyPhasedPlan, courses, courses, (drawn, course, { pick }) => {
        // A clean-up that begins once the run's end is decided asks nobody, so a person's answer would depend on when it began.
        const steps = drawn.steps.map((step) => (step.when === 'always' ? { ...step, onError: 'fail' as const } : step));
        const plan = { ...drawn, steps };
        const free = { ...course, cancelAt: null };
        const [one, other] = [go(plan, free), go(plan, { ...free, pick })];
        expect([other.end, statuses(other.state)]).toEqual([one.end, statuses(one.state)]);
      }),
      runs,
    );
  });

  test('a run that is taken up from its state as JSON, wherever it was cut, goes on as it would have', () => {
    fc.assert(
      fc.property(anyPhasedPlan, courses, fc.nat(100), (plan, course, at) => {
        const whole = go(plan, course);
        const turn = at % whole.states.length;
        const rest = go(plan, course, JSON.parse(JSON.stringify(whole.states[turn])), turn);
        expect([rest.end, rest.state.steps]).toEqual([whole.end, whole.state.steps]);
        expect(rest.started).toEqual(whole.started.slice(whole.started.length - rest.started.length));
      }),
      runs,
    );
  });

  test('exactly what completed is undone when a run ends badly, the last that ended first, before what handles and cleans up', () => {
    fc.assert(
      fc.property(anyPhasedPlan, courses, (plan, course) => {
        const { end, state, started, completed: done } = go(plan, course);
        const undo = started.filter((key) => idOf(key).endsWith('.compensate'));
        if (end === 'completed') {
          expect(undo).toEqual([]);
          return;
        }
        const undoable = plan.steps.filter(({ compensate }) => compensate).map(({ id }) => id);
        const pieces = done.filter((key) => undoable.includes(idOf(key)) && (wholeOf(key) !== null || !state.steps[key]?.parts));
        expect(undo.length).toBe(pieces.length);
        const order = [...new Set(undo.map((key) => idOf(key).replace(/\.compensate$/, '')))];
        const ended = (state.ended ?? []).filter((id) => order.includes(id));
        expect(order).toEqual(ended.toReversed());
        const hasBegun = plan.steps.some(({ id }) => state.steps[id] && state.steps[id]?.status !== 'skipped');
        const handlers = hasBegun ? ((end === 'cancelled' ? plan.onCancel : plan.onFailure)?.map(({ id }) => id) ?? []) : [];
        const first = started.findIndex((key) => undo.includes(key) || handlers.includes(key));
        const late = [...undo, ...handlers];
        expect(first < 0 ? [] : started.slice(first, first + late.length)).toEqual(late);
        const cleanUps = plan.steps.filter(({ when }) => when === 'always').map(({ id }) => id);
        expect(first < 0 ? [] : started.slice(first + late.length).filter((key) => !cleanUps.includes(idOf(key)))).toEqual([]);
      }),
      runs,
    );
  });
});
