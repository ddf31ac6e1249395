import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { childLog } from './child-log.ts';
import { guarded } from './guardian.ts';

/** How a process of the local stack is run. */
export interface ProcessPlan {
  /** Names the process to people and its log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: { readonly [variable: string]: string | undefined };
  /** Its working directory, where that is not the current one. */
  readonly cwd?: string;
  /** The user it runs as, where that is not the current one. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** `ours` watches its standard input by itself; `foreign` knows nothing of us and runs under `guardian.sh`. */
  readonly kind: 'ours' | 'foreign';
  /** Where `<name>.log` takes all it prints. */
  readonly logDir: string;
  /** Resolves once the process answers; rejects while it does not yet. Tried until `readyWithinMs`. */
  readonly ready: () => Promise<void>;
  readonly readyWithinMs: number;
  /** The signal that makes it end in good order, and how long that may take before it is killed. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  readonly stopWithinMs: number;
  /** Told about an unexpected end, before the process is started again. */
  readonly onCrash?: (how: string) => void;
}

/** A process that is started again whenever it ends unasked, until it is stopped. */
export interface Supervised {
  readonly name: string;
  /** The process itself, not its guardian; 0 between two lives. */
  readonly pid: number;
  /** Kills it without warning; supervision starts it again. */
  kill(): void;
  /** Ends it in good order, or by force when that takes too long. Resolves when it is gone. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A life as long as the longest pause was no vain start: its end is answered as the first. */
const STEADY_AFTER_MS = LONGEST_PAUSE_MS;
const TAIL_LINES = 12;

/** Starts a process, waits until it is ready and keeps it running. Throws with its last output when it ends or stays silent before that. */
export async function supervise(plan: ProcessPlan): Promise<Supervised> {
  const tail: string[] = [];
  const log = childLog(plan.logDir, plan.name);
  const print = (bytes: Buffer): void => {
    log.write(bytes);
    tail.push(...bytes.toString().split('\n').filter(Boolean));
    tail.splice(0, Math.max(0, tail.length - TAIL_LINES));
  };
  let stopping = false;
  let pause = FIRST_PAUSE_MS;
  let life = launch(plan, print);

  const watch = async (): Promise<void> => {
    while (!stopping) {
      const startedAt = Date.now();
      const how = await life.ended;
      if (stopping) return;
      plan.onCrash?.(how);
      if (Date.now() - startedAt > STEADY_AFTER_MS) pause = FIRST_PAUSE_MS;
      await sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (!stopping) life = launch(plan, print);
    }
  };

  const end = async (): Promise<void> => {
    stopping = true;
    await life.end();
    log.end();
    await once(log, 'finish');
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= end();
    return stopped;
  };

  try {
    await becomeReady(plan, life, tail);
  } catch (error) {
    await stop();
    throw error;
  }
  void watch();
  return {
    name: plan.name,
    get pid() {
      return life.pid();
    },
    kill: () => life.signal('SIGKILL'),
    stop,
  };
}

/** A supervised process together with what else is known of it, e.g. its address. */
export const withFacts = <F extends object>(process: Supervised, facts: F): Supervised & F => Object.assign(Object.create(process), facts);

async function becomeReady(plan: ProcessPlan, life: Life, tail: readonly string[]): Promise<void> {
  const giveUpAt = Date.now() + plan.readyWithinMs;
  let ended: string | null = null;
  void life.ended.then((how) => {
    ended = how;
  });
  for (;;) {
    const answer = await plan.ready().then(
      () => null,
      (error: unknown) => error,
    );
    // An answer may have come from somebody else at the same port.
    if (answer === null && ended === null) return;
    const said = tail.length > 0 ? `; its last lines:\n  ${tail.join('\n  ')}` : '';
    if (ended !== null) throw new Error(`${plan.name} ended (${ended}) before it was ready${said}`);
    if (Date.now() > giveUpAt) throw new Error(`${plan.name} was not ready within ${plan.readyWithinMs / 1000} s (${answer})${said}`);
    await sleep(50);
  }
}

interface Life {
  pid(): number;
  signal(signal: NodeJS.Signals): void;
  /** How the process ended, in words. */
  readonly ended: Promise<string>;
  end(): Promise<void>;
}

function launch(plan: ProcessPlan, print: (bytes: Buffer) => void): Life {
  const foreign = plan.kind === 'foreign';
  const [command, args] = foreign ? guarded(plan.stopSignal, plan.command, plan.args) : [plan.command, [...plan.args]];
  const child: ChildProcess = spawn(command, args, {
    // Its own group: Ctrl-C in a terminal reaches every process of the group, and the order of stopping is ours.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', foreign ? 'pipe' : 'ignore'],
    env: { ...process.env, ...plan.env, ...(foreign ? {} : { CAPSTAN_PARENT_PIPE: '1' }) },
    ...plan.user,
    ...(plan.cwd !== undefined && { cwd: plan.cwd }),
  });
  child.stdin?.on('error', () => {});
  let pid = foreign ? 0 : (child.pid ?? 0);
  const known = foreign ? pidOf(child.stdio[3] as Readable) : Promise.resolve(pid);
  void known.then((id) => {
    pid = id;
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', print);

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      // The guardian itself was killed: what it guarded would hold the port against its successor.
      if (foreign && pid !== 0) send(pid, 'SIGKILL');
      pid = 0;
      resolve(signal ?? wordsFor(code ?? 0));
    });
  });
  const signal = (name: NodeJS.Signals) => send(pid, name);
  return {
    pid: () => pid,
    signal,
    ended,
    async end() {
      await Promise.race([known, ended]);
      signal(plan.stopSignal);
      const forced = setTimeout(() => signal('SIGKILL'), plan.stopWithinMs);
      await ended;
      clearTimeout(forced);
    },
  };
}

const pidOf = (pipe: Readable): Promise<number> =>
  new Promise((resolve) => {
    pipe.once('data', (bytes: Buffer) => resolve(Number(bytes.toString())));
    pipe.once('close', () => resolve(0));
  });

/** A shell answers 128 + n for a program that signal n ended. */
const wordsFor = (code: number) => (code > 128 ? `signal ${code - 128}` : `code ${code}`);

function send(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
