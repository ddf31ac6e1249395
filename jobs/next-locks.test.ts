import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPlan, planOf } from '../test/generators/plans.ts';
import { fresh, play } from '../test/generators/play.ts';
import { applyEvent, type RunState, stepAt } from './apply-event.ts';
import { lockWords } from './holds/lock.ts';
import type { LockEvent } from './lock-state.ts';
import { nextMoment } from './next-moment.ts';
import { type Decision, nextSteps } from './next-steps.ts';
import type { Plan, PlannedLock } from './plan.ts';
import type { RunEvent } from './run-event.ts';
import { summarize } from './summarize.ts';

const lock = (key: string, over: Partial<PlannedLock> = {}): PlannedLock => ({ by: { key }, max: 1, onConflict: 'queue', ...over });
const having = (...events: readonly RunEvent[]): RunState => events.reduce(applyEvent, fresh);
const said = (decisions: readonly Decision[]) =>
  decisions.map((decision) =>
    'owner' in decision ? `${decision.do} ${decision.owner}` : 'key' in decision ? `${decision.do} ${decision.key}` : decision.do,
  );
const next = (plan: Plan, state: RunState, now = 0) => said(nextSteps(plan, state, now));
/** What the run does when it is asked for what it wants. */
const asked = (plan: Plan, state: RunState, owner: string): RunState => {
  const ask = nextSteps(plan, state, 0).find((decision) => decision.do === 'lock' && decision.owner === owner);
  if (ask?.do !== 'lock') throw new Error(`${owner || 'the run'} asks for nothing`);
  return applyEvent(state, { type: 'lock', owner, now: 'asked', wishes: ask.wishes });
};
type Told<E> = E extends { readonly type: unknown; readonly owner: unknown } ? Omit<E, 'type' | 'owner'> : never;
const told = (state: RunState, owner: string, event: Told<LockEvent>) => applyEvent(state, { type: 'lock', owner, ...event } as LockEvent);
const granted = { now: 'granted', until: null, resource: '' } as const;
const queued = (askAt: number | null = 30_000) =>
  ({ now: 'queued', hold: { kind: 'lock', key: 'a', position: 2, heldBy: [1042], askAt } }) as const;

