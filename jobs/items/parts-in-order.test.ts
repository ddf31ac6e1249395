import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planOf } from '../../test/generators/plans.ts';
import { carryOut, fresh } from '../../test/generators/play.ts';
import { applyEvent, type RunState } from '../apply-event.ts';
import { nextMoment } from '../next-moment.ts';
import { type Decision, nextSteps } from '../next-steps.ts';
import { partOf } from '../parts.ts';
import type { Plan, PlannedStep } from '../plan.ts';
import type { RunEvent } from '../run-event.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const planFor = (foreach: unknown, over: Partial<PlannedStep> = {}): Plan =>
  planOf([{ id: 'each', items: { foreach: foreach as never }, maxParallel: 10, ...over }]);

/** The state once everything that is decided at this moment is done. */
function settled(plan: Plan, state: RunState, now = 0): RunState {
  for (let turn = 0; turn < 20; turn += 1) {
    const next = nextSteps(plan, state, now).flatMap(carryOut).reduce(applyEvent, state);
    if (next === state) return state;
    state = next;
  }
  return state;
}
const statuses = (state: RunState) => state.steps.each?.parts?.map(({ state: one }) => one?.status ?? 'open').join(' ');
const completed = (n: number): RunEvent => ({ type: 'step_completed', key: `each[${n}]`, outputs: { n } });
const failed = (n: number, outcome: 'tolerate' | 'wait' = 'tolerate'): RunEvent => ({
  type: 'step_failed',
  key: `each[${n}]`,
  error: { type: 'exit_code', message: 'ended with 3' },
  attempts: 1,
  outcome,
});
const having = (plan: Plan, ...events: readonly RunEvent[]): RunState =>
  events.reduce((state, event) => settled(plan, applyEvent(state, event)), settled(plan, fresh));

describe('a step with items', () => {
  test('is taken apart when it begins, and each part sees its item and its place', () => {
    const plan = planFor(['ber', 'fra'], { config: { at: '${{ item }}', number: '${{ index + 1 }}', text: 'is ${{ index }}' } });
    expect(nextSteps(plan, fresh, 0)).toMatchObject([{ do: 'divide', parts: [{ item: 'ber' }, { item: 'fra' }] }]);
    const divided = nextSteps(plan, fresh, 0).flatMap(carryOut).reduce(applyEvent, fresh);
    expect(nextSteps(plan, divided, 0)).toMatchObject([
      { do: 'start', key: 'each[0]', config: { at: 'ber', number: 1, text: 'is 0' }, part: { item: 'ber', index: 0 }, target: null },
      { do: 'start', key: 'each[1]', config: { at: 'fra', number: 2, text: 'is 1' } },
    ]);
  });

  test('takes a list from an expression, combinations from a matrix, and a target for each item', () => {
    const onItem = planFor('${{ [parameters.site, "fra"] }}', {
      needsTarget: true,
      target: 'edge-${{ item }}',
      config: { at: '${{ target }}' },
    });
    const divided = nextSteps(onItem, fresh, 0).flatMap(carryOut).reduce(applyEvent, fresh);
    expect(nextSteps(onItem, divided, 0)).toMatchObject([
      { target: 'edge-ber', config: { at: 'edge-ber' } },
      { target: 'edge-fra', config: { at: 'edge-fra' } },
    ]);
    const matrix = planOf([
      { id: 'each', items: { matrix: { site: '${{ [parameters.site] }}', n: [1, 2] } }, config: { n: '${{ matrix.n }}' } },
    ]);
    const combined = nextSteps(matrix, fresh, 0).flatMap(carryOut).reduce(applyEvent, fresh);
    expect(nextSteps(matrix, combined, 0)).toMatchObject([
      { config: { n: 1 } },
      { config: { n: 2 }, part: { matrix: { site: 'ber', n: 2 } } },
    ]);
  });

  test('without any item it has completed with nothing', () => {
    expect(nextSteps(planFor([]), settled(planFor([]), fresh), 0)).toMatchObject([
      { do: 'finish', status: 'completed', result: { each: [] } },
    ]);
  });

  test.each<[string, Partial<PlannedStep>, string]>([
    ['a text', { items: { foreach: '${{ parameters.site }}' } }, 'steps.each.foreach: "ber" is no list; items come as a list'],
    ['too many', { items: { matrix: { a: numbers(101), b: numbers(100) } } }, 'steps.each.matrix: 10100 items; a step takes at most 10000'],
    [
      'too many by far',
      { items: { matrix: { a: numbers(10_000), b: numbers(10_000) } } },
      'steps.each.matrix: 100000000 items; a step takes at most 10000',
    ],
    [
      'no combination',
      { items: { matrix: { a: [1], include: ['b'] } } },
      'steps.each.matrix.include: "b" is no combination; write fields, e.g. { site: ber }',
    ],
    [
      'too large',
      { items: { foreach: ['x'.repeat(600_000)] } },
      'step each: its items have 600013 bytes together; a step takes at most 524288',
    ],
    [
      'several targets',
      { items: { foreach: [1] }, needsTarget: true, target: ['a', 'b'] },
      'steps.each.target: a step with items runs each of them on one target, and this run has several',
    ],
  ])('%s fails it in words', (_, over, message) => {
    expect(nextSteps(planOf([{ id: 'each', ...over }]), fresh, 0)).toMatchObject([
      { do: 'fail', key: 'each', error: { type: 'invalid_input', message } },
    ]);
  });

  test('names the items that failed', () => {
    const plan = planFor(['ber', 'fra', { site: 'muc' }]);
    const over = [failed(2), completed(0), failed(1)].reduce(applyEvent, settled(plan, fresh));
    expect(nextSteps(plan, over, 0)).toMatchObject([
      { do: 'fail', error: { message: '2 of 3 items failed: fra, {"site":"muc"}', details: { failed_items: ['fra', '{"site":"muc"}'] } } },
    ]);
  });

  test('begins from the end where its order is reversed', () => {
    const plan = planFor(numbers(3), { order: 'reverse', maxParallel: 1 });
    expect(statuses(having(plan))).toBe('open open running');
    expect(statuses(having(plan, completed(2)))).toBe('open running completed');
  });
});

