import type { ClientChannel } from 'ssh2';
import { stepFailure } from '#jobs/failure.ts';
import { ChannelRefused, connectSsh, type SshConnection } from './connection.ts';
import type { ShellSource } from './exec.ts';
import { isDroppedAtConnect } from './failure.ts';
import { Semaphore } from './semaphore.ts';
import { type SshSession, sshSession } from './session.ts';
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
}

interface Pooled {
  readonly ready: Promise<SshConnection>;
  limit: number;
  inUse: number;
  idleTimer: NodeJS.Timeout | undefined;
}

const CONNECT_TRIES = 6;
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
    const pooled = login.connections.values().next().value ?? (await this.#grow(login, signal));
    const { hostKey } = await unlessAborted(pooled.ready, signal);
    const source: ShellSource = {
      target,
      openShell: (purpose, until) => (purpose === 'kill' ? this.#openPastLimit(login, until) : this.#open(login, until)),
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
      };
      this.#logins.set(key, login);
    }
    return login;
  }

  async #open(login: Login, signal: AbortSignal): Promise<ClientChannel> {
    for (;;) {
      const pooled = [...login.connections].find(({ inUse, limit }) => inUse < limit) ?? (await this.#grow(login, signal));
      if (pooled.inUse >= pooled.limit) continue;
      const channel = await unlessAborted(this.#openOn(login, pooled), signal, (late) => late?.close());
      if (channel !== null) return channel;
    }
  }

  /** A channel for ending a command: on any connection that still opens one, else on a new one. */
  async #openPastLimit(login: Login, signal: AbortSignal): Promise<ClientChannel> {
    for (const pooled of login.connections) {
      const channel = await this.#openOn(login, pooled, pooled.limit).catch(() => null);
      if (channel !== null) return channel;
    }
    const channel = await this.#openOn(login, await this.#grow(login, signal));
    return channel ?? this.#open(login, signal);
  }

  /** A channel on this connection, or null when the host opens no more on it, which lowers the connection's limit. */
  async #openOn(login: Login, pooled: Pooled, keepLimit?: number): Promise<ClientChannel | null> {
    pooled.inUse += 1;
    clearTimeout(pooled.idleTimer);
    const release = () => {
      pooled.inUse -= 1;
      if (pooled.inUse === 0) this.#retireLater(pooled);
    };
    try {
      const channel = await (await pooled.ready).openShell();
      channel.once('close', release);
      return channel;
    } catch (error) {
      release();
      if (!(error instanceof ChannelRefused)) throw lostConnection(login.target, error);
      if (keepLimit !== undefined) return null;
      if (pooled.inUse === 0) throw stepFailure('connection', `${login.target.name} opens no session at all: ${error.message}`);
      pooled.limit = pooled.inUse;
      login.sessionsPerConnection = Math.min(login.sessionsPerConnection, pooled.limit);
      return null;
    }
  }

  async #grow(login: Login, signal: AbortSignal): Promise<Pooled> {
    if (this.#places.isFull) await this.#retireOneIdle();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
    const release = await this.#places.acquire(limit).catch((error) => {
      signal.throwIfAborted();
      throw stepFailure(
        'connection',
        `${login.target.name}: all ${this.#limits.max_connections} SSH connections of this worker were busy for a minute`,
        undefined,
        error,
      );
    });
    const ready = this.#connect(login);
    const pooled: Pooled = { ready, limit: login.sessionsPerConnection, inUse: 0, idleTimer: undefined };
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
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tries * (0.5 + Math.random())));
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

const lostConnection = (target: SshTarget, error: unknown): unknown =>
  error instanceof Error && error.name !== 'StepFailure'
    ? stepFailure('connection', `${target.name} (${target.host}:${target.port}) closed the connection: ${error.message}`, undefined, error)
    : error;

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
