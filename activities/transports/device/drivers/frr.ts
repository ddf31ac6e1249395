import type { Driver } from '../driver.ts';
import { atOnce, stairs } from './cisco.ts';

/** It says everything it has against a line after a percent sign, and this, which is an answer. */
const FAILURES = [/^% ?(?!Network not in table|Warning|Note)\S/, /^Error type: /];

const vty: Driver = {
  title: 'FRRouting, a daemon by its vty',
  modes: stairs('[\\w.-]{1,63}'),
  open: ['terminal length 0'],
  failures: FAILURES,
  configuring: atOnce({ send: 'write memory' }),
  exit: 'exit',
};

/** Command lines of FRRouting; `vtysh` speaks for all its daemons and needs no enable secret. */
export const frr = {
  frr_vty: vty,
  frr_vtysh: { ...vty, title: 'FRRouting, vtysh', open: ['terminal length 0', 'no terminal paginate'] },
} as const satisfies { readonly [name: string]: Driver };
