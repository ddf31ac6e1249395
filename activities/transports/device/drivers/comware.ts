import type { Driver, Mode } from '../driver.ts';

/** Views `<name>` and `[name…]`; a view inside adds its own name to that of the device. */
const views = (before: string): readonly Mode[] => [
  { name: 'exec', prompt: new RegExp(`^${before}<(?<host>[\\w.@()/:-]{1,64})> ?$`) },
  {
    name: 'config',
    prompt: new RegExp(`^${before}\\[[~*]{0,2}(?<host>[\\w.@/:-]{1,128})\\] ?$`),
    enter: { from: 'exec', send: 'system-view' },
  },
];

const YES_NO = /\[Y\/N\]:? ?$/i;

const vrp: Driver = {
  title: 'Huawei VRP',
  modes: views('(?:[Hh][Rr][Pp]_[AaMmSs])?'),
  // The version on top of a configuration: [V200R009C00SPC500].
  neverPrompt: /^\[V\d{3}R\d{3}C\d{2,3}[^\]]{0,40}\] ?$/,
  open: ['screen-length 0 temporary'],
  failures: [/^Error:/, /^\s{0,40}\^$/, /^Info: .{0,80}failed/],
  configuring: {
    inMode: true,
    // Only two-stage configuration has a candidate; its prompt shows ~ or *.
    commit: [{ send: 'commit', when: /\[[~*]/ }],
    leave: [{ send: 'return', answers: [{ when: /Uncommitted configurations? found.{0,120}$/i, send: 'N' }] }],
    abandon: [
      { send: 'clear configuration candidate', when: /\[[~*]/ },
      { send: 'return', answers: [{ when: /Uncommitted configurations? found.{0,120}$/i, send: 'N' }] },
    ],
    save: [{ send: 'save', answers: [{ when: YES_NO, send: 'Y' }] }],
  },
  exit: 'quit',
};

const comware: Driver = {
  title: 'HPE and H3C Comware',
  modes: views(''),
  open: ['screen-length disable'],
  failures: [/^\s{0,4}% ?(?:Unrecognized|Ambiguous|Incomplete|Wrong parameter|Too many parameters)/],
  configuring: { inMode: true, leave: [{ send: 'return' }], save: [{ send: 'save force' }] },
  exit: 'quit',
};

/** Command lines whose prompts stand in brackets. */
export const brackets = { huawei_vrp: vrp, hp_comware: comware } as const;
