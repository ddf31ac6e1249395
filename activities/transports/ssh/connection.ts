import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ClientChannel, SFTPWrapper } from 'ssh2';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { algorithmsFor } from './algorithms.ts';
import { ChannelRefused, RequestRefused } from './channel-refused.ts';
import { logIn, type OnPassed } from './client.ts';
import { connectFailure } from './failure.ts';
import { type HostKey, judgeHostKey } from './host-key.ts';
import type { SshRoute } from './target.ts';
import { keepUp } from './upkeep.ts';

/** One authenticated connection to a host whose key was verified. All that open a channel throw `ChannelRefused` when the host opens no more on it. */
export interface SshConnection {
  readonly hostKey: HostKey;
  /** How the host names its software, e.g. `SSH-2.0-OpenSSH_9.2p1`. */
  readonly serverVersion: string | null;
  /** Runs a command line by the user's login shell. */
  run(command: string): Promise<ClientChannel>;
  /** Throws `RequestRefused` when the host offers no SFTP. */
  sftp(): Promise<SFTPWrapper>;
  /** The login shell on a terminal; throws `RequestRefused` when the host gives none. */
  terminal(size: TerminalSize): Promise<ClientChannel>;
  /** A stream to an address that the host can reach. */
  forward(host: string, port: number): Promise<Duplex>;
  /** Resolves with why the connection is gone: what `end` was told, or what happened to it. */
  readonly closed: Promise<string>;
  end(reason: string): void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ConnectOptions {
  /** Longest wait for key exchange and login together. */
  readonly limitMs: number;
  readonly onPassed?: OnPassed;
  /** After how many bytes in both directions together keys are exchanged anew; RFC 4253 asks for it each GiB. */
  readonly newKeysEachBytes?: number;
}

const GIB = 2 ** 30;

/** How long a peer has to close its side, before ours is closed as well. */
const CLOSING_MS = 2000;

/** Logs in over a stream to the target, having verified the host's key before anything secret is sent; failures are `connection`, `auth` or `policy`. */
export async function connectSsh(stream: Duplex, route: SshRoute, options: ConnectOptions): Promise<SshConnection> {
  const { limitMs, onPassed, newKeysEachBytes = GIB } = options;
  const { target, credential, pinHostKey } = route;
  const algorithms = algorithmsFor(target);
  const verify = async (shown: HostKey) => {
    let verdict = judgeHostKey(target, target.hostKeys, shown);
    if (verdict === 'first_contact') verdict = judgeHostKey(target, await pinHostKey(shown), shown);
    if (verdict instanceof StepFailure) throw verdict;
    if (verdict !== 'pinned') throw stepFailure('policy', `the host key of ${target.name} could not be pinned`);
  };
  const request = { user: target.user, credential, algorithms, verify, limitMs, ...(onPassed && { onPassed }) };
  const { client, hostKey, hello } = await logIn(stream, request).catch((error) => {
    throw connectFailure(route, algorithms, error);
  });
  keepUp(client, stream, newKeysEachBytes);

  let ended: string | null = null;
  let trouble = 'the host closed the connection';
  client.on('error', (error) => {
    trouble = error.message;
  });
  const closed = new Promise<string>((resolve) => client.once('close', () => resolve(ended ?? `lost: ${trouble}`)));
  return {
    hostKey,
    serverVersion: hello.ident,
    run: (command) => channelOf<ClientChannel>((take) => client.exec(command, take)),
    sftp: () => channelOf((take) => client.sftp(take)),
    terminal: ({ columns, rows }) => channelOf<ClientChannel>((take) => client.shell({ term: 'vt100', cols: columns, rows }, take)),
    forward: (host, port) => channelOf<ClientChannel>((take) => client.forwardOut('127.0.0.1', 0, host, port, take)),
    closed,
    end: (reason) => {
      ended ??= reason;
      client.end();
      setTimeout(() => stream.destroy(), CLOSING_MS).unref();
    },
  };
}

function channelOf<T extends EventEmitter>(open: (take: (error: Error | undefined | null, channel: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    open((error, channel) => {
      if (error === undefined || error === null) resolve(keepsExit(channel));
      else reject(channelError(error));
    });
  });
}

/** A command can have ended before whoever opened the channel gets to listen: the end is told to those who come later too. */
function keepsExit<T extends EventEmitter>(channel: T): T {
  let exit: readonly unknown[] | null = null;
  channel.once('exit', (...how) => {
    exit = how;
  });
  channel.on('newListener', (event, listener) => {
    if (event === 'exit' && exit !== null) queueMicrotask(() => listener(...(exit ?? [])));
  });
  return channel;
}

function channelError(error: Error): Error {
  if (error.message.includes('Channel open failure')) return new ChannelRefused(error);
  return error.message.startsWith('Unable to ') ? new RequestRefused(error.message) : error;
}
