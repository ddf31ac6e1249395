import type { Driver } from '../driver.ts';
import { atOnce, stairs } from './cisco.ts';

const eos: Driver = {
  title: 'Arista EOS',
  modes: [
    { name: 'shell', prompt: /^\[(?<host>[\w.@()/: -]{1,63})~\]\$ ?$/ },
    ...stairs('[\\w.@()/: -]{1,63}', { inside: 'config[\\w.@/:+-]{0,63}' }),
  ],
  open: ['terminal width 32767', 'terminal length 0'],
  failures: [
    /^% ?Ambiguous command/,
    /^% ?Error/,
    /^% ?Incomplete command/,
    /^% ?Invalid input/,
    /^% ?Cannot commit/,
    /^% ?Unavailable command/,
    /^% ?Duplicate sequence number/,
  ],
  configuring: atOnce({ send: 'write memory' }),
  exit: 'exit',
};

const aoscx: Driver = {
  title: 'Aruba AOS-CX',
  modes: stairs('[\\w.@/:-]{1,63}', { inside: 'config[\\w.@/:-]{0,63}' }),
  open: ['no page'],
  failures: [/^Invalid input:/, /^% ?Command incomplete/, /^Ambiguous command/, /^[^\n]{0,80}doesn't exist/],
  configuring: atOnce({ send: 'write memory' }),
  exit: 'exit',
};

const procurve: Driver = {
  title: 'HP ProCurve and Aruba OS-Switch',
  modes: stairs('[\\w. -]{1,63}', { inside: '[\\w./,-]{1,63}' }),
  open: ['terminal width 511', 'no page'],
  wake: [{ when: /Press any key to continue *$/i, send: ' ' }],
  failures: [/^Invalid input:/, /^Ambiguous input:/, /^Incomplete input:/, /^Unknown command/],
  configuring: atOnce({ send: 'write memory' }),
  exit: 'exit',
};

const os10: Driver = {
  title: 'Dell OS10 and OS6',
  modes: stairs('[\\w.@/:-]{1,63}'),
  open: ['terminal length 0'],
  failures: [
    /^% ?Invalid input detected/,
    /^% ?Error:/,
    /^Command not found/,
    /^Incomplete command/,
    /^An invalid interface has been used/,
  ],
  configuring: atOnce({ send: 'write memory', answers: [{ when: /\(y\/n\) ?$/i, send: 'y' }] }),
  exit: 'exit',
};

/** Command lines of others that climb from `>` by `enable` to `#` as Cisco's do. */
export const likeCisco = { arista_eos: eos, aruba_aoscx: aoscx, hp_procurve: procurve, dell_os10: os10 } as const;
