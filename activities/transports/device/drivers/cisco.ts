import type { Driver, Instruction, Mode } from '../driver.ts';

const REFUSED = [/^% ?Access denied/, /^% ?Bad (?:secrets|passwords?|enable passwords?)/, /^% ?Error in authentication/];

/** Prompts `host>`, `host#` and `host(config…)#`, as many platforms have them; `enable` asks for a password. */
export const stairs = (host: string, { inside = '[\\w.@/:+-]{0,63}', after = '' } = {}): readonly Mode[] => [
  {
    name: 'config',
    prompt: new RegExp(`^(?<host>${host})${after}\\(${inside}\\)# ?$`),
    enter: { from: 'enable', send: 'configure terminal' },
  },
  {
    name: 'enable',
    prompt: new RegExp(`^(?<host>${host})${after}# ?$`),
    enter: { from: 'exec', send: 'enable', secret: /^(?:enable )?password: ?$/i, username: /^user(?:name)?: ?$/i, refused: REFUSED },
  },
  { name: 'exec', prompt: new RegExp(`^(?<host>${host})${after}> ?$`) },
];

const END: readonly Instruction[] = [{ send: 'end' }];

/** Lines that take effect at once and are left by `end`, made permanent by `save`. */
export const atOnce = (...save: readonly Instruction[]) => ({ inMode: true, leave: END, save });

const NAME = '[\\w.@/:-]{1,63}';
const REFUSALS = [/^% ?Ambiguous command/, /^% ?Incomplete command/, /^% ?Invalid input detected/, /^% ?Unknown command/];

const iosxe: Driver = {
  title: 'Cisco IOS and IOS-XE',
  modes: [{ name: 'shell', prompt: /^(?<host>[\w.@/:+-]{1,63})\(tcl\)[>#] ?$/ }, ...stairs(NAME)],
  open: ['terminal width 511', 'terminal length 0'],
  failures: [...REFUSALS, /^Command authorization failed/, /^% ?Bad (?:IP address|mask)/, /^% ?Unrecognized/],
  configuring: atOnce({ send: 'write memory', answers: [{ when: /\[confirm\] ?$/, send: '' }] }),
  exit: 'exit',
};

const nxos: Driver = {
  title: 'Cisco NX-OS',
  modes: [
    { name: 'shell', prompt: /^(?<host>[\w.-]{1,63})(?:\(maint-mode)?(?:-tcl\)?|\(config-tcl\))# ?$/ },
    ...stairs('[\\w.-]{1,63}', { inside: 'conf[\\w.@/:+-]{0,60}', after: '(?:\\(maint-mode\\))?' }),
  ],
  open: ['terminal width 511', 'terminal length 0'],
  failures: [...REFUSALS, /^% ?Invalid (?:command at|parameter|number at|range at)/, /^% ?Permission denied/],
  configuring: atOnce({ send: 'copy running-config startup-config' }),
  exit: 'exit',
};

const iosxr: Driver = {
  title: 'Cisco IOS-XR',
  modes: [
    {
      name: 'config',
      prompt: /^(?<host>[\w.@/:-]{1,63})\(config[\w.@/:-]{0,63}\)# ?$/,
      enter: { from: 'enable', send: 'configure terminal' },
    },
    { name: 'enable', prompt: /^(?<host>[\w.@/:-]{1,63})# ?$/ },
  ],
  open: ['terminal width 511', 'terminal length 0'],
  failures: [...REFUSALS, /^% ?Failed to commit/, /^!!% /],
  configuring: {
    inMode: true,
    commit: [{ send: 'commit' }],
    leave: [{ send: 'end', answers: [{ when: /Uncommitted changes found.{0,80}\?.{0,20}$/, send: 'no' }] }],
    abandon: [{ send: 'abort' }],
  },
  exit: 'exit',
};

const asa: Driver = {
  title: 'Cisco ASA',
  modes: stairs('[\\w./-]{1,63}', { inside: '[\\w./-]{1,63}' }),
  open: ['terminal pager 0'],
  failures: [...REFUSALS, /^ERROR: /, /^Command authorization failed/],
  configuring: atOnce({ send: 'write memory' }),
  exit: 'exit',
};

/** Command lines of Cisco. */
export const cisco = { cisco_iosxe: iosxe, cisco_nxos: nxos, cisco_iosxr: iosxr, cisco_asa: asa } as const;
