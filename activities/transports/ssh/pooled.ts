import type { ClientChannel, SFTPWrapper } from 'ssh2';
import type { SshConnection } from './connection.ts';
import type { SessionLimit } from './session-limit.ts';
import type { SessionRecord } from './session-record.ts';
import type { SshRoute } from './target.ts';

/** What can be open on a connection. */
export type Channel = ClientChannel | SFTPWrapper;
export type OpenChannel<T extends Channel> = (connection: SshConnection) => Promise<T>;

/** A `session` is what hosts limit (`MaxSessions`); a `forward` carries the connection to a host behind this one. */
export type Seat = 'session' | 'forward';

/** Connections that go through one connection to a host on their way. */
export const FORWARDS = 64;

/** How long a busy host may count a session that has ended. */
const LAG_MS = 5000;
/** The same of one that was closed while its command ran: sshd counts it until that command ends by itself. */
const LEFT_MS = 60_000;

/** After a refusal a connection is not asked beyond what it had for this long, longer with each refusal that follows. */
const REST_MS = 5;
const LONGEST_REST_MS = 5000;
/** So often in a row even the first session may be refused, on a connection that had some. */
const EMPTY_REFUSALS = 8;

/** One connection that is logged in. */
export class Pooled {
  readonly connection: SshConnection;
  readonly record: SessionRecord;
  readonly taken: { [seat in Seat]: number } = { session: 0, forward: 0 };
  /** Whether it ever opened a channel: one that did and then fails has ended, one that never did may never do. */
  proven = false;
  ended = false;
  /** Gives no more seats, and ends when the last is given back. */
  isLeaving = false;
  #granted = 0;
  /** Until when the host may count each of the sessions that are closed here. */
  #closing: number[] = [];
  #rest = { above: 0, until: 0, refusals: 0 };
  #isTold = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(connection: SshConnection, record: SessionRecord) {
    this.connection = connection;
    this.record = record;
  }

  get isIdle(): boolean {
    return this.taken.session === 0 && this.taken.forward === 0;
  }

  /** Sessions that it has room for under a limit; none beyond those of its last refusal while it rests from that. */
  room(limit: number): number {
    if (this.ended || this.isLeaving) return 0;
    const most = this.restsFor > 0 ? Math.min(limit, this.#rest.above) : limit;
    return Math.max(0, most - this.taken.session);
  }

  /** Milliseconds until it is asked again beyond what it had when it last refused. */
  get restsFor(): number {
    return this.#rest.until === 0 ? 0 : Math.max(0, this.#rest.until - performance.now());
  }

  get takesForwards(): boolean {
    return !this.ended && !this.isLeaving && this.taken.forward < FORWARDS;
  }

  take(seat: Seat): void {
    clearTimeout(this.#idleTimer);
    this.taken[seat] += 1;
  }

  /** A session was granted; tells the login's limit. */
  granted(limit: SessionLimit): void {
    this.#granted += 1;
    if (this.#granted > this.#rest.above) this.#rest.refusals = 0;
    limit.granted(this.#granted);
  }

  /** A session is closed on our side, by itself or by us. */
  closed(byItself: boolean): void {
    this.#granted -= 1;
    const now = performance.now();
    if (this.#closing.length >= 64) this.#closing = this.#closing.filter((until) => until > now).slice(-63);
    this.#closing.push(now + (byItself ? LAG_MS : LEFT_MS));
  }

  /** A session was refused; its seat is given back already. False when the connection is of no more use. */
  refused(limit: SessionLimit): boolean {
    const now = performance.now();
    const open = this.taken.session;
    this.#closing = this.#closing.filter((until) => until > now);
    const { until, above } = this.#rest;
    // What was asked together is refused together.
    const together = now < until;
    limit.refused(open, this.#closing.length, !together);
    if (together) this.#rest.above = Math.min(above, open);
    else {
      const rest = Math.min(LONGEST_REST_MS, REST_MS * 2 ** this.#rest.refusals);
      this.#rest = { above: open, until: now + rest, refusals: this.#rest.refusals + 1 };
    }
    return open > 0 || this.#rest.refusals <= EMPTY_REFUSALS;
  }

  /** Ends it once it has been idle for so long. */
  retireAfter(ms: number, reason: string): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.end(reason), ms).unref();
  }

  /** Writes down why it is gone, the first time it is told. */
  gone(reason: string): void {
    this.ended = true;
    if (this.#isTold) return;
    this.#isTold = true;
    this.record.closed(reason);
  }

  end(reason: string): void {
    clearTimeout(this.#idleTimer);
    this.gone(reason);
    this.connection.end(reason);
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
