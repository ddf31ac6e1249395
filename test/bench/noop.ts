import { localExec } from '#activities/local-exec/spec.ts';
import { defineStep, type StepSpec } from '#jobs/step.ts';

/** A step that does nothing, so that what is measured is everything around it. */
export const NOOP = defineStep({
  type: 'bench.noop',
  title: 'Nothing',
  effect: 'idempotent',
  queue: 'local',
  defaults: { timeout: '10s', retry: { attempts: 1 } },
  config: { type: 'object', additionalProperties: false, properties: {} },
  result: { type: 'object', additionalProperties: false, properties: {} },
  examples: [],
});

/** A type that the API knows, for jobs started through it. */
export const KNOWN: StepSpec = localExec;

let reached: (at: number) => void = () => undefined;

/** Resolves with the time at which the next step's own code begins. */
export const nextStepCode = (): Promise<number> =>
  new Promise((resolve) => {
    reached = resolve;
  });

/** What every step of a benchmark does. */
export const runNoop = async (): Promise<object> => {
  reached(performance.now());
  return {};
};
