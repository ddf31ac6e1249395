import type { JobTemplate } from './template.ts';

/** Runs one command on each host of a list, some at a time, and says how many it ran on. */
export const runCommand: JobTemplate = {
  name: 'run-command',
  title: 'A command on several hosts',
  description: 'Runs one command on each host of a list, some at a time, and says how many it ran on.',
  source: `name: run-command
title: A command on several hosts
category: templates
parameters:
  hosts: { type: array, items: { type: string }, minItems: 1, title: Hosts, description: Names of targets }
  command: { type: string, default: uptime, title: Command }
steps:
  - id: run
    type: ssh.exec
    target: \${{ parameters.hosts }}
    max_parallel: 10
    # A value travels as a variable: it is never pasted into a command.
    config:
      command: eval "$COMMAND"
      environment: { COMMAND: '\${{ parameters.command }}' }
    outputs: { said: '\${{ result.stdout }}' }
outputs:
  hosts: \${{ size(steps.run.outputs) }}
`,
};
