import type { Driver } from '../driver.ts';

const fortios: Driver = {
  title: 'Fortinet FortiOS',
  modes: [{ name: 'exec', prompt: /^(?<host>[\w.-]{1,63}) (?:\([\w./ -]{1,63}\) )?[#$] ?$/ }],
  // Its pager is a setting of the device, so it is answered, not turned off.
  open: [],
  failures: [
    /^Unknown action/,
    /^Command fail\./,
    /^command parse error/,
    /^ambiguous command/,
    /^node_check_object fail/,
    /^incomplete command/,
  ],
  configuring: { inMode: false, leave: [{ send: 'end' }], abandon: [{ send: 'abort' }] },
  exit: 'exit',
};

const routeros: Driver = {
  title: 'MikroTik RouterOS',
  modes: [{ name: 'exec', prompt: /^\[(?<host>[^\][]{1,120})\] [\w /-]{0,80}(?:<SAFE> ?)?>? ?$/ }],
  open: [],
  pagers: [{ when: /^-- \[[^\]]{0,60}Q quit[^\]]{0,60}\]/, send: ' ' }],
  failures: [
    /^bad command name/,
    /^syntax error/,
    /^expected /,
    /^failure:/,
    /^no such item/,
    /^input does not match any value/,
    /^invalid value /,
    /^ambiguous value/,
    /^missing value/,
    /^not enough permissions/,
  ],
  configuring: { inMode: false, leave: [{ send: '/' }] },
  exit: '/quit',
};

const gaia: Driver = {
  title: 'Check Point Gaia',
  modes: [
    {
      name: 'enable',
      prompt: /^\[Expert@(?<host>[\w.:-]{1,63})\]# ?$/,
      enter: { from: 'exec', send: 'expert', secret: /^Enter expert password: ?$/i, refused: [/^Wrong password/] },
    },
    { name: 'exec', prompt: /^(?<host>[\w.:-]{1,63})> ?$/ },
  ],
  open: ['set clienv rows 0'],
  failures: [/^CLINFR\d{1,5}/, /^NMS[A-Z]{3}\d{1,5}/],
  configuring: { inMode: false, leave: [], save: [{ send: 'save config' }] },
  exit: 'exit',
};

const exos: Driver = {
  title: 'Extreme EXOS',
  modes: [{ name: 'exec', prompt: /^(?:\* )?(?:\([\w-]{1,40}\) )?(?:Slot-\d{1,2} )?(?<host>[\w.-]{1,63})\.\d{1,6} [#>] ?$/ }],
  open: ['disable clipaging'],
  failures: [/^%% /, /^Error:/],
  configuring: {
    inMode: false,
    leave: [],
    save: [{ send: 'save configuration', answers: [{ when: /\(y\/n\):? ?$/i, send: 'y' }] }],
  },
  exit: 'exit',
};

const tmsh: Driver = {
  title: 'F5 BIG-IP, tmsh',
  modes: [
    {
      name: 'exec',
      prompt: /^(?<host>[\w.-]{1,63}@\([\w.-]{1,80}\))(?:\([^()]{1,80}\)){0,6}\(tmos[\w.-]{0,80}\)# ?$/,
      enter: { from: 'shell', send: 'tmsh' },
    },
    { name: 'shell', prompt: /^\[(?<host>[\w.@-]{1,120})(?::[\w :-]{1,80})?\] [\w./~-]{1,80} # ?$/ },
  ],
  // Its pager is kept in the user's preferences, so it is answered, not turned off.
  open: [],
  pagers: [
    { when: /^---\(less ?\d{0,3}%?\)---/, send: ' ' },
    { when: /^Display all \d{1,9} items\? \(y\/n\) ?$/, send: 'y' },
  ],
  failures: [/^Syntax Error:/, /^Unexpected Error:/, /^Data Input Error:/, /^\d{8}:\d{1,2}: /],
  configuring: { inMode: false, leave: [], save: [{ send: 'save sys config' }] },
  exit: 'quit',
};

const linux: Driver = {
  title: 'A Linux shell',
  modes: [
    {
      name: 'enable',
      prompt: /^(?:\[?(?<host>[\w.-]{1,63}@[\w.-]{1,80})[: ][^#\]]{0,120}\]?|[\w./~-]{0,120} ?)# ?$/,
      enter: { from: 'exec', send: 'sudo -s', secret: /^(?:\[sudo\] )?password[^:]{0,80}: ?$/i, refused: [/^Sorry, try again/] },
    },
    { name: 'exec', prompt: /^(?:\[?(?<host>[\w.-]{1,63}@[\w.-]{1,80})[: ][^$\]]{0,120}\]?|[\w./~-]{0,120} ?)[$%] ?$/ },
  ],
  open: [],
  failures: [/^[\w./-]{1,80}: (?:line \d{1,9}: |\d{1,9}: )?[^:\n]{1,120}: (?:command )?not found$/],
  configuring: { inMode: false, leave: [] },
  exit: 'exit',
};

/** Command lines that are configured where commands are given. */
export const singleView = {
  fortinet_fortios: fortios,
  mikrotik_routeros: routeros,
  checkpoint_gaia: gaia,
  extreme_exos: exos,
  f5_tmsh: tmsh,
  linux,
} as const;