describe('a run that needs keys as a whole', () => {
  const plan = planOf([{ id: 'one' }, { id: 'two' }], {
    locks: [lock('site-${{ parameters.site }}'), { ...lock(''), by: { per: 'job' } }],
  });

  test('asks for all of them, filled in, before its first step', () => {
    expect(nextSteps(plan, fresh, 0)).toMatchObject([
      { do: 'lock', owner: '', wishes: { locks: [{ by: { key: 'site-ber' } }, { by: { key: 'job:a-job' } }], rate: null } },
    ]);
    expect(next(plan, told(asked(plan, fresh, ''), '', granted))).toEqual(['start one', 'start two']);
  });

  test('asks before the first workflow of many parts too', () => {
    const many = planOf([{ id: 'one', items: { foreach: [] } }], { locks: [lock('a')] });
    const slices = [{ from: 0, count: 2, offset: 0, status: 'open' }] as const;
    const divided = having({ type: 'step_expanded', key: 'one', parts: [{ item: 1 }, { item: 2 }], slices });
    expect(next(many, divided)).toEqual(['lock ']);
    expect(next(many, told(asked(many, divided, ''), '', granted))).toEqual(['slice']);
  });

  test('shows its place while it waits, and asks again when it is time or word came', () => {
    const asking = asked(plan, fresh, '');
    expect(next(plan, asking)).toEqual(['wait']);
    const waiting = told(asking, '', queued());
    expect(summarize(waiting, plan)).toMatchObject({ status: 'waiting', waiting_for: 'lock' });
    expect([next(plan, waiting, 29_999), next(plan, waiting, 30_000), nextMoment(waiting)]).toEqual([['wait'], ['lock '], 30_000]);
    expect(next(plan, told(waiting, '', { now: 'woken' }))).toEqual(['lock ']);
    // Word that came while it was being asked counts too.
    const wokenEarly = told(told(asking, '', { now: 'woken' }), '', queued());
    expect(next(plan, wokenEarly)).toEqual(['lock ']);
  });

  test('ends as it is told when it is refused, and as a person wants who cancels it in line', () => {
    const refused = told(asked(plan, fresh, ''), '', { now: 'refused', end: 'cancelled', message: 'skipped: a is held by run #1' });
    expect(nextSteps(plan, refused, 0)).toEqual([
      { do: 'finish', status: 'cancelled', error: 'skipped: a is held by run #1', result: null },
    ]);
    const cancelled = applyEvent(told(asked(plan, fresh, ''), '', queued()), {
      type: 'cancel_requested',
      wish: { actor: 'ann', reason: 'no' },
    });
    expect(nextSteps(plan, cancelled, 0)).toMatchObject([{ do: 'finish', status: 'cancelled', error: 'no' }]);
    expect(nextMoment(cancelled)).toBeNull();
    const handled = { ...plan, onCancel: planOf([{ id: 'tell' }]).steps };
    expect(nextSteps(handled, cancelled, 0)).toEqual([{ do: 'finish', status: 'cancelled', error: 'no', result: null }]);
    const wish: RunEvent = { type: 'cancel_requested', wish: { actor: 'ann', reason: 'no' } };
    const held = told(asked(plan, fresh, ''), '', granted);
    expect(nextSteps(handled, applyEvent(held, wish), 0)).toMatchObject([{ do: 'finish', status: 'cancelled' }]);
    const begun = applyEvent(held, { type: 'step_completed', key: plan.steps[0]?.id ?? '', outputs: {} });
    expect(nextSteps(handled, applyEvent(begun, wish), 0)).toMatchObject([{ do: 'unwind' }]);
  });

  test('fails when a key cannot be filled in', () => {
    const none = planOf([{ id: 'one' }], { locks: [lock('${{ parameters.site.matches("x") ? "a" : "" }}')] });
    expect(nextSteps(none, fresh, 0)).toMatchObject([
      { do: 'finish', status: 'failed', error: expect.stringContaining('limits.concurrency.key') },
    ]);
    const nul = planOf([{ id: 'one' }], { locks: [lock('${{ "a\\u0000" }}')] });
    expect(nextSteps(nul, fresh, 0)).toMatchObject([{ do: 'finish', error: 'limits.concurrency.key: text must not hold NUL characters' }]);
  });
});

