import { describe, expect, test } from 'vitest';
import { planOf } from '../test/generators/plans.ts';
import { carryOut, fresh } from '../test/generators/play.ts';
import { applyEvent, type RunState, waitingKeys } from './apply-event.ts';
import type { StepError } from './failure.ts';
import { LIMITS } from './limits.ts';
import { type Decision, nextSteps as nextStepsAt } from './next-steps.ts';
import { partKey, partOf } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { RunEvent } from './run-event.ts';
import { summarize } from './summarize.ts';

const nextSteps = (plan: Plan, state: RunState) => nextStepsAt(plan, state, 0);

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `edge-${n}`);
const onTargets = (target: PlannedStep['target'], over: Partial<PlannedStep> = {}, plan: Partial<Plan> = {}): Plan =>
  planOf([{ id: 'show', needsTarget: true, target, ...over }], plan);
const expanded = (count: number): readonly RunEvent[] => [
  { type: 'step_started', key: 'show' },
  { type: 'step_expanded', key: 'show', parts: names(count).map((target) => ({ target })) },
];
const having = (...events: readonly RunEvent[]): RunState => events.reduce(applyEvent, fresh);
const completed = (n: number): RunEvent => ({ type: 'step_completed', key: `show[${n}]`, outputs: { n } });
const failed = (n: number, type: StepError['type'] = 'exit_code', outcome: 'tolerate' | 'wait' = 'tolerate'): RunEvent => ({
  type: 'step_failed',
  key: `show[${n}]`,
  error: { type, message: 'ended with 3' },
  attempts: 1,
  outcome,
});
const said = (decisions: readonly Decision[]) =>
  decisions.map((decision) => {
    if ('key' in decision) return `${decision.do} ${decision.key}`;
    if ('step' in decision) return `${decision.do} ${decision.step?.id}`;
    if ('for' in decision) return `${decision.do} ${decision.for}`;
    return 'status' in decision ? `${decision.do} ${decision.status}` : decision.do;
  });
/** The state once everything that was decided is under way. */
const underWay = (plan: Plan, state: RunState): RunState => nextSteps(plan, state).flatMap(carryOut).reduce(applyEvent, state);

