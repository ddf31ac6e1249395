import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KEPT_OUTPUT = 20_000;

/** A process of the product, run as production runs it, that a test may kill and start again. */
export interface OwnProcess {
  readonly name: string;
  readonly pid: number;
  readonly ended: boolean;
  /** The end of what it printed. */
  output(): string;
  /** Kills it without warning; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again, with the same environment. */
  start(): void;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

/** Starts `node <script>` from the root of the checkout with this environment beside PATH and HOME. */
export function startProcess(script: string, env: { readonly [name: string]: string }): OwnProcess {
  let output = '';
  let child = launch();

  function launch(): ChildProcess {
    const started = spawn(process.execPath, [script], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        output = (output + bytes.toString()).slice(-KEPT_OUTPUT);
      });
    }
    return started;
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasEnded()) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(force);
  };
  return {
    name: script,
    get pid() {
      return child.pid ?? 0;
    },
    get ended() {
      return hasEnded();
    },
    output: () => output,
    kill: () => end('SIGKILL'),
    start: () => {
      child = launch();
    },
    stop: () => end('SIGTERM'),
  };
}
