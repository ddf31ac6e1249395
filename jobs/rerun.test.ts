import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPlan, planOf } from '../test/generators/plans.ts';
import { fresh, play } from '../test/generators/play.ts';
import type { StepState } from './apply-event.ts';
import type { JsonObject } from './json.ts';
import { shownItem, wholeOf } from './parts.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { planRerun, type RerunAsked, rootSteps } from './rerun.ts';

const done = (outputs: JsonObject = {}): StepState => ({ status: 'completed', outputs, keptFrom: 1 });
const failed: StepState = { status: 'failed', error: { type: 'exit_code', message: 'ended with 3' }, tolerated: false };
const skipped = (reason: 'condition' | 'upstream_failed' | 'not_selected'): StepState => ({ status: 'skipped', reason, keptFrom: 1 });

type Given = Omit<Partial<RerunAsked>, 'before' | 'now'> & {
  readonly plan: Plan;
  readonly steps: { readonly [id: string]: StepState };
  readonly next?: Plan;
  readonly parameters?: readonly [JsonObject, JsonObject];
  readonly targets?: readonly [string | null, string | null];
};

const rerun = ({ plan, steps, next = plan, parameters = [{}, {}], targets = [null, null], ...more }: Given) =>
  planRerun({
    before: { plan, parameters: parameters[0], target: targets[0], steps },
    now: { plan: next, parameters: parameters[1], target: targets[1] },
    from: null,
    failedItemsOnly: false,
    chosen: null,
    ...more,
  });

const because = ({ facts }: ReturnType<typeof planRerun>) => Object.fromEntries(facts.runs.map(({ step, because }) => [step, because]));

const chain = planOf([{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'c', needs: ['b'] }]);
const allDone = { a: done(), b: done(), c: done() };
const withStep = (id: string, over: Partial<PlannedStep>): Plan => ({
  ...chain,
  steps: chain.steps.map((step) => (step.id === id ? { ...step, ...over } : step)),
});

