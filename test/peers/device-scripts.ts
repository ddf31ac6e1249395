import type { DeviceScript, SimulatedTerminal } from './device-simulator.ts';

const REFUSAL = "  ^\r\n% Invalid input detected at '^' marker.\r\n\r\n";

type Answers = { readonly [command: string]: string | ((terminal: SimulatedTerminal) => void) };

/** How a Cisco-like device takes an enable secret. */
export type EnableManner = 'takes it' | 'asks again' | 'denies' | 'hangs up' | 'asks nothing';

export interface IosOptions {
  readonly host?: string;
  readonly enable?: EnableManner;
  readonly secret?: string;
  readonly slowness?: number;
  readonly banner?: string;
  readonly answers?: Answers;
}

/** A device that climbs from `>` by `enable` to `#` and by `configure terminal` to `(config)#`. */
export const iosLike =
  ({
    host = 'sw1',
    enable = 'takes it',
    secret = 'sim-enable-Xy9',
    slowness = 0,
    banner = '',
    answers = {},
  }: IosOptions = {}): DeviceScript =>
  (terminal) => {
    let mode: '>' | '#' | '(config)#' = '>';
    let name = host;
    let asks: ((answer: string) => void) | null = null;
    terminal.slowness = slowness;
    const prompt = () => terminal.write(`${name}${mode}`);
    const ask = (question: string, then: (answer: string) => void, echo = true) => {
      terminal.echo = echo;
      asks = then;
      terminal.write(question);
    };
    const judge = (given: string) => {
      terminal.echo = true;
      if (enable === 'hangs up') return terminal.close();
      if (given === secret && enable === 'takes it') mode = '#';
      else if (enable === 'asks again') return ask('Password: ', judge, false);
      else terminal.write('% Access denied\r\n');
      prompt();
    };
    const commands: Answers = {
      enable: () => {
        if (enable !== 'asks nothing') return ask('Password: ', judge, false);
        mode = '#';
        return prompt();
      },
      'configure terminal': () => {
        mode = '(config)#';
        terminal.write('Enter configuration commands, one per line.  End with CNTL/Z.\r\n');
        prompt();
      },
      end: () => {
        mode = '#';
        prompt();
      },
      exit: () => terminal.close(),
      reload: () =>
        ask('Proceed with reload? [confirm]', () => {
          terminal.write('\r\nConnection to device lost\r\n');
          terminal.drop();
        }),
      'clear counters': () =>
        ask('Clear "show interface" counters on all interfaces [confirm]', () => {
          prompt();
        }),
      'copy run tftp': () =>
        ask('Address or name of remote host []? ', (address) => {
          ask(`Destination filename [${name}-confg]? `, (file) => {
            terminal.write(`!!\r\n${address} ${file} copied\r\n`);
            prompt();
          });
        }),
      hang: () => undefined,
      ...answers,
    };
    const carryOut = (text: string) => {
      if (text.startsWith('hostname ') && mode === '(config)#') name = text.slice(9);
      else if (text !== '' && !/^(?:terminal|interface|description) /.test(text)) terminal.write(REFUSAL);
      prompt();
    };
    terminal.write(`${banner}\r\n`);
    prompt();
    return {
      line: (text) => {
        const answering = asks;
        asks = null;
        const known = Object.hasOwn(commands, text) ? commands[text] : undefined;
        if (answering !== null) answering(text);
        else if (typeof known === 'function') known(terminal);
        else if (known !== undefined) {
          terminal.write(known);
          prompt();
        } else carryOut(text);
      },
      interrupt: () => {
        asks = null;
        if (mode === '(config)#') mode = '#';
        terminal.write('^C\r\n');
        prompt();
      },
    };
  };

/** A Junos device's configuration as all its sessions see it. */
export interface JunosState {
  committed: string[];
  candidate: string[];
}

