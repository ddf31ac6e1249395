import type { JobTemplate } from './template.ts';

/** Asks each address until it answers with 200, a few times, and fails naming those that do not. */
export const httpHealthCheck: JobTemplate = {
  name: 'http-health-check',
  title: 'Health of services by HTTP',
  description: 'Asks each address until it answers with 200, a few times, and fails naming those that do not.',
  source: `name: http-health-check
title: Health of services by HTTP
category: templates
parameters:
  urls: { type: array, items: { type: string }, minItems: 1, title: Addresses }
steps:
  - id: ask
    type: http.request
    foreach: \${{ parameters.urls }}
    max_parallel: 5
    config: { url: '\${{ item }}', expect: { status: [200] } }
    timeout: 10s
    retry: { attempts: 3, delay: 1s, on: [connection, timeout, assertion] }
    outputs: { status: '\${{ result.status }}' }
outputs:
  healthy: \${{ size(steps.ask.outputs) }}
`,
};
