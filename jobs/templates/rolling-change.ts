import type { JobTemplate } from './template.ts';

/** Changes hosts in groups with a pause between them, and begins no further group once a host has failed. */
export const rollingChange: JobTemplate = {
  name: 'rolling-change',
  title: 'A rolling change',
  description: 'Changes hosts in groups with a pause between them, and begins no further group once a host has failed.',
  source: `name: rolling-change
title: A rolling change
category: templates
parameters:
  hosts: { type: array, items: { type: string }, minItems: 1, title: Hosts }
  change: { type: string, title: Command that changes a host }
  check: { type: string, title: Command that proves it, default: 'true' }
steps:
  - id: change
    type: ssh.exec
    target: \${{ parameters.hosts }}
    batch: { size: 25%, pause: 1s }
    fail: { mode: stop, tolerate: 0 }
    config:
      command: eval "$CHANGE" && eval "$CHECK"
      environment: { CHANGE: '\${{ parameters.change }}', CHECK: '\${{ parameters.check }}' }
    outputs: { said: '\${{ result.stdout }}' }
outputs:
  changed: \${{ size(steps.change.outputs) }}
`,
};
