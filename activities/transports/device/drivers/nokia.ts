import type { Driver } from '../driver.ts';

const MODE_MARK = '(?:ex|pr|gl|ro)';

const mdCli: Driver = {
  title: 'Nokia SR OS, MD-CLI',
  modes: [
    {
      name: 'config',
      prompt: /^(?<host>[A-D]:[\w.@-]{1,100})# ?$/,
      above: new RegExp(`^[!*]{0,2}(?:\\(${MODE_MARK}\\)\\[[^\\]]{0,200}\\]|\\[${MODE_MARK}:[^\\]]{0,200}\\])$`),
      aboveRequired: true,
      enter: { from: 'exec', send: 'edit-config exclusive' },
    },
    { name: 'exec', prompt: /^(?<host>[A-D]:[\w.@-]{1,100})# ?$/, above: /^\[[^\]:]{0,200}\]$/, aboveRequired: true },
  ],
  open: ['environment command-completion space false', 'environment more false', 'environment console width 511'],
  failures: [/^MINOR:/, /^MAJOR:/, /^CRITICAL:/],
  configuring: {
    inMode: true,
    commit: [{ send: 'commit' }],
    leave: [{ send: 'exit all' }, { send: 'quit-config' }],
    abandon: [{ send: 'exit all' }, { send: 'discard', answers: [{ when: /\[y,n\] ?$/, send: 'y' }] }, { send: 'quit-config' }],
    save: [{ send: 'admin save' }],
  },
  exit: 'logout',
};

const classic: Driver = {
  title: 'Nokia SR OS, classic',
  modes: [
    {
      name: 'config',
      prompt: /^\*?(?<host>[A-D]:[\w. -]{1,63})>config[\w>"-]{0,200}[#$] ?$/,
      enter: { from: 'exec', send: 'configure' },
    },
    { name: 'exec', prompt: /^\*?(?<host>[A-D]:[\w. -]{1,63})# ?$/ },
  ],
  open: ['environment no more'],
  failures: [/^MINOR:/, /^MAJOR:/, /^Error:/, /^Bad Command:/i],
  configuring: { inMode: true, leave: [{ send: 'exit all' }], save: [{ send: 'admin save' }] },
  exit: 'logout',
};

/** Command lines of Nokia's routers. */
export const nokia = { nokia_sros: mdCli, nokia_sros_classic: classic } as const;