describe('a failed item', () => {
  test('tried again by a person leaves the others as they are', () => {
    const plan = planFor(numbers(3), { onError: 'wait' });
    const waiting = having(plan, completed(0), failed(1, 'wait'), completed(2));
    expect(nextSteps(plan, waiting, 0)).toEqual([{ do: 'wait', for: 'intervention' }]);
    const retried = settled(plan, applyEvent(waiting, { type: 'step_retried', key: 'each' }));
    expect(statuses(retried)).toBe('completed running completed');
    expect(
      having(plan, completed(0), failed(1, 'wait'), completed(2), { type: 'step_retried', key: 'each[1]' }, completed(1)).steps.each,
    ).toMatchObject({
      status: 'completed',
    });
  });

  const three: Partial<PlannedStep> = { maxParallel: 2, fail: { mode: 'stop', tolerate: { count: 1 } } };

  test('is borne as often as its author says', () => {
    const plan = planFor(numbers(4), three);
    expect(having(plan, failed(0), completed(1), completed(2), completed(3)).steps.each).toMatchObject({ status: 'completed' });
    const percent = planFor(numbers(4), { fail: { mode: 'continue', tolerate: { percent: 50 } } });
    expect(having(percent, failed(0), failed(1), completed(2), completed(3)).steps.each).toMatchObject({ status: 'completed' });
    expect(having(percent, failed(0), failed(1), completed(2), failed(3)).steps.each).toMatchObject({
      status: 'failed',
      error: { message: '3 of 4 items failed (2 are tolerated): 0, 1, 3' },
    });
  });

  test('too many keeps the others from beginning, and lets end what is under way', () => {
    const plan = planFor(numbers(6), three);
    const stopped = having(plan, failed(0), failed(1));
    expect(statuses(stopped)).toBe('failed failed running skipped skipped skipped');
    expect(settled(plan, applyEvent(stopped, completed(2))).steps.each).toMatchObject({
      status: 'failed',
      error: { message: '2 of 6 items failed (1 are tolerated): 0, 1; 3 were not begun' },
    });
  });

  test('too many end what is under way too, once, where the author says abort', () => {
    const plan = planFor(numbers(4), { maxParallel: 2, onError: 'wait', fail: { mode: 'abort', tolerate: { count: 0 } } });
    const begun = having(plan);
    const bad = applyEvent(begun, failed(0));
    expect(nextSteps(plan, bad, 0)).toMatchObject([{ do: 'stop_parts', abort: true }]);
    const aborted = settled(plan, bad);
    expect(statuses(aborted)).toBe('failed running skipped skipped');
    expect(nextSteps(plan, aborted, 0)).toEqual([{ do: 'wait', for: 'steps' }]);
    const cancelled = applyEvent(aborted, { ...failed(1), error: { type: 'cancelled', message: 'cancelled' } } as RunEvent);
    expect(nextSteps(plan, cancelled, 0)).toMatchObject([{ do: 'fail', isFinal: true, error: { type: 'exit_code' } }]);
  });
});