describe('a re-run', () => {
  test('runs the steps that are named and all behind them, and keeps the rest', () => {
    const plan = rerun({ plan: chain, steps: allDone, from: ['b'] });
    expect(plan.facts.kept).toEqual(['a']);
    expect(because(plan)).toEqual({ b: 'chosen', c: 'upstream' });
    expect(plan.facts.runs[1]?.message).toBe('step b, which it needs, runs again');
    expect(plan.steps).toEqual({ a: done() });
  });

  test('without names runs what did not complete', () => {
    const plan = rerun({ plan: chain, steps: { a: done(), b: failed, c: skipped('upstream_failed') } });
    expect(plan.facts.kept).toEqual(['a']);
    expect(because(plan)).toEqual({ b: 'not_completed', c: 'not_completed' });
  });

  test('from the steps that need no other runs everything', () => {
    const wide = planOf([{ id: 'a' }, { id: 'b', needs: ['a'] }, { id: 'c' }, { id: 'd', needs: ['b', 'c'] }]);
    expect(rootSteps(wide, null)).toEqual(['a', 'c']);
    expect(rootSteps(wide, ['b', 'd'])).toEqual(['b']);
    const steps = { a: done(), b: done(), c: done(), d: done() };
    expect(rerun({ plan: wide, steps, from: rootSteps(wide, null) }).facts.kept).toEqual([]);
  });

  test('of a run that completed keeps all of it', () => {
    expect(rerun({ plan: chain, steps: allDone }).facts).toMatchObject({ kept: ['a', 'b', 'c'], runs: [] });
  });

  test('keeps skips of a step’s own making, and nothing for those that were not chosen', () => {
    expect(rerun({ plan: chain, steps: { a: skipped('condition'), b: done(), c: failed } }).facts.kept).toEqual(['a', 'b']);
    const chosen = rerun({ plan: chain, steps: { a: skipped('not_selected'), b: failed, c: skipped('not_selected') }, chosen: ['b'] });
    expect(chosen.facts).toMatchObject({ kept: [], runs: [{ step: 'b', because: 'not_completed' }] });
  });

  test.each<readonly [string, Partial<PlannedStep>, 'changed' | 'kept']>([
    ['config', { config: { command: 'false' } }, 'changed'],
    ['outputs', { outputs: { n: '${{ result.n }}' } }, 'changed'],
    ['target', { needsTarget: true, target: 'core-1' }, 'changed'],
    ['type', { type: 'ssh.exec' }, 'changed'],
    ['if', { if: 'true' }, 'changed'],
    ['items', { items: { foreach: ['x'] } }, 'changed'],
    ['secrets', { secrets: { TOKEN: 'db.password' } }, 'changed'],
    ['enabled', { enabled: false }, 'changed'],
    ['needs', { needs: [] }, 'changed'],
    ['timeout', { timeoutMs: 1 }, 'kept'],
    ['retry', { retry: { attempts: 5, delayMs: 1, backoff: 1, maxDelayMs: 1, on: [] } }, 'kept'],
    ['name', { name: 'another' }, 'kept'],
    ['place', { number: 9 }, 'kept'],
    ['priority', { priority: 1 }, 'kept'],
    ['max_parallel', { maxParallel: 3 }, 'kept'],
    ['on_error', { onError: 'wait' }, 'kept'],
  ])('with another version, whose step has another %s, keeps its result only if that says nothing about it', (_, over, expected) => {
    const plan = rerun({ plan: chain, steps: allDone, next: withStep('b', over) });
    expect(plan.facts.kept).toEqual(expected === 'kept' ? ['a', 'b', 'c'] : ['a']);
    if (expected === 'changed') expect(because(plan)).toEqual({ b: 'changed', c: 'upstream' });
  });

  test('says which steps are new, and drops those that are gone', () => {
    const next = planOf([{ id: 'a' }, { id: 'new', needs: ['a'] }, { id: 'c', needs: ['a'] }]);
    const plan = rerun({ plan: chain, steps: allDone, next });
    expect(because(plan)).toEqual({ new: 'new', c: 'changed' });
    expect(Object.keys(plan.steps)).toEqual(['a']);
  });

  test.each<readonly [string, Partial<PlannedStep>]>([
    ['config', { config: { command: 'x', environment: { S: '${{ parameters.site }}' } } }],
    ['config, by brackets', { config: { environment: { S: '${{ parameters["site"] }}' } } }],
    ['all parameters', { config: { environment: { S: '${{ string(size(parameters)) }}' } } }],
    ['if', { if: 'parameters.site == "ber"' }],
    ['target', { needsTarget: true, target: '${{ parameters.site }}' }],
    ['foreach', { items: { foreach: '${{ [parameters.site] }}' } }],
    ['something that cannot be read', { config: { environment: { S: '${{ ( }}' } } }],
  ])('with another value of a parameter runs the step that reads it in its %s', (_, over) => {
    const plan = withStep('b', over);
    const parameters = [
      { site: 'ber', other: 1 },
      { site: 'fra', other: 1 },
    ] as const;
    expect(because(rerun({ plan, steps: allDone, parameters }))).toEqual({ b: 'parameter', c: 'upstream' });
    expect(rerun({ plan, steps: allDone, parameters: [parameters[0], parameters[0]] }).facts.runs).toEqual([]);
  });

  test('on another target runs the steps that name the run’s target, also those that have none of their own', () => {
    const plan = withStep('b', { config: { environment: { T: '${{ target }}' } } });
    expect(because(rerun({ plan, steps: allDone, targets: ['core-1', 'core-2'] }))).toEqual({ b: 'changed', c: 'upstream' });
    const derived = withStep('b', { needsTarget: true, target: '${{ target + "-backup" }}' });
    expect(because(rerun({ plan: derived, steps: allDone, targets: ['core-1', 'core-2'] }))).toEqual({ b: 'changed', c: 'upstream' });
    expect(rerun({ plan: chain, steps: allDone, targets: ['core-1', 'core-2'] }).facts.runs).toEqual([]);
  });

  test('with another value of a parameter keeps what reads only others', () => {
    const plan = withStep('b', { config: { environment: { S: '${{ parameters.site }} of steps.a.outputs' } } });
    expect(
      rerun({
        plan,
        steps: allDone,
        parameters: [
          { site: 'ber', n: 1 },
          { site: 'ber', n: 2 },
        ],
      }).facts.runs,
    ).toEqual([]);
  });

  test('elsewhere runs the steps that run where the run does', () => {
    const plan = withStep('b', { needsTarget: true, target: null });
    expect(because(rerun({ plan, steps: allDone, targets: ['ber-1', 'fra-1'] }))).toEqual({ b: 'changed', c: 'upstream' });
  });

  test('runs again what was undone, and what follows other steps’ ends', () => {
    const undone = withStep('a', { compensate: { ...(chain.steps[0] as PlannedStep), id: 'a.compensate' } });
    expect(because(rerun({ plan: undone, steps: { ...allDone, c: failed, 'a.compensate': done() } }))).toEqual({
      a: 'undone',
      b: 'upstream',
      c: 'not_completed',
    });
    const always = withStep('c', { needs: [], when: 'always' });
    expect(because(rerun({ plan: always, steps: { ...allDone, b: failed } }))).toEqual({ b: 'not_completed', c: 'each_run' });
  });

  test('asks again for an approval when a step behind it is not what was approved, and for no other', () => {
    const plan = planOf([
      { id: 'a' },
      { id: 'approve', type: 'approval', needs: ['a'] },
      { id: 'b', needs: ['approve'] },
      { id: 'c', needs: ['b'], config: { environment: { S: '${{ parameters.site }}' } } },
    ]);
    const steps = { a: done(), approve: done(), b: done(), c: failed };
    expect(rerun({ plan, steps, from: ['c'] }).facts.kept).toEqual(['a', 'approve', 'b']);
    const other = rerun({ plan, steps, from: ['c'], parameters: [{ site: 'ber' }, { site: 'fra' }] });
    expect(other.facts.kept).toEqual(['a']);
    expect(other.facts.runs[0]).toEqual({ step: 'approve', because: 'changed', message: 'what it was given for has changed: step c' });
  });

  test('runs again what stands in for a step that runs again', () => {
    const plan = planOf([
      { id: 'a', if: 'false' },
      { id: 'b', elseOf: 'a' },
    ]);
    expect(because(rerun({ plan, steps: { a: skipped('condition'), b: done() }, from: ['a'] }))).toEqual({ a: 'chosen', b: 'upstream' });
  });
});

