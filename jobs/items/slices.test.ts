import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plannedStep, planOf } from '../../test/generators/plans.ts';
import { carryOut, fresh } from '../../test/generators/play.ts';
import { applyEvent, type RunState, stepAt, waitingKeys, worksOf } from '../apply-event.ts';
import { LIMITS } from '../limits.ts';
import { nextMoment } from '../next-moment.ts';
import { nextSteps } from '../next-steps.ts';
import type { PlannedStep } from '../plan.ts';
import { summarize } from '../summarize.ts';
import { tolerated } from './part-policy.ts';
import { type SliceTold, sliceOfPart, slicesOf, tallyOfSlices, toldOf } from './slices.ts';

const stepOf = (over: Partial<PlannedStep> = {}) => plannedStep('each', 1, { items: { foreach: [] }, maxParallel: 10, ...over });
const partsOf = (total: number) => Array.from({ length: total }, (_, item) => ({ item }));
const begun = (step: PlannedStep, total: number): RunState =>
  applyEvent(fresh, { type: 'step_expanded', key: 'each', parts: partsOf(total), slices: slicesOf(step, total) });
const nothing: SliceTold = { atWork: 0, over: 0, completed: 0, failed: 0, waiting: [], failedParts: [], errors: [] };
const told = (state: RunState, slice: number, what: Partial<SliceTold>, isOver = false): RunState =>
  applyEvent(state, { type: 'slice_told', key: 'each', slice, told: { ...nothing, ...what }, isOver });
const over = (state: RunState, slice: number, failed = 0): RunState => {
  const count = state.steps.each?.slices?.[slice]?.count ?? 0;
  const outputs = [{ slice }];
  const failedParts = Array.from({ length: failed }, (_, n) => slice * 250 + n);
  return told(
    state,
    slice,
    { over: count, completed: count - failed, failed, failedParts, errors: failed > 0 ? ['exit_code'] : [], outputs },
    true,
  );
};