describe('a step that needs keys', () => {
  const plan = planOf([{ id: 'one', locks: [lock('a')] }, { id: 'free' }, { id: 'after', needs: ['one'] }]);

  test('asks before it starts and holds up nobody else', () => {
    expect(next(plan, fresh)).toEqual(['lock one', 'start free']);
    const waiting = told(asked(plan, fresh, 'one'), 'one', queued());
    expect(next(plan, waiting)).toEqual(['start free']);
    expect(stepAt(waiting, 'one')).toMatchObject({ status: 'held', hold: { kind: 'lock', position: 2 } });
    expect(next(plan, told(waiting, 'one', { now: 'woken' }))).toEqual(['lock one', 'start free']);
  });

  test('starts once it has them, and gives them back when it has ended or waits for a person', () => {
    const has = told(asked(plan, having({ type: 'step_started', key: 'free' }), 'one'), 'one', granted);
    expect(next(plan, has)).toEqual(['start one']);
    const runs = applyEvent(has, { type: 'step_started', key: 'one' });
    expect(next(plan, runs)).toEqual(['wait']);
    expect(next(plan, applyEvent(runs, { type: 'step_completed', key: 'one', outputs: {} }))).toEqual(['unlock one', 'start after']);
    const error = { type: 'exit_code', message: 'ended with 3' } as const;
    const waits = applyEvent(runs, { type: 'step_failed', key: 'one', error, attempts: 1, outcome: 'wait' });
    expect(next(plan, waits)).toEqual(['unlock one']);
    const freeing = applyEvent(told(waits, 'one', { now: 'freeing' }), { type: 'step_retried', key: 'one' });
    expect(next(plan, freeing)).not.toContain('lock one');
    expect(next(plan, told(freeing, 'one', { now: 'gone' }))).toEqual(['lock one']);
  });

  test('gives them back when it has them and may not begin, since the run was paused', () => {
    const paused = told(applyEvent(asked(plan, fresh, 'one'), { type: 'paused' }), 'one', granted);
    expect(next(plan, paused)).toEqual(['unlock one']);
    const gone = told(paused, 'one', { now: 'gone' });
    expect(next(plan, gone)).toEqual(['wait']);
    expect(next(plan, applyEvent(gone, { type: 'resumed' }))).toEqual(['lock one', 'start free']);
  });

  test('that was ended while it was asked for gives back what it was granted', () => {
    const skipped = applyEvent(asked(plan, fresh, 'one'), { type: 'step_skipped', key: 'one', reason: 'person' });
    expect(next(plan, skipped)).toEqual(['start free', 'start after']);
    expect(next(plan, told(skipped, 'one', granted))).toEqual(['unlock one', 'start free', 'start after']);
  });

  test('in parts has a key for each, and takes no more slots than it may', () => {
    const parts = planOf([
      { id: 'show', locks: [{ ...lock(''), by: { per: 'target' } }], needsTarget: true, target: ['x', 'y', 'z'], maxParallel: 2 },
    ]);
    const expanded = having(
      { type: 'step_started', key: 'show' },
      { type: 'step_expanded', key: 'show', parts: ['x', 'y', 'z'].map((target) => ({ target })) },
    );
    expect(nextSteps(parts, expanded, 0)).toMatchObject([
      { do: 'lock', owner: 'show[0]', wishes: { locks: [{ by: { key: 'target:x' } }] } },
      { do: 'lock', owner: 'show[1]', wishes: { locks: [{ by: { key: 'target:y' } }] } },
    ]);
    const waiting = told(asked(parts, asked(parts, expanded, 'show[0]'), 'show[1]'), 'show[0]', queued());
    expect(next(parts, waiting)).toEqual(['wait']);
    expect(next(parts, told(waiting, 'show[1]', granted))).toEqual(['start show[1]']);
  });

  test('are dealt with in the order of the plan, whoever asked first', () => {
    const two = planOf([
      { id: 'one', locks: [lock('a')] },
      { id: 'two', locks: [lock('b')] },
    ]);
    const waiting = ['two', 'one'].reduce((state, owner) => told(asked(two, state, owner), owner, queued()), fresh);
    expect(next(two, waiting, 30_000)).toEqual(['lock one', 'lock two']);
  });

  test('and shares a rate begins at the moment given to it', () => {
    const rated = planOf([{ id: 'call', rate: { resource: 'api', max: 1, perMs: 1_000 } }]);
    const has = told(asked(rated, fresh, 'call'), 'call', { now: 'granted', until: 500, resource: 'api' });
    expect(stepAt(has, 'call')).toMatchObject({ status: 'held', hold: { kind: 'rate', resource: 'api', until: 500 } });
    expect([nextMoment(has), next(rated, has, 499), next(rated, has, 500)]).toEqual([500, ['wait'], ['admit call']]);
    expect(next(rated, told(has, 'call', { now: 'admitted' }), 500)).toEqual(['start call']);
  });
});

test('whatever the plan, a run with keys that are free goes the same way as one without', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (plan, choices) => {
      const locked = { ...plan, locks: [lock('a')], steps: plan.steps.map((step) => ({ ...step, locks: [lock(`b-${step.id}`)] })) };
      const [free, kept] = [play(plan, choices), play(locked, [0])];
      expect(kept.end).toBe(play(plan, [0]).end);
      expect(new Set(play(locked, choices).order).isSubsetOf(new Set([...free.order, ...allKeys(plan)]))).toBe(true);
      expect(play(locked, choices).end).not.toBe('never');
    }),
    { numRuns: 100 },
  );
});
const allKeys = (plan: Plan) =>
  plan.steps.flatMap(({ id, target }) => [id, ...(Array.isArray(target) ? target.map((_, n) => `${id}[${n}]`) : [])]);

test.each([
  [1, [1042], 'waits for lock a, 1st in line, held by run #1042'],
  [2, [1, 2], 'waits for lock a, 2nd in line, held by runs #1, #2'],
  [12, [1, 2, 3, 4, 5], 'waits for lock a, 12th in line, held by runs #1, #2, #3 and 2 more'],
  [103, [], 'waits for lock a, 103rd in line'],
])('the place %i in line is put in words', (position, heldBy, words) => {
  expect(lockWords({ kind: 'lock', key: 'a', position, heldBy, askAt: null })).toBe(words);
});
