import { duration } from '#jobs/schema-words.ts';
import { defineWorkflowStep } from '#jobs/step.ts';

/** Waits until something is posted to an address of the step's own, without holding a worker; a call that came before is taken. */
export const waitWebhook = defineWorkflowStep({
  type: 'wait.webhook',
  title: 'Wait for a call from outside',
  config: {
    type: 'object',
    additionalProperties: false,
    properties: {
      schema: {
        type: 'object',
        title: 'Schema',
        description: 'What the body must fit: a JSON Schema in the dialect of parameters; any body when absent. Nothing is filled in here.',
      },
      timeout: { ...duration, title: 'Time limit', description: 'How long it is waited; as long as the run lasts when absent.' },
      on_timeout: {
        enum: ['fail', 'skip', 'continue'],
        default: 'fail',
        title: 'When none comes',
        description: 'What running out of time means; `continue` completes the step with `received: false`.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['received', 'body', 'at'],
    properties: {
      received: { type: 'boolean' },
      body: { description: 'What was posted' },
      at: { type: ['string', 'null'], description: 'ISO 8601, UTC' },
    },
  },
  examples: [
    {
      title: 'go on without',
      config: {
        schema: { type: 'object', required: ['state'], properties: { state: { type: 'string', enum: ['ok', 'failed'] } } },
        timeout: '100ms',
        on_timeout: 'continue',
      },
      expect: { received: false, body: null },
    },
    { title: 'none comes, and the step is skipped', config: { timeout: '100ms', on_timeout: 'skip' } },
  ],
});