describe('slices', () => {
  test('hold every part once, in order, and never the end of one group with the begin of another it does not hold whole', () => {
    const size = fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 2000 }) }),
      fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
    );
    const batch = fc.option(fc.record({ size, pauseMs: fc.constant(0) }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.integer({ min: 101, max: 3000 }),
        batch,
        fc.constantFrom('given' as const, 'reverse' as const),
        (total, drawn, order) => {
          const step = stepOf({ order, ...(drawn && { batch: drawn }) });
          const slices = slicesOf(step, total);
          expect(slices.every(({ count }) => count > 0 && count <= LIMITS.partsOfSlice)).toBe(true);
          expect(slices.flatMap(({ from, count }) => Array.from({ length: count }, (_, at) => from + at))).toEqual(
            partsOf(total).map(({ item }) => item),
          );
          for (const n of [0, 1, Math.floor(total / 2), total - 1]) {
            const slice = slices[sliceOfPart(slices, n)];
            const offset = slice?.offset;
            expect(slice !== undefined && offset !== undefined && n >= offset && n < offset + slice.count).toBe(true);
          }
          if (!drawn) return;
          const group = Math.max(1, 'count' in drawn.size ? drawn.size.count : Math.floor((total * drawn.size.percent) / 100));
          for (const { from, count } of slices) {
            const startsGroup = from % group === 0;
            const withinOne = Math.floor(from / group) === Math.floor((from + count - 1) / group);
            expect(startsGroup || withinOne).toBe(true);
          }
        },
      ),
    );
  });

  test('begin one after the other, and the step has completed when all have', () => {
    const plan = planOf([stepOf()]);
    const first = nextSteps(plan, begun(stepOf(), 600), 0);
    expect(first).toMatchObject([{ do: 'slice', slice: 0, maxParallel: 10 }]);
    let state = first.flatMap(carryOut).reduce(applyEvent, begun(stepOf(), 600));
    expect(nextSteps(plan, state, 0)).toEqual([{ do: 'wait', for: 'steps' }]);
    state = told(state, 0, { atWork: 10, over: 150, completed: 150 });
    expect(summarize(state, plan)).toMatchObject({ status: 'running', progress: 25, completed_steps: 0 });
    state = over(state, 0);
    expect(nextSteps(plan, state, 0)).toMatchObject([{ do: 'slice', slice: 1 }]);
    const done = over(over(state, 1), 2);
    expect(nextSteps(plan, done, 0)).toMatchObject([{ do: 'complete' }]);
    const ended = nextSteps(plan, done, 0).flatMap(carryOut).reduce(applyEvent, done);
    expect(nextSteps(plan, ended, 0)).toMatchObject([{ do: 'finish', result: { each: [{ slice: 0 }, { slice: 1 }, { slice: 2 }] } }]);
  });

  test('are side by side where more may be under way than one has, and no failure holds up another', () => {
    const wide = stepOf({ maxParallel: 400 });
    expect(nextSteps(planOf([wide]), begun(wide, 1000), 0)).toMatchObject([
      { do: 'slice', slice: 0, maxParallel: 200 },
      { do: 'slice', slice: 1, maxParallel: 200 },
    ]);
    const careful = stepOf({ maxParallel: 400, fail: { mode: 'stop', tolerate: { count: 0 } } });
    expect(nextSteps(planOf([careful]), begun(careful, 1000), 0)).toMatchObject([{ do: 'slice', slice: 0, maxParallel: 400 }]);
  });

  test('begin no more once too many parts have failed in those before, and name them', () => {
    const step = stepOf({ fail: { mode: 'stop', tolerate: { percent: 1 } } });
    const plan = planOf([step]);
    const borne = over(begun(step, 600), 0, 6);
    expect(nextSteps(plan, borne, 0)).toMatchObject([{ do: 'slice', slice: 1 }]);
    const bad = over(borne, 1, 1);
    expect(nextSteps(plan, bad, 0)).toMatchObject([{ do: 'stop_parts' }]);
    const stopped = nextSteps(plan, bad, 0).flatMap(carryOut).reduce(applyEvent, bad);
    expect(nextSteps(plan, stopped, 0)).toMatchObject([
      {
        do: 'fail',
        error: { type: 'exit_code', message: '7 of 600 items failed (6 are tolerated): 0, 1, 2, 3, 4, 5, 250; 100 were not begun' },
      },
    ]);
  });

  test('hand on what their parts do in the order given, also where they are begun from the end', () => {
    const step = stepOf({ order: 'reverse' });
    const done = over(over(over(begun(step, 600), 0), 1), 2);
    const ended = nextSteps(planOf([step]), done, 0)
      .flatMap(carryOut)
      .reduce(applyEvent, done);
    expect(nextSteps(planOf([step]), ended, 0)).toMatchObject([
      { do: 'finish', result: { each: [{ slice: 2 }, { slice: 1 }, { slice: 0 }] } },
    ]);
  });

  test('rest between groups', () => {
    const step = stepOf({ batch: { size: { count: 250 }, pauseMs: 1000 } });
    const plan = planOf([step]);
    const first = over(begun(step, 600), 0);
    const resting = nextSteps(plan, first, 5000).flatMap(carryOut).reduce(applyEvent, first);
    expect([nextMoment(resting), nextSteps(plan, resting, 5500)]).toEqual([6000, [{ do: 'wait', for: 'hold' }]]);
    expect(nextSteps(plan, resting, 6000)).toMatchObject([{ do: 'rest' }, { do: 'slice', slice: 1 }]);
  });

  test('that wait for a person are known by their parts, and all of them are tried again at once', () => {
    const plan = planOf([stepOf({ onError: 'wait' })]);
    const waiting = told(applyEvent(begun(stepOf(), 600), { type: 'slice_started', key: 'each', slice: 0 }), 0, {
      over: 248,
      completed: 248,
      waiting: [7, 9],
    });
    expect(nextSteps(plan, waiting, 0)).toEqual([{ do: 'wait', for: 'intervention' }]);
    expect(summarize(waiting, plan)).toMatchObject({ status: 'waiting', waiting_for: 'intervention' });
    expect(waitingKeys(waiting, 'each')).toEqual(['each[7]', 'each[9]']);
    expect(stepAt(waiting, 'each[7]')).toMatchObject({ status: 'waiting' });
    const retried = applyEvent(waiting, { type: 'step_retried', key: 'each' });
    expect([waitingKeys(retried, 'each'), worksOf(retried.steps.each as never)]).toEqual([[], 1]);
  });

  test('of a run that is cancelled end before it does', () => {
    const plan = planOf([stepOf()]);
    const running = applyEvent(begun(stepOf(), 600), { type: 'slice_started', key: 'each', slice: 0 });
    const cancelled = applyEvent(running, { type: 'cancel_requested', wish: { actor: 'ada', reason: null } });
    expect(nextSteps(plan, cancelled, 0)).toEqual([{ do: 'wait', for: 'steps' }]);
    const gone = told(cancelled, 0, { over: 20, completed: 18, failed: 2, failedParts: [18, 19], errors: ['cancelled'] }, true);
    expect(nextSteps(plan, gone, 0)).toMatchObject([
      { do: 'fail', error: { type: 'cancelled', message: 'stopped when 18 of 600 items were done' } },
    ]);
  });

  test('of which one is gone, and nobody knows how its parts ended, are lost', () => {
    const plan = planOf([stepOf()]);
    const lost = told(begun(stepOf(), 200), 0, { over: 200, failed: 200, errors: ['lost'] }, true);
    expect(nextSteps(plan, lost, 0)).toMatchObject([{ do: 'fail', error: { type: 'lost', message: '200 of 200 items failed' } }]);
  });

  test('whose outputs are too large hand on none, and whoever names them hears of it', () => {
    const plan = planOf([stepOf(), { id: 'sum', needs: ['each'], config: { all: '${{ steps.each.outputs }}' } }]);
    const last = told(over(over(begun(stepOf(), 600), 0), 1), 2, { over: 100, completed: 100, outputs: null }, true);
    const ended = nextSteps(plan, last, 0).flatMap(carryOut).reduce(applyEvent, last);
    expect(nextSteps(plan, ended, 0)).toMatchObject([{ do: 'fail', step: { id: 'sum' }, error: { type: 'invalid_input' } }]);
  });

  test('tell of their parts by the numbers these have in the whole step', () => {
    const state: RunState = {
      ...fresh,
      steps: { each: { status: 'running', attempts: 0, parts: partsOf(3), within: { offset: 250, total: 600, failedBefore: 0 } } },
    };
    const plan = planOf([stepOf({ onError: 'wait' })]);
    const started = nextSteps(plan, state, 0);
    expect(started).toMatchObject([{ key: 'each[250]', part: { item: 0, index: 250 } }, { key: 'each[251]' }, { key: 'each[252]' }]);
    const error = { type: 'exit_code', message: 'ended with 3' } as const;
    const mixed = [
      { type: 'step_completed', key: 'each[250]', outputs: { n: 1 } } as const,
      { type: 'step_failed', key: 'each[251]', error, attempts: 1, outcome: 'wait' } as const,
      { type: 'step_failed', key: 'each[252]', error, attempts: 1, outcome: 'tolerate' } as const,
    ].reduce(applyEvent, started.flatMap(carryOut).reduce(applyEvent, state));
    expect(toldOf(mixed.steps.each as never, 1000)).toEqual({
      atWork: 0,
      over: 2,
      completed: 1,
      failed: 1,
      waiting: [251],
      failedParts: [252],
      errors: ['exit_code'],
    });
    expect(waitingKeys(mixed, 'each')).toEqual(['each[251]']);
    const done = applyEvent(mixed, { type: 'step_completed', key: 'each[251]', outputs: { n: 2 } });
    expect([toldOf(done.steps.each as never, 1000).outputs, toldOf(done.steps.each as never, 10).outputs]).toEqual([
      [{ n: 1 }, { n: 2 }],
      null,
    ]);
  });

  test('begin nothing while the run is paused, which ends all the same once they all have', () => {
    const plan = planOf([stepOf()]);
    const paused = applyEvent(over(begun(stepOf(), 600), 0), { type: 'paused' });
    expect(nextSteps(plan, paused, 0)).toEqual([{ do: 'wait', for: 'resume' }]);
    const done = over(over(paused, 1), 2);
    const ended = nextSteps(plan, done, 0).flatMap(carryOut).reduce(applyEvent, done);
    expect(nextSteps(plan, ended, 0)).toMatchObject([{ do: 'finish', status: 'completed' }]);
  });

  test('count what failed in those before', () => {
    const step = stepOf({ maxParallel: 1, fail: { mode: 'stop', tolerate: { count: 1 } } });
    const plan = planOf([step]);
    const withBefore = (failedBefore: number): RunState => {
      const each = { status: 'running', attempts: 0, parts: partsOf(3), within: { offset: 250, total: 600, failedBefore } } as const;
      const begun = nextSteps(plan, { ...fresh, steps: { each } }, 0)
        .flatMap(carryOut)
        .reduce(applyEvent, { ...fresh, steps: { each } });
      const error = { type: 'exit_code', message: 'ended with 3' } as const;
      return applyEvent(begun, { type: 'step_failed', key: 'each[250]', error, attempts: 1, outcome: 'tolerate' });
    };
    expect(nextSteps(plan, withBefore(0), 0)).toMatchObject([{ do: 'start', key: 'each[251]' }]);
    expect(nextSteps(plan, withBefore(1), 0)).toMatchObject([{ do: 'stop_parts' }]);
  });

  test('bear together what the step bears, whatever the tolerance, and never begin after one too many', () => {
    const counts = fc.array(fc.nat({ max: 30 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(counts, fc.nat({ max: 60 }), (failures, count) => {
        const step = stepOf({ fail: { mode: 'stop', tolerate: { count } } });
        const plan = planOf([step]);
        let state = begun(step, 1000);
        for (let turn = 0; turn < 12; turn += 1) {
          const [decision] = nextSteps(plan, state, 0);
          if (decision?.do === 'slice') {
            expect(tallyOfSlices(state.steps.each?.slices ?? [], 1000).failed).toBeLessThanOrEqual(tolerated(step, 1000));
            state = over(carryOut(decision).reduce(applyEvent, state), decision.slice, failures[decision.slice] ?? 0);
          } else if (decision) state = carryOut(decision).reduce(applyEvent, state);
        }
        const sum = failures.reduce((all, one) => all + one, 0);
        expect(state.steps.each?.status).toBe(sum > count ? 'failed' : 'completed');
      }),
    );
  });
});

