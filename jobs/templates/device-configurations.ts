import type { JobTemplate } from './template.ts';

/** Asks each device for its running configuration and keeps the whole text in the log of its part, to be read and downloaded. */
export const deviceConfigurations: JobTemplate = {
  name: 'device-configurations',
  title: 'Configurations of network devices',
  description: 'Asks each device for its running configuration and keeps the whole text in the log of its part, to be read and downloaded.',
  source: `name: device-configurations
title: Configurations of network devices
category: templates
parameters:
  devices: { type: array, items: { type: string }, minItems: 1, title: Devices }
steps:
  - id: show
    name: Ask for the running configuration
    type: device.command
    target: \${{ parameters.devices }}
    max_parallel: 20
    # Outputs hold the end of what a device says, logs the whole of it.
    config: { enable: true, commands: [show running-config] }
    outputs: { end: '\${{ result.commands[0].output }}' }
outputs:
  devices: \${{ size(steps.show.outputs) }}
`,
};