describe('a re-run of failed items only', () => {
  const parts = (...states: readonly (StepState | undefined)[]): StepState['parts'] =>
    states.map((state, n) => ({ target: `edge-${n}`, ...(state && { state }) }));
  const fan = planOf([{ id: 'a' }, { id: 'f', needs: ['a'], needsTarget: true, target: ['edge-0', 'edge-1'] }]);
  const state: StepState = { ...failed, parts: parts(done({ n: 1 }), failed) as never };

  test('keeps the parts that completed', () => {
    const plan = rerun({ plan: fan, steps: { a: done(), f: state }, failedItemsOnly: true });
    expect(plan.facts).toMatchObject({ kept: ['a'], partly: [{ step: 'f', kept: 1, of: 2 }], runs: [{ step: 'f' }] });
    expect(plan.steps.f).toEqual({ status: 'running', attempts: 0, parts: parts(done({ n: 1 }), undefined) });
  });

  test('keeps none of them unless asked, or when what they came from runs again or has changed', () => {
    const steps = { a: done(), f: state };
    expect(rerun({ plan: fan, steps }).facts.partly).toEqual([]);
    expect(rerun({ plan: fan, steps, failedItemsOnly: true, from: ['a'] }).facts.partly).toEqual([]);
    const next = { ...fan, steps: fan.steps.map((step) => (step.id === 'f' ? { ...step, config: { command: 'x' } } : step)) };
    expect(rerun({ plan: fan, steps, next, failedItemsOnly: true }).facts.partly).toEqual([]);
  });

  test('gives parts their items in full, and runs all of them when the items are others', () => {
    const plan = planOf([{ id: 'a' }, { id: 'f', needs: ['a'], items: { foreach: '${{ steps.a.outputs.list }}' } }]);
    const long = 'x'.repeat(5000);
    const item = shownItem({ item: long });
    const each: StepState = {
      ...failed,
      parts: [
        { item, state: done() },
        { item: 'b', state: failed },
      ] as never,
    };
    const steps = (list: readonly string[]) => ({ a: done({ list }), f: each });
    const kept = rerun({ plan, steps: steps([long, 'b']), failedItemsOnly: true });
    expect(kept.steps.f?.parts).toEqual([{ item: long, state: done() }, { item: 'b' }]);
    const others = rerun({ plan, steps: steps(['z', 'b']), failedItemsOnly: true }).facts;
    expect(others.partly).toEqual([]);
    expect(others.runs[0]?.message).toBe('it was failed; all of its parts run, since its items are others by now');
    expect(rerun({ plan, steps: steps([long, 'b', 'c']), failedItemsOnly: true }).facts.partly).toEqual([]);
  });

  test('of more parts than a run carries out by itself leaves the rest to workflows of their own', () => {
    const targets = Array.from({ length: 300 }, (_, n) => `edge-${n}`);
    const many = planOf([{ id: 'f', needsTarget: true, target: targets }]);
    const all = targets.map((target, n) => ({ target, state: n === 7 ? failed : done({ n }) }));
    const plan = rerun({ plan: many, steps: { f: { ...failed, parts: all as never } }, failedItemsOnly: true });
    expect(plan.facts.partly).toEqual([{ step: 'f', kept: 299, of: 300 }]);
    expect(plan.steps.f?.slices?.map(({ status, count }) => [status, count])).toEqual([
      ['open', 250],
      ['open', 50],
    ]);
    const after = planOf([...many.steps, { id: 'z', needs: ['f'] }]);
    const completed: StepState = { ...done(), parts: all.map((part, n) => ({ ...part, state: done({ n }) })) as never };
    const kept = rerun({ plan: after, steps: { f: completed, z: failed } }).steps.f;
    expect(kept?.slices).toMatchObject([{ status: 'over', count: 300, told: { completed: 300 } }]);
    expect(kept?.slices?.[0]?.told?.outputs).toHaveLength(300);
  });
});