test('of an aborted step none waits any more that was about to begin, nor for a person', () => {
  const plan = planFor(numbers(3), { fail: { mode: 'abort', tolerate: { count: 0 } } });
  const aborted = having(plan, failed(0));
  const hold = { kind: 'timer', since: 0, until: 1000 } as const;
  const late = [{ type: 'step_held', key: 'each[1]', hold } as const, failed(2, 'wait')].reduce(applyEvent, aborted);
  expect(statuses(late)).toBe('failed cancelled failed');
  expect(nextSteps(plan, late, 0)).toMatchObject([{ do: 'fail', key: 'each' }]);
});

describe('items in groups', () => {
  const plan = planFor(numbers(5), { batch: { size: { count: 2 }, pauseMs: 1000 } });

  test('begin when the group before has ended and the pause is over, with nothing held meanwhile', () => {
    const first = having(plan, completed(0));
    expect(statuses(first)).toBe('completed running open open open');
    const resting = nextSteps(plan, applyEvent(first, completed(1)), 5000)
      .flatMap(carryOut)
      .reduce(applyEvent, applyEvent(first, completed(1)));
    expect(resting.steps.each).toMatchObject({ rest: { before: 1, until: 6000 } });
    expect(nextSteps(plan, resting, 5999)).toEqual([{ do: 'wait', for: 'hold' }]);
    expect(nextMoment(resting)).toBe(6000);
    const going = settled(plan, resting, 6000);
    expect(statuses(going)).toBe('completed completed running running open');
    expect(nextMoment(going)).toBeNull();
  });

  test('rest to the end of the pause, though a person skips some of the group meanwhile', () => {
    const plan = planFor(numbers(6), { batch: { size: { count: 2 }, pauseMs: 1000 } });
    const skip = (n: number): RunEvent => ({ type: 'step_skipped', key: `each[${n}]`, reason: 'person' });
    for (const skipped of [[skip(2)], [skip(2), skip(3)], [skip(2), skip(3), skip(4)]]) {
      const resting = having(plan, completed(0), completed(1), ...skipped);
      expect([nextSteps(plan, resting, 999), nextMoment(resting)]).toEqual([[{ do: 'wait', for: 'hold' }], 1000]);
      // What is over rings no more.
      expect(nextMoment(settled(plan, resting, 1000))).not.toBe(1000);
    }
  });

  test('rest while the run is paused, and begin once it goes on', () => {
    const state = [completed(0), completed(1)].reduce(applyEvent, settled(plan, fresh));
    const paused = settled(plan, applyEvent(settled(plan, state), { type: 'paused' }), 2000);
    expect(statuses(paused)).toBe('completed completed open open open');
    expect(nextMoment(paused)).toBeNull();
    expect(statuses(settled(plan, applyEvent(paused, { type: 'resumed' }), 2000))).toBe('completed completed running running open');
  });

  test('of so many percent are of at least one', () => {
    const one = planFor(numbers(3), { batch: { size: { percent: 10 }, pauseMs: 0 } });
    expect(statuses(settled(one, fresh))).toBe('running open open');
    expect(statuses(having(one, completed(0)))).toBe('completed running open');
  });
});

