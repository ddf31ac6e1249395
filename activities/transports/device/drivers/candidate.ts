import type { Driver } from '../driver.ts';

const EDIT = /^(?:\{[\w:-]{1,40}\})?\[edit[^\]]{0,200}\]$/;

const junos: Driver = {
  title: 'Juniper Junos',
  modes: [
    {
      name: 'config',
      prompt: /^(?<host>[\w.@()/:-]{1,63})# ?$/,
      above: EDIT,
      aboveRequired: true,
      // A candidate of its own, gone with the session.
      enter: { from: 'exec', send: 'configure exclusive' },
    },
    {
      name: 'exec',
      prompt: /^(?<host>[\w.@()/:-]{1,63})> ?$/,
      above: /^\{[\w:-]{1,40}\}$/,
      enter: { from: 'shell', send: 'cli' },
    },
    { name: 'shell', prompt: /^(?<host>[\w.@-]{0,63})(?::[\w./~-]{1,80})? ?[%#$] ?$/ },
  ],
  open: ['set cli complete-on-space off', 'set cli screen-width 511', 'set cli screen-length 0'],
  failures: [
    /^syntax error/,
    /^unknown command/,
    /^error: /,
    /^[^\n]{0,120} is ambiguous/,
    /^No valid completions/,
    /^missing (?:mandatory )?argument/,
    /^invalid (?:numeric )?value/,
    /^missing mandatory argument/,
  ],
  configuring: {
    inMode: true,
    commit: [{ send: 'commit' }],
    leave: [{ send: 'exit configuration-mode' }],
    abandon: [{ send: 'top' }, { send: 'rollback 0' }, { send: 'exit configuration-mode' }],
  },
  exit: 'exit',
};

const panos: Driver = {
  title: 'Palo Alto PAN-OS',
  modes: [
    {
      name: 'config',
      prompt: /^(?<host>[\w.-]{1,63}@[\w.()-]{1,80})# ?$/,
      above: /^\[edit[^\]]{0,200}\]$/,
      enter: { from: 'exec', send: 'configure' },
    },
    { name: 'exec', prompt: /^(?<host>[\w.-]{1,63}@[\w.()-]{1,80})> ?$/ },
  ],
  open: ['set cli scripting-mode on', 'set cli pager off', 'set cli terminal width 500'],
  failures: [/^Unknown command:/, /^Invalid syntax\./, /^Server error/, /^Validation Error:/],
  configuring: {
    inMode: true,
    commit: [{ send: 'commit' }],
    leave: [{ send: 'top' }, { send: 'exit' }],
    abandon: [{ send: 'top' }, { send: 'revert config' }, { send: 'exit' }],
  },
  exit: 'exit',
};

const vyos: Driver = {
  title: 'VyOS',
  modes: [
    {
      name: 'config',
      prompt: /^(?<host>[\w.-]{1,63}@[\w.-]{1,80})(?::[\w./~-]{0,80})?# ?$/,
      above: /^\[edit[^\]]{0,200}\]$/,
      aboveRequired: true,
      enter: { from: 'exec', send: 'configure' },
    },
    { name: 'exec', prompt: /^(?<host>[\w.-]{1,63}@[\w.-]{1,80}):[\w./~-]{0,80}\$ ?$/ },
  ],
  open: ['terminal width 511', 'terminal length 0'],
  failures: [
    /^\s{0,4}Ambiguous command/,
    /^\s{0,4}Incomplete command/,
    /^\s{0,4}Invalid (?:command|value)/,
    /^\s{0,4}Set failed/,
    /^\s{0,4}Commit failed/,
    /^\s{0,4}Need to specify the config node/,
    /^\s{0,4}Configuration path: .{0,200} is not valid/,
  ],
  configuring: {
    inMode: true,
    commit: [{ send: 'commit' }],
    leave: [{ send: 'top' }, { send: 'exit' }],
    abandon: [{ send: 'top' }, { send: 'exit discard' }],
    save: [{ send: 'configure' }, { send: 'save' }, { send: 'exit' }],
  },
  exit: 'exit',
};

/** Command lines where lines gather in a candidate until they are committed. */
export const withCandidate = { juniper_junos: junos, paloalto_panos: panos, vyos } as const;
