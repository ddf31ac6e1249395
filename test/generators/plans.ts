import fc from 'fast-check';
import type { Plan, PlannedStep } from '#jobs/plan.ts';

const base: Omit<PlannedStep, 'id' | 'number' | 'name' | 'needs'> = {
  type: 'local.exec',
  if: null,
  enabled: true,
  queue: 'local',
  effect: 'at-least-once',
  needsTarget: false,
  target: null,
  config: {},
  code: [],
  outputs: {},
  secrets: {},
  timeoutMs: 60_000,
  retry: { attempts: 1, delayMs: 1000, backoff: 2, maxDelayMs: 60_000, on: [] },
  inline: false,
  continueOnFailure: false,
  onError: 'fail',
  priority: null,
};

/** A step of a plan for tests: everything at its plainest but what the test is about. */
export const plannedStep = (id: string, number: number, over: Partial<PlannedStep> = {}): PlannedStep => ({
  ...base,
  id,
  number,
  name: id,
  needs: [],
  ...over,
});

/** A plan of these steps, in this order. */
export const planOf = (steps: readonly (Partial<PlannedStep> & { readonly id: string })[], over: Partial<Plan> = {}): Plan => ({
  job: 'a-job',
  timeoutMs: null,
  timezone: null,
  priority: 5,
  outputs: {},
  ...over,
  steps: steps.map((step, index) => plannedStep(step.id, index + 1, step)),
});

/** Plans over random graphs: each step may need any earlier one; some are conditional, disabled, tolerated, wait for a person or run on several targets, few at a time. */
export const anyPlan: fc.Arbitrary<Plan> = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const steps = Array.from({ length: size }, (_, index) =>
    fc.record({
      id: fc.constant(`s${index}`),
      needs: fc.subarray(Array.from({ length: index }, (_, earlier) => `s${earlier}`)),
      if: fc.constantFrom(null, null, null, 'true', 'false'),
      enabled: fc.constantFrom(true, true, true, false),
      continueOnFailure: fc.boolean(),
      onError: fc.constantFrom('fail' as const, 'fail' as const, 'wait' as const),
      needsTarget: fc.constant(true),
      target: fc.constantFrom('core', 'core', [], ['edge-1'], ['edge-1', 'edge-2', 'edge-3', 'edge-4']),
      maxParallel: fc.constantFrom(null, 1, 2),
    }),
  );
  return fc.tuple(...steps).map((drawn) => planOf(drawn));
});
