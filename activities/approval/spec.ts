import { ON_EXPIRY } from '#jobs/holds/approval.ts';
import { duration } from '#jobs/schema-words.ts';
import { defineWorkflowStep } from '#jobs/step.ts';

const people = {
  type: 'array',
  maxItems: 50,
  uniqueItems: true,
  items: { type: 'string', minLength: 1, maxLength: 200 },
} as const;

/** Asks people whether the run may go on, and waits for their answer without holding a worker. */
export const approval = defineWorkflowStep({
  type: 'approval',
  title: 'Ask for approval',
  config: {
    type: 'object',
    additionalProperties: false,
    properties: {
      message: { type: 'string', maxLength: 4000, title: 'Message', description: 'What is asked, for whoever decides.' },
      form: {
        type: 'object',
        title: 'Form',
        description: 'What an approval must fill in: the schema of an object, in the dialect of parameters. Nothing is filled in here.',
      },
      approvers: {
        ...people,
        title: 'Approvers',
        description: 'Users or groups by name, or role:operator, role:admin; whoever may steer runs when absent.',
      },
      count: { type: 'integer', minimum: 1, maximum: 20, default: 1, title: 'Approvals needed', description: 'One rejection ends it.' },
      timeout: { ...duration, title: 'Time limit', description: 'How long it is waited; as long as the run lasts when absent.' },
      on_timeout: {
        enum: ON_EXPIRY,
        default: 'fail',
        title: 'When nobody answers',
        description: 'What running out of time means; a step that is skipped lets those that need it go on.',
      },
      reminder: { ...duration, title: 'Remind every', description: 'How often those who are asked are reminded.' },
      escalation: {
        type: 'array',
        maxItems: 10,
        title: 'Escalation',
        description: 'Who else is asked, and after how long.',
        items: { type: 'object', additionalProperties: false, required: ['after', 'to'], properties: { after: duration, to: people } },
      },
      allow_self: {
        type: 'boolean',
        default: false,
        title: 'Own runs',
        description: 'Whether whoever started the run, or wrote the version it runs, may answer.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['decision', 'expired', 'form', 'answers'],
    properties: {
      decision: { enum: ['approved'], description: 'A rejection fails the step.' },
      expired: { type: 'boolean', description: 'Nobody answered in time, and that counts as approval here' },
      form: { type: 'object', description: 'What the last who approved filled in' },
      answers: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            actor: { type: 'string' },
            decision: { type: 'string' },
            comment: { type: ['string', 'null'] },
            form: { type: ['object', 'null'] },
            at: { type: 'string', description: 'ISO 8601, UTC' },
          },
        },
      },
    },
  },
  examples: [
    {
      title: 'a group decides, and is reminded',
      config: {
        message: 'Reload the edge routers of ${{ run.job }}?',
        approvers: ['netops'],
        timeout: '8h',
        reminder: '1h',
        escalation: [{ after: '4h', to: ['role:admin'] }],
      },
    },
    {
      title: 'two approvals, each with a ticket number',
      config: {
        count: 2,
        form: { type: 'object', required: ['ticket'], properties: { ticket: { type: 'string', pattern: '^CHG[0-9]+$', title: 'Ticket' } } },
      },
    },
    {
      title: 'silence is consent',
      config: { message: 'Objections?', timeout: '100ms', on_timeout: 'approve' },
      expect: { decision: 'approved', expired: true, answers: [] },
    },
    { title: 'nobody answers, and the step fails', config: { timeout: '100ms' }, fails: 'timeout' },
  ],
});
