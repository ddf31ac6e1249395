import type { ClientChannel, SFTPWrapper } from 'ssh2';
import { type Answer, type AskOptions, ask } from './ask.ts';
import type { SshConnection, TerminalSize } from './connection.ts';
import type { HostKey } from './host-key.ts';
import type { Done } from './session-record.ts';
import type { SshTarget } from './target.ts';

export type { Answer, AskOptions } from './ask.ts';

/** A step's way to its target: verified, logged in, shared with other steps underneath. A connection that ends is replaced by the next one asked for. */
export interface SshSession {
  readonly peer: {
    readonly target: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly hostKey: HostKey;
  };
  /** The constant remote shell `/bin/sh -s` on a channel of its own; a `kill` goes past the limit of channels. Throws `connection` when none can be had. */
  shell(purpose: ChannelPurpose, signal: AbortSignal): Promise<ClientChannel>;
  /** Runs a script of ours by the remote shell and answers with all it said; throws `connection` when the channel ends without an exit code, or `maxBytes` is passed. */
  ask(script: string, options: AskOptions): Promise<Answer>;
  /** A command line run by the user's login shell on a channel of its own, e.g. `scp -t`. */
  run(command: string, signal: AbortSignal): Promise<ClientChannel>;
  /** An SFTP channel; whoever asked ends it. Throws `policy` when the host offers none. */
  sftp(signal: AbortSignal): Promise<SFTPWrapper>;
  /** The login shell on a terminal, as a person would see it. */
  terminal(size: TerminalSize, signal: AbortSignal): Promise<ClientChannel>;
  /** Adds to what the session's row counts. */
  count(done: Done): void;
}

/** `command` channels share connections under the limit of channels on each, a `kill` channel goes past it. */
export type ChannelPurpose = 'command' | 'kill';

/** Opens channels to one host on whichever connection has room. */
export interface ChannelSource {
  readonly target: SshTarget;
  open<T extends ClientChannel | SFTPWrapper>(
    open: (connection: SshConnection) => Promise<T>,
    purpose: ChannelPurpose,
    signal: AbortSignal,
  ): Promise<T>;
  count(done: Done): void;
}

/** Needs no more of the host than a POSIX shell, whatever the login shell is. */
const REMOTE_SHELL = '/bin/sh -s';

/** A session whose channels come from `source`. */
export const sshSession = (source: ChannelSource, hostKey: HostKey): SshSession => {
  const { target } = source;
  const { name, host, port, user } = target;
  const shell: SshSession['shell'] = (purpose, signal) => source.open((connection) => connection.run(REMOTE_SHELL), purpose, signal);
  return {
    peer: { target: name, host, port, user, hostKey },
    shell,
    ask: (script, options) => ask({ target, openShell: shell }, script, options),
    run: (command, signal) => source.open((connection) => connection.run(command), 'command', signal),
    sftp: (signal) => source.open((connection) => connection.sftp(), 'command', signal),
    terminal: (size, signal) => source.open((connection) => connection.terminal(size), 'command', signal),
    count: (done) => source.count(done),
  };
};
