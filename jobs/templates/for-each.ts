import type { JobTemplate } from './template.ts';

/** Carries a command out once for each item, bears a tenth of them failing, and sums up. */
export const forEach: JobTemplate = {
  name: 'for-each',
  title: 'Something for each of a list',
  description: 'Carries a command out once for each item, bears a tenth of them failing, and sums up.',
  source: `name: for-each
title: Something for each of a list
category: templates
parameters:
  items: { type: array, items: { type: string }, minItems: 1, title: Items }
  command: { type: string, title: Command, default: 'echo "$ITEM"' }
steps:
  - id: each
    type: local.exec
    foreach: \${{ parameters.items }}
    max_parallel: 5
    fail: { tolerate: 10% }
    config:
      command: eval "$COMMAND"
      environment: { COMMAND: '\${{ parameters.command }}', ITEM: '\${{ item }}', NUMBER: '\${{ string(index) }}' }
    outputs: { said: '\${{ result.stdout }}' }
  - id: sum
    name: Sum up
    type: local.exec
    config:
      command: printf '%s' "$ALL" | wc -l
      environment: { ALL: "\${{ steps.each.outputs.map(o, o.said).join('') }}" }
    outputs: { lines: '\${{ result.stdout.trim() }}' }
outputs:
  lines: \${{ steps.sum.outputs.lines }}
`,
};
