import { setTimeout as pause } from 'node:timers/promises';
import type { ClientChannel, SFTPWrapper } from 'ssh2';
import { stepFailure } from '#jobs/failure.ts';
import { ChannelRefused, connectSsh, RequestRefused, type SshConnection } from './connection.ts';
import { isDroppedAtConnect, noSessionFailure, requestRefusedFailure } from './failure.ts';
import { Semaphore } from './semaphore.ts';
import { type ChannelSource, type SshSession, sshSession } from './session.ts';
import type { PinHostKey, SshCredential, SshTarget } from './target.ts';

/** How many connections, handshakes and sessions one worker holds, and for how long. */
export interface SshLimits {
  readonly max_connections: number;
  readonly max_connects_per_host: number;
  readonly max_sessions_per_connection: number;
  readonly connect_timeout_seconds: number;
  readonly idle_seconds: number;
}

/** One login on one host: its connections and what was learned about how many sessions the host allows on each. */
interface Login {
  readonly key: string;
  readonly target: SshTarget;
  readonly credential: SshCredential;
  readonly pinHostKey: PinHostKey;
  readonly connections: Set<Pooled>;
  sessionsPerConnection: number;
  /** The connection being added: one at a time, so that a burst of commands does not make one each. */
  growing: Promise<Pooled> | null;
  /** Resolves when the next session is given back. */
  released: PromiseWithResolvers<void>;
}

interface Pooled {
  readonly ready: Promise<SshConnection>;
  limit: number;
  inUse: number;
  /** Whether it ever opened a session: one that did and then fails has ended, one that never did may never do. */
  proven: boolean;
  idleTimer: NodeJS.Timeout | undefined;
}

type Channel = ClientChannel | SFTPWrapper;
type OpenChannel<T extends Channel> = (connection: SshConnection) => Promise<T>;

const CONNECT_TRIES = 6;
const OPEN_TRIES = 3;
const WAIT_MS = 60_000;

/** The SSH connections of one worker, shared by its steps: a login is made once and kept for a while after its last use. */
export class SshPool {
  readonly #limits: SshLimits;
  readonly #logins = new Map<string, Login>();
  readonly #handshakes = new Map<string, Semaphore>();
  readonly #places: Semaphore;

  constructor(limits: SshLimits) {
    this.#limits = limits;
    this.#places = new Semaphore(limits.max_connections);
  }

  /** A session on the target, connected and logged in. Failures: `connection`, `auth`, `policy`. */
  async session(target: SshTarget, credential: SshCredential, pinHostKey: PinHostKey, signal: AbortSignal): Promise<SshSession> {
    const login = this.#login(target, credential, pinHostKey);
    const pooled = await this.#find(login, () => true, signal);
    const { hostKey } = await unlessAborted(pooled.ready, signal);
    const source: ChannelSource = {
      target,
      open: (open, purpose, until) => (purpose === 'kill' ? this.#openPastLimit(login, open, until) : this.#open(login, open, until)),
      count: () => undefined,
    };
    return sshSession(source, hostKey);
  }

  /** Ends every connection. */
  close(): void {
    for (const { connections } of this.#logins.values()) {
      for (const { ready } of connections) ready.then((connection) => connection.end()).catch(() => undefined);
    }
  }

  #login(target: SshTarget, credential: SshCredential, pinHostKey: PinHostKey): Login {
    const key = JSON.stringify([
      target.host,
      target.port,
      target.user,
      credential.version,
      target.hostKeyPolicy,
      target.hostKeys.map((pin) => pin.key),
    ]);
    let login = this.#logins.get(key);
    if (login === undefined) {
      login = {
        key,
        target,
        credential,
        pinHostKey,
        connections: new Set(),
        sessionsPerConnection: this.#limits.max_sessions_per_connection,
        growing: null,
        released: Promise.withResolvers(),
      };
      this.#logins.set(key, login);
    }
    return login;
  }

  async #open<T extends Channel>(login: Login, open: OpenChannel<T>, signal: AbortSignal): Promise<T> {
    for (let failures = 0; ; ) {
      // Taken while looking, so that no other step takes the same session.
      const pooled = await this.#find(login, take, signal);
      const opened = await unlessAborted(this.#openOn(login, pooled, open), signal, discard);
      if (opened instanceof Error) {
        failures += 1;
        if (failures === OPEN_TRIES) throw noSessionFailure(login.target, opened);
        await unlessAborted(pause(backoffMs(failures)), signal);
      } else if (opened !== null) return opened;
    }
  }

