import { applyEvent, initialState, type RunState } from '#jobs/apply-event.ts';
import { type SliceTold, slicesOf } from '#jobs/items/slices.ts';
import { LIMITS } from '#jobs/limits.ts';
import { nextMoment } from '#jobs/next-moment.ts';
import { nextSteps } from '#jobs/next-steps.ts';
import { type Part, partKey } from '#jobs/parts.ts';
import type { PlannedStep } from '#jobs/plan.ts';
import { summarize } from '#jobs/summarize.ts';
import { planOf } from '../generators/plans.ts';
import { carryOut } from '../generators/play.ts';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';

const GOAL_MS = 1;
const ITEMS = LIMITS.foreachItems;
const FACTS = { run: 'r', job: 'a-job', started_at: '2026-11-22T00:00:00.000Z', parameters: {}, target: null };

/** What one event costs a run whose step goes through as many items as a step may have: the event applied, what is next, when, and the run's row. */
export async function measureDecisions(rounds: number): Promise<readonly Finding[]> {
  const plain: Partial<PlannedStep> = { maxParallel: 50, config: { at: '${{ item }}' } };
  const grouped: Partial<PlannedStep> = {
    ...plain,
    order: 'reverse',
    batch: { size: { percent: 50 }, pauseMs: 0 },
    fail: { mode: 'stop', tolerate: { percent: 5 } },
  };
  return [
    finding(`${ITEMS} items in one workflow: an event and what follows`, ofItems(plain, rounds)),
    finding(`${ITEMS} items in groups with tolerance: an event and what follows`, ofItems(grouped, rounds)),
    finding(`${ITEMS} items in slices: a report and what follows`, ofSlices(plain, rounds)),
  ];
}

const parts: readonly Part[] = Array.from({ length: ITEMS }, (_, n) => ({ item: `edge-${n}` }));

/** Milliseconds of each event while half of all items have ended. */
function ofItems(over: Partial<PlannedStep>, rounds: number): readonly number[] {
  const plan = planOf([{ id: 'each', items: { foreach: [] }, ...over }]);
  let state = applyEvent(initialState(FACTS), { type: 'step_expanded', key: 'each', parts });
  const at = (place: number) => partKey('each', over.order === 'reverse' ? ITEMS - 1 - place : place);
  const taken: number[] = [];
  for (let place = 0; place < ITEMS / 2 + rounds; place += 1) {
    if (place < 1) state = decided(plan, state);
    const before = performance.now();
    state = decided(plan, applyEvent(state, { type: 'step_completed', key: at(place), outputs: {} }));
    if (place >= ITEMS / 2) taken.push(performance.now() - before);
  }
  return taken;
}

function ofSlices(over: Partial<PlannedStep>, rounds: number): readonly number[] {
  const plan = planOf([{ id: 'each', items: { foreach: [] }, ...over }]);
  const slices = slicesOf(planOf([{ id: 'each' }]).steps[0] as PlannedStep, ITEMS);
  let state = decided(plan, applyEvent(initialState(FACTS), { type: 'step_expanded', key: 'each', parts, slices }));
  const told: SliceTold = { atWork: 10, over: 100, completed: 90, failed: 10, waiting: [], failedParts: [1], errors: ['exit_code'] };
  return Array.from({ length: rounds }, (_, n) => {
    const before = performance.now();
    state = decided(
      plan,
      applyEvent(state, { type: 'slice_told', key: 'each', slice: 0, told: { ...told, over: 100 + (n % 50) }, isOver: false }),
    );
    return performance.now() - before;
  });
}

function decided(plan: Parameters<typeof nextSteps>[0], state: RunState): RunState {
  const next = nextSteps(plan, state, 0).flatMap(carryOut).reduce(applyEvent, state);
  nextMoment(next);
  summarize(next, plan);
  return next;
}

function finding(what: string, ms: readonly number[]): Finding {
  const taken = spread(ms);
  return {
    what,
    unit: 'ms',
    capstan: taken,
    against: null,
    verdict: `${taken.median} ms`,
    goal: { words: `≤ ${GOAL_MS} ms`, met: taken.median <= GOAL_MS },
  };
}