/** Two-line prompts, a candidate configuration, a commit that refuses lines with `broken`. */
export const junos =
  (state: JunosState): DeviceScript =>
  (terminal) => {
    let configures = false;
    const prompt = () => terminal.write(configures ? '\r\n[edit]\r\nops@mx1# ' : '\r\n{master:0}\r\nops@mx1> ');
    const commands: Answers = {
      'configure exclusive': () => {
        configures = true;
        terminal.write('warning: uncommitted changes will be discarded on exit\r\nEntering configuration mode\r\n');
      },
      'exit configuration-mode': () => {
        configures = false;
        state.candidate = [...state.committed];
        terminal.write('Exiting configuration mode\r\n');
      },
      'rollback 0': () => {
        state.candidate = [...state.committed];
        terminal.write('load complete\r\n');
      },
      commit: () => {
        if (state.candidate.some((line) => line.includes('broken'))) terminal.write('error: configuration check-out failed\r\n');
        else {
          state.committed = [...state.candidate];
          terminal.write('configuration check succeeds\r\ncommit complete\r\n');
        }
      },
      'show version': 'Hostname: mx1\r\nModel: mx240\r\n[edit]\r\nJunos: 23.4R1\r\n',
      exit: () => terminal.close(),
    };
    terminal.write('--- JUNOS 23.4R1 built 2026-01-01\r\n');
    prompt();
    return {
      line: (text) => {
        const answer = Object.hasOwn(commands, text) ? commands[text] : undefined;
        if (typeof answer === 'function') answer(terminal);
        else if (answer !== undefined) terminal.write(answer);
        else if (configures && text.startsWith('set ')) state.candidate.push(text);
        else if (text !== '' && text !== 'top' && !text.startsWith('set cli')) terminal.write('                ^\r\nunknown command.\r\n');
        if (text !== 'exit') prompt();
      },
      interrupt: () => {
        terminal.write('^C\r\n');
        prompt();
      },
    };
  };

/** VRP with a two-stage configuration, banners that look like prompts, and a question before it saves. */
export const vrp =
  (state: { committed: string[]; saved: boolean }): DeviceScript =>
  (terminal) => {
    let view: 'user' | 'system' = 'user';
    let candidate: string[] = [];
    let saving = false;
    const prompt = () => terminal.write(view === 'user' ? '<core-1>' : candidate.length > 0 ? '[*core-1]' : '[~core-1]');
    terminal.slowness = 2;
    terminal.write('\r\n[V200R009C00SPC500]\r\n<core-9>\r\nInfo: The max number of VTY users is 5.\r\n');
    prompt();
    const commands: Answers = {
      'system-view': () => {
        view = 'system';
      },
      return: () => {
        view = 'user';
        candidate = [];
      },
      commit: () => {
        state.committed.push(...candidate);
        candidate = [];
      },
      'clear configuration candidate': () => {
        candidate = [];
      },
      'display current-configuration':
        '[V200R009C00SPC500]\r\n#\r\nsysname core-1\r\n  ---- More ----\x1b[16D                \x1b[16D#\r\nreturn\r\n',
    };
    const carryOut = (text: string) => {
      const answer = Object.hasOwn(commands, text) ? commands[text] : undefined;
      if (typeof answer === 'function') answer(terminal);
      else if (answer !== undefined) terminal.write(answer);
      else if (text.startsWith('vlan ') && view === 'system') candidate.push(text);
      else if (text !== '' && !text.startsWith('screen-'))
        terminal.write('        ^\r\nError: Unrecognized command found at position.\r\n');
    };
    return {
      line: (text) => {
        if (text === 'quit') return terminal.close();
        if (text === 'save') {
          saving = true;
          return terminal.write('Warning: The current configuration will be written to the device.\r\nAre you sure to continue?[Y/N]:');
        }
        if (saving) {
          saving = false;
          state.saved = text === 'Y';
          terminal.write('Save the configuration successfully.\r\n');
        } else carryOut(text);
        prompt();
      },
    };
  };

/** RouterOS: colours, and a line editor that draws the whole line anew with each key. */
export const routerOs = (): DeviceScript => (terminal) => {
  let name = 'gw1';
  const shown = () => `\x1b[m[\x1b[33mops@${name}\x1b[m] \x1b[35m>\x1b[m `;
  let typed = '';
  terminal.echo = false;
  terminal.write(`\r\n  MikroTik RouterOS 7.16\r\n\r\n\r${shown()}`);
  return {
    key: (key) => {
      if (key < ' ') return false;
      typed += key;
      terminal.write(`\r\x1b[K${shown()}\x1b[36m${typed}\x1b[m`);
      return true;
    },
    line: () => {
      const text = typed;
      typed = '';
      if (text === '/quit') return terminal.close();
      if (text === '/system identity print') terminal.write('  name: gw1\r\n');
      else if (text === '/ip address print') terminal.write('0 10.0.0.1/24\r\n-- [Q quit|D dump|down]\r\x1b[K1 10.0.1.1/24\r\n');
      else if (text.startsWith('/system identity set name=')) name = text.slice(26);
      else if (text !== '') terminal.write(`bad command name ${text} (line 1 column 1)\r\n`);
      terminal.write(`\r${shown()}`);
    },
  };
};
