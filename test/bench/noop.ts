import { defineStep } from '#jobs/step.ts';

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

/** What it does. */
export const runNoop = async (): Promise<object> => ({});
