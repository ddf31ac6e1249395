import type { ClientChannel, SFTPWrapper } from 'ssh2';
import type { SshConnection } from './connection.ts';
import type { HostKey } from './host-key.ts';
import type { SessionRecord } from './session-record.ts';
import type { SshRoute } from './target.ts';

/** What can be open on a connection. */
export type Channel = ClientChannel | SFTPWrapper;
export type OpenChannel<T extends Channel> = (connection: SshConnection) => Promise<T>;

/** A `session` is what hosts limit (`MaxSessions`); a `forward` carries the connection to a host behind this one. */
export type Seat = 'session' | 'forward';

/** Connections that go through one connection to a host on their way. */
const FORWARDS = 64;

/** One login on one host: its connections and what was learned about how many sessions the host allows on each. */
export interface Login {
  readonly key: string;
  readonly route: SshRoute;
  readonly connections: Set<Pooled>;
  sessionsPerConnection: number;
  /** The connection being added: one at a time, so that a burst of commands does not make one each. */
  growing: Promise<Pooled> | null;
  /** Resolves when the next seat is given back. */
  released: PromiseWithResolvers<void>;
  /** Its credential has a newer version: what is idle ends. */
  superseded: boolean;
}

/** One connection, perhaps still being made. */
export class Pooled {
  readonly ready: Promise<SshConnection>;
  readonly taken: { [seat in Seat]: number } = { session: 0, forward: 0 };
  /** Most sessions the host allows on it, as far as is known. */
  limit: number;
  /** Whether it ever opened a channel: one that did and then fails has ended, one that never did may never do. */
  proven = false;
  /** Set once connected, as is the record. */
  hostKey: HostKey | null = null;
  record: SessionRecord | null = null;
  ended = false;
  #isTold = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(ready: Promise<SshConnection>, limit: number) {
    this.ready = ready;
    this.limit = limit;
  }

  get isIdle(): boolean {
    return this.taken.session === 0 && this.taken.forward === 0;
  }

  hasRoom(seat: Seat): boolean {
    return seat === 'session' ? this.taken.session < this.limit : this.taken.forward < FORWARDS;
  }

  take(seat: Seat): void {
    clearTimeout(this.#idleTimer);
    this.taken[seat] += 1;
  }

  /** Ends it once it has been idle for so long. */
  retireAfter(ms: number, reason: string): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.end(reason), ms).unref();
  }

  /** Writes down why it is gone, the first time it is told. */
  gone(reason: string): void {
    this.ended = true;
    if (this.#isTold || this.record === null) return;
    this.#isTold = true;
    this.record.closed(reason);
  }

  end(reason: string): void {
    clearTimeout(this.#idleTimer);
    this.gone(reason);
    this.ready.then((connection) => connection.end(reason)).catch(() => undefined);
  }
}

/** What tells logins apart: place, user, version of the credential, keys that are trusted, and the same of every host on the way. */
export const loginKey = ({ target, credential, jump }: SshRoute): string =>
  JSON.stringify([
    target.project,
    target.name,
    target.host,
    target.port,
    target.user,
    credential.version,
    target.hostKeyPolicy,
    target.hostKeys.map(({ key, revoked }) => [key, revoked]),
    target.legacyAlgorithms,
    jump && loginKey(jump),
  ]);

/** Whether one route is the other with another version of the same credential. */
export const supersedes = (newer: SshRoute, older: SshRoute): boolean =>
  credentialId(newer) === credentialId(older) &&
  newer.credential.version !== older.credential.version &&
  newer.target.project === older.target.project &&
  newer.target.name === older.target.name;

const credentialId = ({ credential }: SshRoute): string => credential.version.slice(0, credential.version.lastIndexOf('@'));

/** Ends a channel that nobody waits for any more; what it still says is read, without which it would never close. */
export function discard(late: Channel | Error | null): void {
  if (late === null || late instanceof Error) return;
  late.on('error', () => undefined);
  if ('resume' in late) {
    late.resume();
    late.stderr?.resume();
    late.destroy();
  } else late.end();
}

/** The promise's value, or the signal's reason if that comes first; a value that comes too late is handed to `discard`. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, discard?: (late: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise
      .then((value) => {
        if (signal.aborted) discard?.(value);
        resolve(value);
      }, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
