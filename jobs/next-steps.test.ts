import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPlan, planOf } from '../test/generators/plans.ts';
import { fresh, play } from '../test/generators/play.ts';
import { applyEvent, type RunState } from './apply-event.ts';
import { type Decision, nextSteps as nextStepsAt } from './next-steps.ts';
import { partKey, wholeOf } from './parts.ts';
import type { Plan } from './plan.ts';
import type { RunEvent } from './run-event.ts';
import { outputsOf } from './run-variables.ts';
import { summarize } from './summarize.ts';

const nextSteps = (plan: Plan, state: RunState) => nextStepsAt(plan, state, 0);

const having = (...events: RunEvent[]): RunState => events.reduce(applyEvent, fresh);
const completed = (key: string, outputs = {}): RunEvent => ({ type: 'step_completed', key, outputs });
const failed = (key: string, outcome: 'fail' | 'tolerate' | 'wait' = 'fail'): RunEvent => ({
  type: 'step_failed',
  key,
  error: { type: 'exit_code', message: 'ended with 3' },
  attempts: 1,
  outcome,
});
const said = (decisions: readonly Decision[]) =>
  decisions.map((decision) => {
    if ('step' in decision) return `${decision.do} ${decision.step?.id}`;
    if ('for' in decision) return `${decision.do} ${decision.for}`;
    if ('ending' in decision) return `${decision.do} ${decision.ending.status}`;
    return 'status' in decision ? `${decision.do} ${decision.status}` : decision.do;
  });

