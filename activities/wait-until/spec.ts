import { defineWorkflowStep } from '#jobs/step.ts';

/** Waits until a moment, or until the clocks of a time zone show a time, without holding a worker. */
export const waitUntil = defineWorkflowStep({
  type: 'wait.until',
  title: 'Wait until a moment',
  config: {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['at'] }, { required: ['local'] }],
    properties: {
      at: {
        type: 'string',
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$',
        'x-expected': 'a moment with its offset; write 2027-01-31T22:00:00Z or 2027-01-31T23:00:00+01:00',
        title: 'Moment',
        description: 'With its offset; this or `local`. One that is past is over at once.',
      },
      local: {
        type: 'string',
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$',
        'x-expected': 'a time on the wall; write 2027-01-31T23:00',
        title: 'Time on the wall',
        description:
          'Of the time zone. One that is left out in spring comes as much later, and of one that comes twice in autumn the first is meant.',
      },
      timezone: {
        type: 'string',
        minLength: 1,
        maxLength: 100,
        title: 'Time zone',
        description: 'Whose clock `local` is on; the job’s when absent, else UTC.',
      },
    },
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
  examples: [
    { title: 'a moment that is past', config: { at: '2026-01-31T22:00:00Z' } },
    { title: 'a time on the wall', config: { local: '2026-03-29T02:30', timezone: 'Europe/Berlin' } },
  ],
});
