import { duration } from '#jobs/schema-words.ts';
import { defineWorkflowStep } from '#jobs/step.ts';

/** Waits a while, without holding a worker. */
export const waitDuration = defineWorkflowStep({
  type: 'wait.duration',
  title: 'Wait a while',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['duration'],
    properties: { duration: { ...duration, title: 'How long', description: 'From when the step begins.' } },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['since', 'until', 'waited_ms'],
    properties: {
      since: { type: 'string', description: 'ISO 8601, UTC' },
      until: { type: 'string', description: 'ISO 8601, UTC' },
      waited_ms: { type: 'integer' },
    },
  },
  examples: [{ title: 'a moment', config: { duration: '50ms' } }],
});
