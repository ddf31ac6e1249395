import type { JobTemplate } from './template.ts';

/** Removes files of a directory that nobody changed for some days, on each host of a list, and names each in the log. */
export const nightlyCleanup: JobTemplate = {
  name: 'nightly-cleanup',
  title: 'Old files cleared away',
  description: 'Removes files of a directory that nobody changed for some days, on each host of a list, and names each in the log.',
  source: `name: nightly-cleanup
title: Old files cleared away
category: templates
parameters:
  hosts: { type: array, items: { type: string }, minItems: 1, title: Hosts }
  directory: { type: string, title: Directory, pattern: '^(/[^/.][^/]*){2,}$', description: At least two levels below the root }
  days: { type: integer, minimum: 1, default: 30, title: Older than days }
steps:
  - id: clear
    type: ssh.exec
    target: \${{ parameters.hosts }}
    config:
      # Only files, only there, and each is named in the log.
      command: find "$DIRECTORY" -xdev -type f -mtime "+$DAYS" -print -delete
      environment: { DIRECTORY: '\${{ parameters.directory }}', DAYS: '\${{ string(parameters.days) }}' }
      effect: idempotent
    outputs: { removed: '\${{ result.stdout }}' }
outputs:
  removed: \${{ steps.clear.outputs.map(o, o.removed) }}
`,
};