describe('what a run does next', () => {
  const chain = planOf([{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'c', needs: ['b'] }]);

  test('starts what needs nothing, and nothing before its needs have ended', () => {
    expect(said(nextSteps(chain, fresh))).toEqual(['start a']);
    expect(said(nextSteps(chain, having({ type: 'step_started', key: 'a' })))).toEqual(['wait steps']);
    expect(said(nextSteps(chain, having(completed('a'))))).toEqual(['start b']);
  });

  test('starts independent steps together, in definition order', () => {
    const plan = planOf([{ id: 'z' }, { id: 'a' }, { id: 'm', needs: ['a'] }]);
    expect(said(nextSteps(plan, fresh))).toEqual(['start z', 'start a']);
  });

  test('asks for no more at once than fits one message, and for the rest when something has ended', () => {
    const plan = planOf(['a', 'b', 'c'].map((id) => ({ id, config: { text: 'x'.repeat(900_000) } })));
    expect(said(nextSteps(plan, fresh))).toEqual(['start a']);
    expect(said(nextSteps(plan, having(completed('a'))))).toEqual(['start b']);
  });

  test('a failed step skips all that depends on it and fails the run, while other branches go on', () => {
    const plan = planOf([{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'c', needs: ['b'] }, { id: 'free' }]);
    const state = having(failed('a'));
    expect(said(nextSteps(plan, state))).toEqual(['skip b', 'start free']);
    const skipped = [
      { type: 'step_skipped', key: 'b', reason: 'upstream_failed' },
      { type: 'step_skipped', key: 'c', reason: 'upstream_failed' },
    ] as const;
    const end = nextSteps(plan, [...skipped, completed('free')].reduce(applyEvent, state));
    expect(end).toEqual([{ do: 'finish', status: 'failed', error: 'step a: ended with 3', result: null }]);
  });

  test('a failure its author tolerates neither stops dependants nor fails the run', () => {
    const plan = planOf([
      { id: 'a', continueOnFailure: true },
      { id: 'b', needs: ['a'], if: 'steps.a.status == "failed"' },
    ]);
    const state = having(failed('a', 'tolerate'));
    expect(said(nextSteps(plan, state))).toEqual(['start b']);
    expect(said(nextSteps(plan, applyEvent(state, completed('b'))))).toEqual(['finish completed']);
  });

  test('an approval whose condition a person could have made false is asked for all the same', () => {
    const plan = planOf([
      { id: 'show' },
      { id: 'ask', type: 'approval', needs: ['show'], if: 'steps.show.outputs.changed' },
      { id: 'store', needs: ['ask'] },
    ]);
    expect(said(nextSteps(plan, having(completed('show', { changed: false }))))).toEqual(['skip ask']);
    const skip = (reason: 'person' | 'not_selected') => having({ type: 'step_skipped', key: 'show', reason, outputs: { changed: false } });
    expect(said(nextSteps(plan, skip('person')))).toEqual(['start ask']);
    expect(said(nextSteps(plan, skip('not_selected')))).toEqual(['start ask']);
    const ofParameters = planOf([{ id: 'show' }, { id: 'ask', type: 'approval', needs: ['show'], if: 'parameters.site == "x"' }]);
    expect(said(nextSteps(ofParameters, skip('person')))).toEqual(['skip ask']);
  });

  test('a step skipped by its own condition satisfies its dependants', () => {
    const plan = planOf([
      { id: 'a', if: 'parameters.site == "fra"' },
      { id: 'b', needs: ['a'] },
    ]);
    expect(said(nextSteps(plan, fresh))).toEqual(['skip a']);
    expect(said(nextSteps(plan, having({ type: 'step_skipped', key: 'a', reason: 'condition' })))).toEqual(['start b']);
  });

  test('fills parameters and earlier outputs into the config of a step that starts', () => {
    const plan = planOf([
      { id: 'a' },
      { id: 'b', needs: ['a'], config: { n: '${{ steps.a.outputs.n }}', text: 'at ${{ parameters.site }}' } },
    ]);
    expect(nextSteps(plan, having(completed('a', { n: 7 })))).toMatchObject([{ do: 'start', config: { n: 7, text: 'at ber' } }]);
  });

  test('an expression that cannot be evaluated fails its step, not the workflow', () => {
    const plan = planOf([{ id: 'a', if: 'steps.none.outputs.x == 1' }]);
    expect(nextSteps(plan, fresh)).toMatchObject([{ do: 'fail', step: { id: 'a' }, error: { type: 'invalid_input' } }]);
  });

  test('a condition that answers anything but true or false fails its step', () => {
    const plan = planOf([{ id: 'a', if: '"yes"' }]);
    expect(nextSteps(plan, fresh)).toMatchObject([{ do: 'fail', error: { message: 'step a: if must answer true or false, not "yes"' } }]);
  });

  test('a pause starts nothing new and lets running steps end', () => {
    const paused = having({ type: 'paused' });
    expect(said(nextSteps(chain, paused))).toEqual(['wait resume']);
    expect(said(nextSteps(chain, applyEvent(paused, { type: 'step_started', key: 'a' })))).toEqual(['wait steps']);
    expect(said(nextSteps(chain, applyEvent(paused, { type: 'resumed' })))).toEqual(['start a']);
  });

  test('a step that waits for a person keeps the run open until it is retried', () => {
    const state = having(failed('a', 'wait'));
    expect(said(nextSteps(chain, state))).toEqual(['wait intervention']);
    expect(said(nextSteps(chain, applyEvent(state, { type: 'step_retried', key: 'a' })))).toEqual(['start a']);
    const edited = applyEvent(state, { type: 'step_retried', key: 'a', config: { command: 'other' }, editor: 'ann' });
    expect([nextSteps(chain, edited)[0], edited.editors]).toMatchObject([{ do: 'start', config: { command: 'other' } }, ['ann']]);
  });

  test('a cancelled run starts nothing, waits for what runs, and ends cancelled with the reason given', () => {
    const wish = { type: 'cancel_requested', wish: { actor: 'ada', reason: 'wrong site' } } as const;
    expect(said(nextSteps(chain, having({ type: 'step_started', key: 'a' }, wish)))).toEqual(['wait steps']);
    expect(nextSteps(chain, having(completed('a'), wish))).toEqual([
      { do: 'finish', status: 'cancelled', error: 'wrong site', result: null },
    ]);
  });

  test('a run that stops gives up the steps that wait for a person, and keeps why they failed', () => {
    const state = having(failed('a', 'wait'), { type: 'cancel_requested', wish: { actor: 'ada', reason: null } });
    expect(state.steps.a).toEqual({ status: 'cancelled', error: { type: 'exit_code', message: 'ended with 3' }, tolerated: false });
    expect(said(nextSteps(chain, state))).toEqual(['finish cancelled']);
    expect(applyEvent(state, { type: 'step_retried', key: 'a' })).toEqual(state);
  });

  test('a run whose deciding step is lost is lost itself', () => {
    const state = having({
      type: 'step_failed',
      key: 'a',
      error: { type: 'lost', message: 'the worker died' },
      attempts: 1,
      outcome: 'fail',
    });
    expect(said(nextSteps(planOf([{ id: 'a' }]), state))).toEqual(['finish lost']);
  });

  test('declared outputs are the result; without them the result is what each step answered', () => {
    const done = having(completed('a', { n: 7 }));
    expect(nextSteps(planOf([{ id: 'a' }], { outputs: { total: '${{ steps.a.outputs.n + 1 }}' } }), done)).toMatchObject([
      { result: { total: 8 } },
    ]);
    expect(nextSteps(planOf([{ id: 'a' }]), done)).toMatchObject([{ result: { a: { n: 7 } } }]);
  });
});

