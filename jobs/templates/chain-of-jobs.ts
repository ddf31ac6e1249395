import type { JobTemplate } from './template.ts';

/** Runs a job, waits for its end, and goes on with what it came to. */
export const chainOfJobs: JobTemplate = {
  name: 'chain-of-jobs',
  title: 'One job after another',
  description: 'Runs a job, waits for its end, and goes on with what it came to.',
  source: `name: chain-of-jobs
title: One job after another
category: templates
parameters:
  urls: { type: array, items: { type: string }, minItems: 1, title: Addresses }
steps:
  - id: check
    name: Check the services first
    type: job.run
    config:
      # Another template; write the name of the job that is to run.
      job: http-health-check
      parameters: { urls: '\${{ parameters.urls }}' }
    outputs: { healthy: '\${{ result.outputs.healthy }}', number: '\${{ result.number }}' }
  - id: report
    type: local.exec
    config:
      command: echo "$HEALTHY of them are healthy"
      environment: { HEALTHY: '\${{ string(steps.check.outputs.healthy) }}' }
    outputs: { said: '\${{ result.stdout }}' }
outputs:
  said: \${{ steps.report.outputs.said }}
`,
};
