import { duration, name } from '#jobs/schema-words.ts';
import { defineWorkflowStep } from '#jobs/step.ts';

/** Waits until someone sends the run a signal, without holding a worker; one that came before is taken. */
export const waitSignal = defineWorkflowStep({
  type: 'wait.signal',
  title: 'Wait for a signal',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { ...name, title: 'Name', description: 'Of the signal; sent with POST /runs/{id}/signals/{name}.' },
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
    required: ['received', 'data', 'sent_by', 'at'],
    properties: {
      received: { type: 'boolean' },
      data: { description: 'What came with it' },
      sent_by: { type: ['string', 'null'] },
      at: { type: ['string', 'null'], description: 'ISO 8601, UTC' },
    },
  },
  examples: [
    {
      title: 'go on without',
      config: { name: 'go', timeout: '100ms', on_timeout: 'continue' },
      expect: { received: false, data: null },
    },
    { title: 'none comes, and the step fails', config: { name: 'go', timeout: '100ms' }, fails: 'timeout' },
  ],
});