describe('parts in slices that wait for maintenance windows', () => {
  const wideStep = stepOf({ maxParallel: null });
  const running = (step: PlannedStep): RunState =>
    [0, 1].reduce((state, slice) => applyEvent(state, { type: 'slice_started', key: 'each', slice }), begun(step, 700));
  const shut = (state: RunState): RunState => told(state, 0, { shut: 240, over: 10, completed: 10 });

  test('make the run wait for a window once nothing else of it goes on', () => {
    const plan = planOf([wideStep]);
    const waiting = told(shut(running(wideStep)), 1, { shut: 250 });
    expect(summarize(waiting, plan)).toMatchObject({ status: 'waiting', waiting_for: 'window' });
    expect(summarize(told(waiting, 1, { shut: 200, atWork: 50 }), plan)).toMatchObject({ status: 'running' });
  });

  test('let the next slice go on beside them, unless its author said how many parts may be at work', () => {
    const next = (step: PlannedStep) => nextSteps(planOf([step]), shut(running(step)), 0).filter(({ do: what }) => what === 'slice');
    expect(next(wideStep)).toMatchObject([{ slice: 2 }]);
    expect(next(stepOf({ maxParallel: 500 }))).toEqual([]);
  });

  test('keep no other slice waiting where windows are known of: all go on, and together no more than may', () => {
    const step = stepOf({ maxParallel: 20 });
    const known = (state: RunState): RunState => {
      const { each } = state.steps;
      return each ? { ...state, steps: { each: { ...each, windowed: true } } } : state;
    };
    const next = (state: RunState) => nextSteps(planOf([step]), state, 0).filter(({ do: what }) => what === 'slice');
    expect(next(begun(step, 700))).toMatchObject([{ slice: 0, maxParallel: 20 }]);
    expect(next(known(begun(step, 700)))).toMatchObject([
      { slice: 0, maxParallel: 6 },
      { slice: 1, maxParallel: 6 },
      { slice: 2, maxParallel: 6 },
    ]);
    const skips = { ...step, onClosed: 'skip' as const };
    expect(nextSteps(planOf([skips]), known(begun(skips, 700)), 0).filter(({ do: what }) => what === 'slice')).toHaveLength(1);
  });

  test('are told apart by their slice from those that are at work', () => {
    const window = {
      kind: 'window',
      target: 'a',
      zone: 'UTC',
      opensAt: null,
      opensWall: null,
      today: '2027-01-01',
      since: 0,
      seenAt: 0,
      lookAt: 9,
    } as const;
    const parts = [{ state: { status: 'held', attempts: 0, hold: window } }, { state: { status: 'running', attempts: 0 } }, {}] as const;
    expect(toldOf({ status: 'running', attempts: 0, parts }, 100)).toMatchObject({ shut: 1, atWork: 1, over: 0 });
  });
});
