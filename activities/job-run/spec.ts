import { duration, name } from '#jobs/schema-words.ts';
import { defineWorkflowStep } from '#jobs/step.ts';
import { JOB_RUN } from '#jobs/sub-jobs.ts';

/** Runs another job, by default to its end, without holding a worker meanwhile. */
export const jobRun = defineWorkflowStep({
  type: JOB_RUN,
  title: 'Run another job',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['job'],
    properties: {
      job: {
        ...name,
        title: 'Job',
        description: 'Its name; no expression, since which version runs is settled when this run is accepted.',
      },
      version: { type: 'integer', minimum: 1, title: 'Version', description: 'The current one when absent.' },
      tag: { ...name, title: 'Tag', description: 'Or the version that this tag stands for.' },
      parameters: { type: 'object', default: {}, title: 'Parameters', description: 'Of that job; they may hold expressions.' },
      wait: {
        type: 'boolean',
        default: true,
        title: 'Wait for its end',
        description: 'Without, the step has completed once the run is accepted.',
      },
      timeout: { ...duration, title: 'Time limit', description: 'How long the end is waited for; as long as the run lasts when absent.' },
      on_cancel: {
        enum: ['cancel', 'leave'],
        default: 'cancel',
        title: 'When this run is cancelled',
        description: 'What becomes of the run that is waited for, also when its step is skipped or its time is out.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['run', 'number', 'job', 'status', 'outputs'],
    properties: {
      run: { type: 'string', description: 'The id of the run' },
      number: { type: 'integer' },
      job: { type: 'string' },
      status: { type: 'string', description: 'completed; queued where the end is not waited for' },
      outputs: { description: 'What that run came to' },
    },
  },
  examples: [
    { title: 'a job that is not there', config: { job: 'no-such-job' }, fails: 'invalid_input' },
    {
      title: 'a version of it that is not there',
      config: { job: 'no-such-job', version: 3, parameters: { site: 'ber' } },
      fails: 'invalid_input',
    },
  ],
});
