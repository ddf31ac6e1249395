import type { JobTemplate } from './template.ts';

/** Shows what is there, waits until another person has approved with a ticket, and then makes the change. */
export const approvedChange: JobTemplate = {
  name: 'approved-change',
  title: 'A change that somebody approves',
  description: 'Shows what is there, waits until another person has approved with a ticket, and then makes the change.',
  source: `name: approved-change
title: A change that somebody approves
category: templates
parameters:
  host: { type: string, title: Host }
  look: { type: string, title: Command that shows what is there, default: uptime }
  change: { type: string, title: Command that changes it }
steps:
  - id: look
    type: ssh.exec
    target: \${{ parameters.host }}
    config:
      command: eval "$LOOK"
      environment: { LOOK: '\${{ parameters.look }}' }
    outputs: { found: '\${{ result.stdout }}' }
  - id: approve
    type: approval
    config:
      message: |
        Change \${{ parameters.host }}? It says now:
        \${{ steps.look.outputs.found }}
      form:
        type: object
        required: [ticket]
        properties: { ticket: { type: string, title: Ticket, minLength: 1 } }
      timeout: 8h
      on_timeout: fail
  - id: change
    type: ssh.exec
    target: \${{ parameters.host }}
    config:
      command: eval "$CHANGE"
      environment: { CHANGE: '\${{ parameters.change }}', TICKET: '\${{ steps.approve.outputs.form.ticket }}' }
    outputs: { said: '\${{ result.stdout }}' }
outputs:
  ticket: \${{ steps.approve.outputs.form.ticket }}
  said: \${{ steps.change.outputs.said }}
`,
};
