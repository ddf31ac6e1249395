import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { stepFailure } from '#jobs/failure.ts';
import { drain } from '../drain.ts';
import { Quiet } from '../quiet.ts';
import type { Killed } from '../stopped.ts';
import { Guard } from './guard.ts';
import { closeWriteEnds, makePipes, type Pipe } from './pipe.ts';
import { endGroup, killGroup } from './process-group.ts';

/** A program to run on this machine. */
export interface ProgramRequest {
  readonly argv: readonly string[];
  /** null: a fresh directory, removed afterwards. */
  readonly working_directory: string | null;
  readonly environment: { readonly [name: string]: string };
  readonly stdin: string | null;
}

export interface ProgramOptions {
  /** Aborting ends the program's process group; the run then resolves with what was killed. */
  readonly signal: AbortSignal;
  /** Takes output as it comes; while its promise is pending the stream is not read, and the program waits. */
  onData(stream: 'stdout' | 'stderr' | 'events', bytes: Buffer): Promise<void> | void;
}

export interface ProgramEnd {
  /** The program's code; 128 + n when signal n ended it. */
  readonly exit_code: number;
  readonly killed: Killed | null;
}

const guard = new Guard();

/** How long output is awaited after the program's end, while something it left behind holds its streams. */
const LINGER_MS = 2000;

/** Waits on descriptor 4 until the guard knows its process group, and becomes the program; without a worker to say so it ends. */
const GATE = 'read -r go <&4 || exit 125; exec 4<&-; exec "$@"';

/** Runs a program in a process group of its own, which dies with this process; descriptor 3 takes events. */
export async function runProgram(request: ProgramRequest, { signal, onData }: ProgramOptions): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const directory = await mkdtemp(join(tmpdir(), 'capstan-step-'));
  try {
    const pipes = await makePipes(directory, ['stdout', 'stderr', 'events']);
    const child = start(request, directory, pipes);
    const { group, exited } = await started(child, request);
    let killing: Promise<Killed> | null = null;
    const onAbort = () => {
      killing = endGroup(group);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const exit_code = await follow(pipes, exited, group, onData);
      return { exit_code, killed: await killing };
    } finally {
      signal.removeEventListener('abort', onAbort);
      killGroup(group);
      guard.forget(group);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function start({ argv, working_directory, environment, stdin }: ProgramRequest, directory: string, pipes: readonly Pipe[]): ChildProcess {
  const cwd = working_directory ?? directory;
  const input = stdin === null ? 'ignore' : openInput(directory, stdin);
  try {
    if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
      throw stepFailure('invalid_input', `working_directory: there is no directory ${cwd} on this worker`);
    }
    return spawn('/bin/sh', ['-c', GATE, 'sh', ...argv], {
      cwd,
      env: environment,
      detached: true,
      stdio: [input, ...pipes.map(({ writeEnd }) => writeEnd), 'pipe'],
    });
  } catch (error) {
    for (const { readable } of pipes) readable.destroy();
    if (error instanceof TypeError) throw stepFailure('invalid_input', `${argv[0]} cannot be started: ${error.message}`, undefined, error);
    throw error;
  } finally {
    closeWriteEnds(pipes);
    if (typeof input === 'number') closeSync(input);
  }
}

/** A file rather than a pipe, so that `/dev/stdin` can be opened; it has no name any more when the program starts. */
function openInput(directory: string, text: string): number {
  const path = join(directory, 'stdin');
  writeFileSync(path, text, { mode: 0o600 });
  const descriptor = openSync(path, 'r');
  unlinkSync(path);
  return descriptor;
}

/** Lets the program begin once the guard watches its group. */
async function started(
  child: ChildProcess,
  { argv }: ProgramRequest,
): Promise<{ readonly group: number; readonly exited: Promise<number> }> {
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code, by) => resolve(code ?? 128 + (by === null ? 0 : constants.signals[by])));
  });
  const group = child.pid;
  if (group === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw stepFailure('invalid_input', `${argv[0]} cannot be started: ${error.message}`, undefined, error);
  }
  guard.watch(group);
  const gate = child.stdio[4] as Writable;
  gate.on('error', () => undefined);
  gate.end('go\n');
  return { group, exited };
}

async function follow(pipes: readonly Pipe[], exited: Promise<number>, group: number, onData: ProgramOptions['onData']): Promise<number> {
  const quiet = new Quiet();
  const names = ['stdout', 'stderr', 'events'] as const;
  const output = Promise.all(
    pipes.map(({ readable }, index) => drain(readable, (bytes) => quiet.during(() => onData(names[index] ?? 'stdout', bytes)))),
  );
  try {
    await Promise.race([output, exited.then(() => quiet.lasting(LINGER_MS))]);
    killGroup(group);
    for (const { readable } of pipes) readable.destroy();
    await output;
    return await exited;
  } finally {
    for (const { readable } of pipes) readable.destroy();
  }
}
