import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { stepFailure } from '#jobs/failure.ts';
import { drain } from '../drain.ts';
import { Quiet } from '../quiet.ts';
import type { Killed } from '../stopped.ts';
import { lostFailure } from './failure.ts';
import { killGroup } from './kill.ts';
import { MarkedLines } from './marked-lines.ts';
import { type ExecRequest, execScript } from './remote-script.ts';
import type { SshTarget } from './target.ts';

export interface ExecOptions {
  /** Aborting ends the remote process group; the exec then resolves with what was killed. */
  readonly signal: AbortSignal;
  /** Takes output as it comes; while its promise is pending the channel is paused, and with it the remote command. */
  onData(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | void;
}

export interface ExecEnd {
  /** The command's code; 128 + n when signal n ended it. */
  readonly exit_code: number;
  /** Set when the signal given to `exec` ended the command: how, and whether anything outlived it. */
  readonly killed: Killed | null;
}

/** Opens channels to one host: `command` channels share connections under the per-connection limit, a `kill` channel goes past it. */
export interface ShellSource {
  readonly target: SshTarget;
  openShell(purpose: 'command' | 'kill', signal: AbortSignal): Promise<ClientChannel>;
}

/** How long a channel may stay open after the command's end because some process it left behind holds its output. */
const LINGER_MS = 2000;

/** Runs one command on a host and follows it to its end; throws `lost` when the connection ends first. */
export async function exec(source: ShellSource, request: ExecRequest, { signal, onData }: ExecOptions): Promise<ExecEnd> {
  signal.throwIfAborted();
  const mark = `capstan-${randomBytes(9).toString('hex')}`;
  const script = execScript(request, mark);
  const channel = await source.openShell('command', signal);

  const group = Promise.withResolvers<number | null>();
  let missingDirectory = false;
  const lines = new MarkedLines(mark, ({ word, value }) => {
    if (word === 'directory') missingDirectory = true;
    group.resolve(word === 'group' ? Number(value) : null);
  });

  let killing: Promise<Killed> | null = null;
  const onAbort = () => {
    killing = endRemotely(source, channel, group.promise);
    killing.catch(() => channel.close());
  };

  const exited = exitOf(channel);
  const quiet = new Quiet();
  const pass = (stream: 'stdout' | 'stderr', bytes: Buffer) => quiet.during(() => (bytes.length > 0 ? onData(stream, bytes) : undefined));
  const output = Promise.all([
    drain(channel, (bytes: Buffer) => pass('stdout', bytes)),
    drain(channel.stderr, (bytes: Buffer) => pass('stderr', lines.pass(bytes))),
  ]);
  channel.end(script);
  signal.addEventListener('abort', onAbort, { once: true });

  try {
    await Promise.race([output, exited.then(() => quiet.lasting(LINGER_MS))]);
    channel.close();
    await output;
    await pass('stderr', lines.end());
  } catch (error) {
    killing ??= endRemotely(source, channel, group.promise);
    await killing.catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    group.resolve(null);
    channel.close();
  }

  const end = await exited;
  const killed = killing === null ? null : await killing;
  if (missingDirectory) {
    throw stepFailure('invalid_input', `working_directory: ${source.target.name} has no directory ${request.working_directory} to enter`);
  }
  if (end === null && killed === null) throw lostFailure(source.target);
  return { exit_code: codeOf(end), killed };
}

interface Exit {
  readonly code: number | null;
  readonly signal: string | undefined;
}

/** The exit the host reported, or null when the channel closed without one. */
const exitOf = (channel: ClientChannel): Promise<Exit | null> =>
  new Promise((resolve) => {
    channel.once('exit', (code: number | null, signal?: string) => resolve({ code, signal }));
    channel.once('close', () => resolve(null));
    channel.on('error', () => resolve(null));
  });

const codeOf = (end: Exit | null): number => {
  if (end === null) return 137;
  return end.code ?? 128 + (constants.signals[(end.signal ?? 'SIGKILL') as NodeJS.Signals] ?? 0);
};

async function endRemotely(source: ShellSource, channel: ClientChannel, group: Promise<number | null>): Promise<Killed> {
  const known = await Promise.race([group, new Promise<null>((resolve) => setTimeout(resolve, 2000, null).unref())]);
  if (known === null) {
    channel.close();
    return { group: null, signals: [], survivors: [] };
  }
  const killed = await killGroup(source, known).catch((error) => {
    const unknown = `process group ${known} on ${source.target.name} was to be ended, but nobody knows whether it did: ${error.message}`;
    throw stepFailure('lost', unknown, { target: source.target.name, group: known }, error);
  });
  // The shell that waited for the group has nothing left to wait for; its exit code follows at once unless the host hangs.
  setTimeout(() => channel.close(), 1000).unref();
  return killed;
}