describe('over random items', () => {
  const count = fc.record({ count: fc.integer({ min: 0, max: 4 }) });
  const percent = fc.record({ percent: fc.integer({ min: 0, max: 100 }) });
  const size = fc.oneof(fc.record({ count: fc.integer({ min: 1, max: 5 }) }), fc.record({ percent: fc.integer({ min: 1, max: 100 }) }));
  const anyStep = fc.record({
    total: fc.integer({ min: 0, max: 12 }),
    maxParallel: fc.integer({ min: 1, max: 4 }),
    order: fc.constantFrom('given' as const, 'reverse' as const),
    batch: fc.option(fc.record({ size, pauseMs: fc.constantFrom(0, 500) }), { nil: undefined }),
    fail: fc.option(
      fc.record({ mode: fc.constantFrom('continue' as const, 'stop' as const, 'abort' as const), tolerate: fc.oneof(count, percent) }),
      {
        nil: undefined,
      },
    ),
    onError: fc.constantFrom('fail' as const, 'fail' as const, 'wait' as const),
  });
  const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 30 });
  type Drawn = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

  interface Played {
    readonly begun: readonly number[];
    readonly state: RunState;
    readonly end: string;
    readonly most: number;
  }

  const atWorkIn = (state: RunState): readonly number[] =>
    (state.steps.each?.parts ?? []).flatMap((part, n) => (part.state?.status === 'running' ? [n] : []));

  /** What happens next to a run that waits: an item ends, a person tries again, or a moment comes. */
  function happened(state: RunState, now: number, choice: number, onError: 'fail' | 'wait' | null): readonly [RunState, number] {
    const atWork = atWorkIn(state);
    const n = atWork[choice % Math.max(1, atWork.length)];
    if (n !== undefined)
      return [
        applyEvent(state, onError !== null && choice % 3 === 0 ? failed(n, onError === 'wait' ? 'wait' : 'tolerate') : completed(n)),
        now,
      ];
    const retried = applyEvent(state, { type: 'step_retried', key: 'each' });
    const moment = nextMoment(state);
    return moment === null ? [retried, now] : [state, moment];
  }

  /** Plays a step to its end; with `cuts` the state is written out and read again after every event. */
  function playItems({ total, batch, fail, onError, ...over }: Drawn, drawn: readonly number[], cuts: boolean): Played {
    const plan = planFor(numbers(total), { ...over, onError, ...(batch && { batch }), ...(fail && { fail }) });
    const begun: number[] = [];
    let state = fresh;
    let now = 0;
    let most = 0;
    for (let turn = 0; turn < 400; turn += 1) {
      const decisions: readonly Decision[] = nextSteps(plan, state, now);
      const last = decisions.at(-1);
      if (last?.do === 'finish') return { begun, state, end: last.status, most };
      begun.push(...decisions.flatMap((decision) => (decision.do === 'start' ? [partOf(decision.key)?.n ?? -1] : [])));
      state = decisions.flatMap(carryOut).reduce(applyEvent, state);
      if (cuts) state = JSON.parse(JSON.stringify(state));
      most = Math.max(most, atWorkIn(state).length);
      if (last?.do === 'wait') [state, now] = happened(state, now, drawn[turn % drawn.length] ?? 0, turn < 100 ? onError : null);
    }
    return { begun, state, end: 'never', most };
  }

  test('every step ends, with every item begun once at most, in its order, and no more at a time than may be', () => {
    fc.assert(
      fc.property(anyStep, choices, (step, drawn) => {
        const { begun, end, most } = playItems({ ...step, onError: 'fail' }, drawn, false);
        expect(['completed', 'failed']).toContain(end);
        expect(new Set(begun).size).toBe(begun.length);
        expect(most).toBeLessThanOrEqual(step.maxParallel);
        const inOrder = begun.toSorted((a, b) => (step.order === 'reverse' ? b - a : a - b));
        expect(begun).toEqual(inOrder);
      }),
    );
  });

  test('a step has completed exactly when no more items failed than it bears, and begins none after one too many', () => {
    fc.assert(
      fc.property(anyStep, choices, (step, drawn) => {
        const { state, end, begun } = playItems(step, drawn, false);
        const ends = state.steps.each?.parts?.map((part) => part.state?.status) ?? [];
        const bad = ends.filter((status) => status === 'failed').length;
        const tolerate = step.fail?.tolerate ?? { count: 0 };
        const most = 'count' in tolerate ? tolerate.count : Math.floor((step.total * tolerate.percent) / 100);
        expect(end).toBe(bad > most ? 'failed' : 'completed');
        expect(ends.every((status) => status === 'completed' || status === 'failed' || status === 'skipped')).toBe(true);
        if (step.fail === undefined || step.fail.mode === 'continue') expect(new Set(begun).size).toBe(step.total);
      }),
    );
  });

  test('a run cut at any moment and gone on with from its JSON does the same', () => {
    fc.assert(
      fc.property(anyStep, choices, (step, drawn) => {
        expect(playItems(step, drawn, true)).toEqual(playItems(step, drawn, false));
      }),
    );
  });
});