  /** A connection that suits, made if there is none; while no more may be made, one whose session another step gives back. */
  async #find(login: Login, suits: (pooled: Pooled) => boolean, signal: AbortSignal): Promise<Pooled> {
    for (;;) {
      const pooled = [...login.connections].find(suits);
      if (pooled !== undefined) return pooled;
      if (login.growing === null) {
        login.growing = this.#grow(login).finally(() => {
          login.growing = null;
        });
        login.growing.catch(() => undefined);
      }
      await unlessAborted(Promise.race([login.growing, login.released.promise]), signal);
    }
  }

  /** A channel for ending a command: on any connection that still opens one, else on a new one. */
  async #openPastLimit<T extends Channel>(login: Login, open: OpenChannel<T>, signal: AbortSignal): Promise<T> {
    for (const pooled of login.connections) {
      pooled.inUse += 1;
      const channel = await this.#openOn(login, pooled, open, 'past the limit').catch(() => null);
      if (channel !== null && !(channel instanceof Error)) return channel;
    }
    await unlessAborted(this.#grow(login), signal);
    return this.#open(login, open, signal);
  }

  /** A channel for the session taken on this connection; null when the connection opens no more, or has ended unnoticed; the error of one that opens none at all. */
  async #openOn<T extends Channel>(
    login: Login,
    pooled: Pooled,
    open: OpenChannel<T>,
    asked: 'within the limit' | 'past the limit' = 'within the limit',
  ): Promise<T | Error | null> {
    clearTimeout(pooled.idleTimer);
    const giveBack = () => {
      pooled.inUse -= 1;
      login.released.resolve();
      login.released = Promise.withResolvers();
      if (pooled.inUse === 0) this.#retireLater(pooled);
    };
    const connection = await pooled.ready.catch((error) => {
      giveBack();
      throw error;
    });
    try {
      const channel = await open(connection);
      (channel as ClientChannel).once('close', giveBack);
      pooled.proven = true;
      return channel;
    } catch (error) {
      giveBack();
      if (!(error instanceof ChannelRefused)) {
        login.connections.delete(pooled);
        // With sessions of other steps still on it, it is ended when the last of them is given back and nobody asks any more.
        if (pooled.inUse === 0) connection.end();
        if (error instanceof RequestRefused && !error.message.includes('exec')) throw requestRefusedFailure(login.target, error);
        return pooled.proven || !(error instanceof Error) ? null : error;
      }
      if (asked === 'within the limit') {
        if (pooled.inUse === 0) throw stepFailure('connection', `${login.target.name} opens no session at all: ${error.message}`);
        pooled.limit = pooled.inUse;
        login.sessionsPerConnection = Math.min(login.sessionsPerConnection, pooled.limit);
      }
      return null;
    }
  }

  /** One connection more, which may still be connecting. */
  async #grow(login: Login): Promise<Pooled> {
    if (this.#places.isFull) await this.#retireOneIdle();
    const release = await this.#places.acquire(AbortSignal.timeout(WAIT_MS)).catch((error) => {
      const busy = `all ${this.#limits.max_connections} SSH connections of this worker were busy for a minute`;
      throw stepFailure('connection', `${login.target.name}: ${busy}`, undefined, error);
    });
    const ready = this.#connect(login);
    const pooled: Pooled = { ready, limit: login.sessionsPerConnection, inUse: 0, proven: false, idleTimer: undefined };
    login.connections.add(pooled);
    const gone = () => {
      login.connections.delete(pooled);
      clearTimeout(pooled.idleTimer);
      if (login.connections.size === 0) this.#logins.delete(login.key);
      release();
    };
    ready.then((connection) => connection.closed.then(gone), gone);
    ready.then(() => pooled.inUse === 0 && this.#retireLater(pooled)).catch(() => undefined);
    return pooled;
  }

  /** Connects under the host's handshake limit; a host that drops the connection before its first word (`MaxStartups`) is asked again, with jitter. */
  async #connect({ target, credential, pinHostKey }: Login): Promise<SshConnection> {
    const address = `${target.host}:${target.port}`;
    const handshakes = this.#handshakes.get(address) ?? new Semaphore(this.#limits.max_connects_per_host);
    this.#handshakes.set(address, handshakes);
    const readyTimeoutMs = this.#limits.connect_timeout_seconds * 1000;

    for (let tries = 1; ; tries += 1) {
      const release = await handshakes.acquire(AbortSignal.timeout(WAIT_MS)).catch((error) => {
        throw stepFailure('connection', `${target.name}: no handshake with ${address} was possible for a minute`, undefined, error);
      });
      try {
        return await connectSsh(target, credential, { pinHostKey, readyTimeoutMs });
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
        if (cause === null || !isDroppedAtConnect(cause) || tries >= CONNECT_TRIES) throw error;
      } finally {
        release();
      }
      await pause(backoffMs(tries));
    }
  }

  #retireLater(pooled: Pooled): void {
    clearTimeout(pooled.idleTimer);
    pooled.idleTimer = setTimeout(() => void pooled.ready.then((connection) => connection.end()), this.#limits.idle_seconds * 1000).unref();
  }

  async #retireOneIdle(): Promise<void> {
    for (const { connections } of this.#logins.values()) {
      for (const pooled of connections) {
        if (pooled.inUse > 0) continue;
        connections.delete(pooled);
        const connection = await pooled.ready.catch(() => null);
        connection?.end();
        await connection?.closed;
        return;
      }
    }
  }
}

/** Doubles with every try, with jitter, so that steps that failed together do not come back together. */
const backoffMs = (tries: number): number => 100 * 2 ** tries * (0.5 + Math.random());

/** Ends a channel that nobody waits for any more; what it still says is read, without which it would never close. */
function discard(late: Channel | Error | null): void {
  if (late === null || late instanceof Error) return;
  if ('resume' in late) {
    late.resume();
    late.stderr.resume();
  }
  late.on('error', () => undefined);
  late.end();
  if ('close' in late && 'resume' in late) late.close();
}

/** Takes a session of this connection if one is free. */
function take(pooled: Pooled): boolean {
  if (pooled.inUse >= pooled.limit) return false;
  pooled.inUse += 1;
  return true;
}

/** The promise's value, or the signal's reason if that comes first; a value that comes too late is handed to `discard`. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, discard?: (late: T) => void): Promise<T> {
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
