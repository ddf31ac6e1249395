import ssh2, { type ClientChannel, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { connectFailure } from './failure.ts';
import { type HostKey, hostKeyAlgorithms, judgeHostKey, readHostKey } from './host-key.ts';
import type { PinHostKey, SshCredential, SshTarget } from './target.ts';

/** One authenticated connection to a host whose key was verified. */
export interface SshConnection {
  readonly hostKey: HostKey;
  /** Runs a command line by the user's login shell, on a channel of its own. Like all that open channels it throws `ChannelRefused` when the host opens no more. */
  run(command: string): Promise<ClientChannel>;
  /** Throws `RequestRefused` when the host offers no SFTP. */
  sftp(): Promise<SFTPWrapper>;
  /** The login shell on a terminal; throws `RequestRefused` when the host gives none. */
  terminal(size: TerminalSize): Promise<ClientChannel>;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  end(): void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ConnectOptions {
  readonly pinHostKey: PinHostKey;
  /** Limit of connect, key exchange and login together, in milliseconds. */
  readonly readyTimeoutMs: number;
}

/** The host opened no further channel on this connection (`MaxSessions`). */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

/** The host opened the channel and refused what it was to be used for. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}

/** Connects and logs in, having verified the host's key before anything secret is sent; failures are `connection`, `auth` or `policy`. */
export async function connectSsh(target: SshTarget, credential: SshCredential, options: ConnectOptions): Promise<SshConnection> {
  const client = new ssh2.Client();
  let refusal: unknown;
  let hostKey: HostKey | undefined;

  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    // ssh2 reports one trouble several times, also after `ready`; without a listener the second would end the process.
    client.on('error', (error) => reject(refusal ?? error));
    client.once('ready', () => resolve());
    client.once('close', () => reject(refusal ?? new Error('the host closed the connection')));
    client.connect({
      ...loginOf(target, credential),
      readyTimeout: options.readyTimeoutMs,
      keepaliveInterval: 5000,
      keepaliveCountMax: 3,
      algorithms: {
        serverHostKey: hostKeyAlgorithms(target.hostKeys) as NonNullable<ConnectConfig['algorithms']>['serverHostKey'] & string[],
      },
      hostVerifier: (blob: Buffer, answer: (trusted: boolean) => void) => {
        hostKey = readHostKey(blob);
        verify(target, hostKey, options.pinHostKey).then(
          () => answer(true),
          (error) => {
            refusal = error;
            answer(false);
          },
        );
      },
    });
    // ssh2 leaves Nagle's algorithm on, which costs 40 ms a command.
    client.setNoDelay(true);
  }).catch((error) => {
    client.end();
    throw connectFailure(target, error);
  });

  if (hostKey === undefined) throw stepFailure('policy', `${target.name} showed no host key`);
  return {
    hostKey,
    closed,
    run: (command) => channelOf((take) => client.exec(command, take)),
    sftp: () => channelOf((take) => client.sftp(take)),
    terminal: ({ columns, rows }) => channelOf((take) => client.shell({ term: 'vt100', cols: columns, rows }, take)),
    end: () => client.end(),
  };
}

const loginOf = ({ host, port, user }: SshTarget, credential: SshCredential): ConnectConfig => ({
  host,
  port,
  username: user,
  ...(credential.kind === 'ssh_password'
    ? { password: credential.password }
    : { privateKey: credential.privateKey, ...(credential.passphrase === null ? {} : { passphrase: credential.passphrase }) }),
});

async function verify(target: SshTarget, shown: HostKey, pinHostKey: PinHostKey): Promise<void> {
  let verdict = judgeHostKey(target, target.hostKeys, shown);
  if (verdict === 'first_contact') verdict = judgeHostKey(target, await pinHostKey(shown), shown);
  if (verdict instanceof StepFailure) throw verdict;
  if (verdict !== 'pinned') throw stepFailure('policy', `the host key of ${target.name} could not be pinned`);
}

function channelOf<T>(open: (take: (error: Error | undefined | null, channel: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    open((error, channel) => {
      if (error === undefined || error === null) resolve(channel);
      else reject(channelError(error));
    });
  });
}

function channelError(error: Error): Error {
  if (error.message.includes('Channel open failure')) return new ChannelRefused(error.message);
  return error.message.startsWith('Unable to ') ? new RequestRefused(error.message) : error;
}