describe('a step on several targets', () => {
  test('is looked up first, with the templates of its choice filled in', () => {
    const plan = onTargets({ tags: ['edge'], site: '${{ parameters.site }}' });
    expect(nextSteps(plan, fresh)).toMatchObject([{ do: 'expand', choice: { tags: ['edge'], site: 'ber' } }]);
  });

  test('also when its one expression gives a list, and when the run starts on several', () => {
    expect(nextSteps(onTargets('${{ [parameters.site, "b", "b"] }}'), fresh)).toMatchObject([{ do: 'expand', choice: ['ber', 'b'] }]);
    const state = { ...fresh, facts: { ...fresh.facts, target: ['a'] } };
    expect(nextSteps(onTargets(null), state)).toMatchObject([{ do: 'expand', choice: ['a'] }]);
  });

  test.each([
    ['${{ [1] }}', 'steps.show.target: holds something that is no name; write a name, a list of names or a selector'],
    ['${{ "a\\u0000" }}', 'steps.show.target: text must not hold NUL characters'],
    ['${{ null }}', 'steps.show.target: null is no target; write a name, a list of names or a selector'],
    [{ tags: '${{ parameters.site }}' }, 'steps.show.target.tags: "ber" is not a list of texts'],
    [{ site: '${{ [1] }}' }, 'steps.show.target.site: a list is not the value of an attribute, which is text, a number, true or false'],
  ])('a target of %j fails the step', (target, message) => {
    expect(nextSteps(onTargets(target as PlannedStep['target']), fresh)).toMatchObject([
      { do: 'fail', key: 'show', error: { type: 'invalid_input', message } },
    ]);
  });

  test('starts a part on each, whose config sees the part’s own target', () => {
    const plan = onTargets(names(2), { config: { command: 'hostname', environment: { AT: '${{ target }}' } } });
    expect(nextSteps(plan, having(...expanded(2)))).toMatchObject([
      { do: 'start', key: 'show[0]', target: 'edge-0', config: { environment: { AT: 'edge-0' } } },
      { do: 'start', key: 'show[1]', target: 'edge-1', config: { environment: { AT: 'edge-1' } } },
    ]);
  });

  test('starts no more than it may at a time, and the next when one has ended', () => {
    const plan = onTargets(names(4), { maxParallel: 2 });
    const two = underWay(plan, having(...expanded(4)));
    expect(said(nextSteps(plan, having(...expanded(4))))).toEqual(['start show[0]', 'start show[1]']);
    expect(said(nextSteps(plan, two))).toEqual(['wait steps']);
    expect(said(nextSteps(plan, applyEvent(two, failed(1))))).toEqual(['start show[2]']);
  });

  test('goes on with the others when one fails, and has failed once all have ended, naming those that did', () => {
    const plan = onTargets(names(3));
    const state = having(...expanded(3), completed(0), failed(1));
    expect(said(nextSteps(plan, state))).toEqual(['start show[2]']);
    const over = [failed(2, 'connection')].reduce(applyEvent, state);
    const [end] = nextSteps(plan, over);
    expect(end).toMatchObject({
      do: 'fail',
      key: 'show',
      error: {
        type: 'exit_code',
        message: '2 of 3 targets failed: edge-1, edge-2',
        details: { failed_targets: ['edge-1', 'edge-2'] },
      },
    });
    expect(nextSteps(plan, underWay(plan, over))).toMatchObject([
      { do: 'finish', status: 'failed', error: 'step show: 2 of 3 targets failed: edge-1, edge-2' },
    ]);
  });

  test('is lost when one part is, whatever the others were', () => {
    const state = having(...expanded(3), failed(0), failed(1, 'lost'), completed(2));
    expect(nextSteps(onTargets(names(3)), state)).toMatchObject([{ do: 'fail', error: { type: 'lost' } }]);
  });

  test('without any target it has completed with nothing', () => {
    const plan = onTargets({ tags: ['none'], allow_empty: true });
    const state = having(...expanded(0));
    expect(said(nextSteps(plan, state))).toEqual(['complete show']);
    expect(nextSteps(plan, underWay(plan, state))).toMatchObject([{ do: 'finish', status: 'completed', result: { show: [] } }]);
  });

  test('hands a list on to later steps, of the parts that completed', () => {
    const plan = planOf([
      { id: 'show', needsTarget: true, target: names(2), continueOnFailure: true },
      { id: 'sum', needs: ['show'], if: 'steps.show.outputs.exists(o, o.n == 1)', config: { all: '${{ steps.show.outputs }}' } },
    ]);
    const ended = underWay(plan, having(...expanded(2), failed(0), completed(1)));
    expect(nextSteps(plan, ended)).toMatchObject([{ do: 'start', key: 'sum', config: { all: [{ n: 1 }] } }]);
  });

  test('of parts that wait for a person others go on, and each or all of them can be retried in place', () => {
    const plan = onTargets(names(3), { onError: 'wait', maxParallel: 1 });
    const state = having(...expanded(3), failed(0, 'exit_code', 'wait'));
    expect(said(nextSteps(plan, state))).toEqual(['start show[1]']);
    const waiting = [failed(1, 'exit_code', 'wait'), completed(2)].reduce(applyEvent, state);
    expect(said(nextSteps(plan, waiting))).toEqual(['wait intervention']);
    expect(summarize(waiting, plan)).toMatchObject({ status: 'waiting', waiting_for: 'intervention', progress: 33, failed_steps: 0 });
    const one = applyEvent(waiting, { type: 'step_retried', key: 'show[1]' });
    expect(said(nextSteps(plan, one))).toEqual(['start show[1]']);
    expect(waitingKeys(waiting, 'show')).toEqual(['show[0]', 'show[1]']);
    const all = applyEvent(waiting, { type: 'step_retried', key: 'show' });
    expect(waitingKeys(all, 'show')).toEqual([]);
    const done = [completed(0), completed(1)].reduce(applyEvent, all);
    expect(said(nextSteps(plan, done))).toEqual(['complete show']);
  });

  test('a pause starts no further part, and the rest follows when the run is resumed', () => {
    const plan = onTargets(names(3), { maxParallel: 1 });
    const paused = having(...expanded(3), completed(0), { type: 'paused' });
    expect(said(nextSteps(plan, paused))).toEqual(['wait resume']);
    expect(said(nextSteps(plan, applyEvent(paused, { type: 'resumed' })))).toEqual(['start show[1]']);
  });

  test('a cancel waits for the parts at work, starts none of the others, and says how many were done', () => {
    const plan = onTargets(names(3), { maxParallel: 1 });
    const cancelled = { type: 'cancel_requested', wish: { actor: 'ada', reason: null } } as const;
    const state = applyEvent(underWay(plan, having(...expanded(3), completed(0))), cancelled);
    expect(said(nextSteps(plan, state))).toEqual(['wait steps']);
    const over = applyEvent(state, failed(1, 'cancelled'));
    expect(nextSteps(plan, over)).toMatchObject([
      { do: 'fail', key: 'show', error: { type: 'cancelled', message: 'stopped when 1 of 3 targets were done' } },
    ]);
    expect(said(nextSteps(plan, underWay(plan, over)))).toEqual(['finish cancelled']);
  });

  test('a part whose config cannot be filled in fails by itself', () => {
    const plan = onTargets(names(2), { config: { n: '${{ 1 / (target == "edge-0" ? 0 : 1) }}' } });
    expect(said(nextSteps(plan, having(...expanded(2))))).toEqual(['fail show[0]', 'start show[1]']);
  });

  test('a part has one key', () => {
    expect(partOf(partKey('show', 10))).toEqual({ whole: 'show', n: 10 });
    expect(['show', 'show[]', 'show[00]', 'show[0x1]', 'show[-1]', 'show[ 1]', '[1]', 'show]'].map(partOf)).toEqual(Array(8).fill(null));
  });

  test('so many parts are under way at a time that Temporal takes their orders at once', () => {
    const many = having(...expanded(1_000));
    expect(nextSteps(onTargets(names(1_000)), many)).toHaveLength(LIMITS.partsAtOnce);
    const large = onTargets(names(1_000), { config: { script: 'x'.repeat(100_000) } });
    const started = nextSteps(large, many);
    expect(started.length).toBeLessThan(16);
    expect(said(nextSteps(large, underWay(large, many)))).toEqual(['wait steps']);
    const freed = applyEvent(underWay(large, many), completed(0));
    expect(said(nextSteps(large, freed))).toEqual([`start ${partKey('show', started.length)}`]);
    const wide = onTargets(names(1_000), { config: { script: '字'.repeat(100_000) } });
    expect(nextSteps(wide, many).length).toBeLessThan(6);
  });
});