const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });
/** A plan whose run has ended, which steps of it are named, and how its re-run goes. */
const ended = fc
  .tuple(anyPlan, choices, fc.array(fc.nat(11), { maxLength: 4 }), fc.boolean(), choices)
  .map(([plan, first, named, only, second]) => {
    const { state } = play(plan, first);
    const from = [...new Set(named.flatMap((n) => plan.steps[n]?.id ?? []))];
    return { plan, steps: state.steps, from: from.length > 0 ? from : null, failedItemsOnly: only, second };
  });

describe('whatever the plan and however its run ended', () => {
  test('a re-run is closed under dependants, keeps only results, and runs whatever it does not keep', () => {
    fc.assert(
      fc.property(ended, ({ plan, steps, from, failedItemsOnly }) => {
        const { facts } = rerun({ plan, steps, from, failedItemsOnly });
        const runs = new Set(facts.runs.map(({ step }) => step));
        for (const step of plan.steps) if (step.needs.some((need) => runs.has(need))) expect(runs).toContain(step.id);
        for (const id of facts.kept) {
          const state = steps[id];
          expect(state?.status === 'completed' || (state?.status === 'skipped' && state.reason !== 'upstream_failed')).toBe(true);
        }
        expect([...facts.kept, ...runs].sort()).toEqual(plan.steps.map(({ id }) => id).sort());
        for (const id of from ?? []) expect(runs).toContain(id);
      }),
      { numRuns: 300 },
    );
  });

  test('a run that begins with what was kept, read back from JSON, executes nothing of it again and comes to an end', () => {
    fc.assert(
      fc.property(ended, ({ plan, steps, from, failedItemsOnly, second }) => {
        const { facts, steps: kept } = rerun({ plan, steps, from, failedItemsOnly });
        const again = JSON.parse(JSON.stringify(kept)) as typeof kept;
        const { order, end, state } = play(plan, second, { ...fresh, steps: again });
        expect(end).not.toBe('never');
        for (const key of order) expect(facts.kept).not.toContain(wholeOf(key) ?? key);
        for (const key of order) {
          const [, n] = /\[(\d+)\]$/.exec(key) ?? [];
          if (n !== undefined) expect(kept[wholeOf(key) ?? '']?.parts?.[Number(n)]?.state).toBeUndefined();
        }
        for (const id of facts.kept) expect(state.steps[id]).toEqual(kept[id]);
      }),
      { numRuns: 300 },
    );
  });
});
