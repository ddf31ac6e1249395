import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The program that `capstan` starts. */
export const CAPSTAN = fileURLToPath(new URL('../cli/capstan.mjs', import.meta.url));

const PATIENCE_MS = 30_000;

/** How the command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command under way. */
export interface Command {
  /** How it ends. */
  readonly ended: Promise<Ended>;
  /** Waits until it has said this on its standard output; throws with all it said when it ends first, or stays silent about it for 30 s. */
  said(what: RegExp): Promise<RegExpExecArray>;
  /** What Ctrl-C does. */
  interrupt(): void;
}

interface Variables {
  readonly [name: string]: string | undefined;
}

/** Starts the `capstan` command, without a terminal, with this environment beside PATH, and what is to come in on its standard input. */
export function startCapstan(words: readonly string[], env: Variables, input = ''): Command {
  const child = spawn(process.execPath, [CAPSTAN, ...words], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => {
    said.out += bytes;
  });
  child.stderr.on('data', (bytes: Buffer) => {
    said.err += bytes;
  });
  child.stdin.on('error', () => undefined).end(input);
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }) as Ended);
  return {
    ended,
    interrupt: () => void child.kill('SIGINT'),
    async said(what) {
      let over: string | undefined;
      const becomes = (why: string) => () => {
        over = why;
      };
      const end = Promise.race([ended.then(becomes('ended')), sleep(PATIENCE_MS, undefined, { ref: false }).then(becomes('went on'))]);
      for (;;) {
        const found = what.exec(said.out);
        if (found) return found;
        if (over) throw new Error(`capstan ${words.join(' ')} ${over} without saying ${what}: ${JSON.stringify(said)}`);
        await Promise.race([once(child.stdout, 'data'), end]);
      }
    },
  };
}

/** The command as one person uses it: runs it to its end. */
export const capstanAs =
  (url: string, token: string, configFolder: string) =>
  (words: readonly string[], env: Variables = {}, input?: string): Promise<Ended> =>
    startCapstan(words, { CAPSTAN_URL: url, CAPSTAN_TOKEN: token, XDG_CONFIG_HOME: configFolder, ...env }, input).ended;