describe('over random graphs', () => {
  const choices = fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 })
    .filter((drawn) => drawn.some((choice) => choice % 3 !== 0));

  test('every run ends and every step with it', () => {
    fc.assert(
      fc.property(anyPlan, choices, (plan, drawn) => {
        const { end, state } = play(plan, drawn);
        expect(['completed', 'failed']).toContain(end);
        for (const { id } of plan.steps) expect(['completed', 'failed', 'skipped']).toContain(state.steps[id]?.status);
        const parts = Object.values(state.steps).flatMap((step) => step.parts ?? []);
        for (const part of parts) expect(['completed', 'failed']).toContain(part.state?.status);
      }),
    );
  });

  test('no step starts before its needs have ended', () => {
    fc.assert(
      fc.property(anyPlan, choices, (plan, drawn) => {
        const { order } = play(plan, drawn);
        for (const step of plan.steps) {
          const own = order.findIndex((key) => (wholeOf(key) ?? key) === step.id);
          for (const need of step.needs) {
            const needed = order.findLastIndex((key) => (wholeOf(key) ?? key) === need);
            if (own >= 0 && needed >= 0) expect(needed).toBeLessThan(own);
          }
        }
      }),
    );
  });

  test('of a step on several targets no more parts are at work than it lets, and without a person none is started twice', () => {
    fc.assert(
      fc.property(anyPlan, choices, (plan, drawn) => {
        const { most, order } = play(plan, drawn);
        for (const { id, maxParallel, onError } of plan.steps) {
          if (maxParallel) expect(most[id]).toBeLessThanOrEqual(maxParallel);
          const started = order.filter((key) => (wholeOf(key) ?? key) === id);
          if (onError !== 'wait') expect(new Set(started).size).toBe(started.length);
        }
      }),
    );
  });

  test('a step on several targets has completed exactly when all its parts have, and hands on what each did in their order', () => {
    fc.assert(
      fc.property(anyPlan, choices, (plan, drawn) => {
        const { state } = play(plan, drawn);
        for (const { id } of plan.steps) {
          const step = state.steps[id];
          if (!step?.parts) continue;
          const done = step.parts.flatMap((part, n) => (part.state?.status === 'completed' ? [partKey(id, n)] : []));
          expect(step.status).toBe(done.length === step.parts.length ? 'completed' : 'failed');
          expect(outputsOf(step)).toEqual(done.map((by) => ({ by })));
        }
      }),
    );
  });

  test('the progress of a run whose steps nobody retries never falls', () => {
    fc.assert(
      fc.property(anyPlan, choices, (plan, drawn) => {
        const unattended = { ...plan, steps: plan.steps.map((step) => ({ ...step, onError: 'fail' as const })) };
        const percent = play(unattended, drawn).states.map((state) => summarize(state, plan).progress);
        expect(percent).toEqual(percent.toSorted((a, b) => a - b));
      }),
    );
  });

  test('the same answers in the same order give the same run, also from a state that went through JSON', () => {
    fc.assert(
      fc.property(anyPlan, choices, (plan, drawn) => {
        const first = play(plan, drawn);
        expect(play(plan, drawn)).toEqual(first);
        expect(nextSteps(plan, JSON.parse(JSON.stringify(first.state)))).toEqual(nextSteps(plan, first.state));
      }),
    );
  });

  test('decisions of one turn come in definition order', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const numbers = nextSteps(plan, fresh).flatMap((decision) => ('step' in decision ? [decision.step.number] : []));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }),
    );
  });
});
