import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { ChannelRefused, isRefusal } from './channel-refused.ts';
import { openSocket } from './client.ts';
import { connectSsh, type SshConnection } from './connection.ts';
import { forwardFailure, hopFailure, noSessionFailure, requestRefusedFailure, routeName, unreachable, whereOf } from './failure.ts';
import { backoffMs, Handshakes } from './handshakes.ts';
import { type Channel, discard, type Login, loginKey, type OpenChannel, Pooled, type Seat, supersedes, unlessAborted } from './pooled.ts';
import { Semaphore } from './semaphore.ts';
import { type ChannelSource, type SshSession, sshSession } from './session.ts';
import { hopFacts, type SessionSink, type SessionUse, unrecorded } from './session-record.ts';
import type { SshRoute } from './target.ts';

/** How many connections, handshakes and sessions one worker holds, and for how long. */
export interface SshLimits {
  readonly max_connections: number;
  readonly max_connects_per_host: number;
  readonly max_sessions_per_connection: number;
  readonly connect_timeout_seconds: number;
  readonly idle_seconds: number;
}

const OPEN_TRIES = 3;
const REQUEST_TRIES = 2;
const WAIT_MS = 60_000;

/** The SSH connections of one worker, shared by its steps: a login is made once and kept for a while after its last use. */
export class SshPool {
  readonly #limits: SshLimits;
  readonly #sink: SessionSink;
  readonly #logins = new Map<string, Login>();
  readonly #handshakes: Handshakes;
  readonly #places: Semaphore;

  constructor(limits: SshLimits, sink: SessionSink = unrecorded) {
    this.#limits = limits;
    this.#sink = sink;
    this.#places = new Semaphore(limits.max_connections);
    this.#handshakes = new Handshakes(limits.max_connects_per_host, WAIT_MS);
  }

  /** A session on the route's target, connected and logged in; what it opens is written down as used by `by`. Failures: `connection`, `auth`, `policy`. */
  async session(route: SshRoute, signal: AbortSignal, by: SessionUse | null = null): Promise<SshSession> {
    const key = loginKey(route);
    const pooled = await this.#find(this.#login(route, key), () => true, signal);
    const { hostKey } = await unlessAborted(pooled.ready, signal);
    let latest = pooled;
    const noted = (used: Pooled) => {
      latest = used;
      if (by !== null) used.record?.used(by);
    };
    const source: ChannelSource = {
      target: route.target,
      open: (open, purpose, until) => {
        const login = this.#login(route, key);
        return purpose === 'kill' ? this.#openPastLimit(login, open, until, noted) : this.#open(login, open, until, noted);
      },
      count: (done) => latest.record?.count(done),
    };
    return sshSession(source, hostKey);
  }

  /** Shakes hands with the route's target in its turn, on a stream of its own; again where the host drops it over `MaxStartups`. */
  handshake<T>(route: SshRoute, shake: (stream: Duplex, limitMs: number) => Promise<T>): Promise<T> {
    const { host, port, connectTimeoutMs } = route.target;
    const address = JSON.stringify([host, port, route.jump && loginKey(route.jump)]);
    const limitMs = connectTimeoutMs ?? this.#limits.connect_timeout_seconds * 1000;
    return this.#handshakes.connect(address, routeName(route), async () => {
      const deadline = performance.now() + limitMs;
      return shake(await this.#stream(route, limitMs), Math.max(1, deadline - performance.now()));
    });
  }

  /** A stream to the route's target: over TCP, or through the login it is reached by. */
  async #stream(route: SshRoute, limitMs: number): Promise<Duplex> {
    const { target, jump } = route;
    if (jump === null) {
      return openSocket(target.host, target.port, limitMs).catch((error) => {
        throw unreachable(route, 'connect', error);
      });
    }
    const login = this.#login(jump);
    const open = (connection: SshConnection) => connection.forward(target.host, target.port) as Promise<ClientChannel>;
    const opening = this.#open(login, open, AbortSignal.timeout(limitMs), () => undefined, 'forward');
    return opening.catch((error) => {
      throw error instanceof StepFailure ? hopFailure(route, error) : forwardFailure(route, error);
    });
  }

  /** Ends every connection. */
  close(): void {
    for (const { connections } of this.#logins.values()) {
      for (const pooled of connections) pooled.end('worker stopped');
    }
  }

  #login(route: SshRoute, key = loginKey(route)): Login {
    let login = this.#logins.get(key);
    if (login === undefined) {
      login = {
        key,
        route,
        connections: new Set(),
        sessionsPerConnection: this.#limits.max_sessions_per_connection,
        growing: null,
        released: Promise.withResolvers(),
        superseded: false,
      };
      this.#logins.set(key, login);
      for (const older of this.#logins.values()) if (supersedes(route, older.route)) this.#supersede(older);
    }
    return login;
  }

  #supersede(login: Login): void {
    login.superseded = true;
    for (const pooled of login.connections) if (pooled.isIdle) this.#retire(login, pooled);
  }

  async #open<T extends Channel>(
    login: Login,
    open: OpenChannel<T>,
    signal: AbortSignal,
    noted: (pooled: Pooled) => void,
    seat: Seat = 'session',
  ): Promise<T> {
    for (let failures = 0; ; ) {
      // Taken while looking, so that no other step takes the same seat.
      const suits = (pooled: Pooled) => {
        if (!pooled.hasRoom(seat)) return false;
        pooled.take(seat);
        return true;
      };
      const pooled = await this.#find(login, suits, signal);
      const opened = await unlessAborted(this.#openOn(login, pooled, open, seat), signal, discard);
      if (opened instanceof Error) {
        failures += 1;
        // Dropbear now and then closes the channel of a request instead of granting it; on a new connection it does not.
        if (isRefusal(opened) && failures === REQUEST_TRIES) throw requestRefusedFailure(login.route, opened);
        if (failures === OPEN_TRIES) throw noSessionFailure(login.route, opened);
        await unlessAborted(pause(backoffMs(failures)), signal);
      } else if (opened !== null) {
        noted(pooled);
        return opened;
      }
    }
  }

  /** A connection that suits, made if there is none; while no more may be made, one whose seat another step gives back. */
  async #find(login: Login, suits: (pooled: Pooled) => boolean, signal: AbortSignal): Promise<Pooled> {
    for (;;) {
      const pooled = [...login.connections].find((one) => !one.ended && suits(one));
      if (pooled !== undefined) return pooled;
      if (login.growing === null) {
        login.growing = this.#grow(login).finally(() => {
          login.growing = null;
          this.#forgetEmpty(login);
        });
        login.growing.catch(() => undefined);
      }
      await unlessAborted(Promise.race([login.growing, login.released.promise]), signal);
    }
  }

  /** A channel for ending a command: on any connection that still opens one, else on a new one. */
  async #openPastLimit<T extends Channel>(
    login: Login,
    open: OpenChannel<T>,
    signal: AbortSignal,
    noted: (pooled: Pooled) => void,
  ): Promise<T> {
    for (const pooled of login.connections) {
      pooled.take('session');
      const channel = await this.#openOn(login, pooled, open, 'session', 'past the limit').catch(() => null);
      if (channel === null || channel instanceof Error) continue;
      noted(pooled);
      return channel;
    }
    await unlessAborted(this.#grow(login), signal);
    return this.#open(login, open, signal, noted);
  }

  /** A channel for the seat taken on this connection; null when the connection opens no more, or has ended unnoticed; the error of one that opens none at all. */
  async #openOn<T extends Channel>(
    login: Login,
    pooled: Pooled,
    open: OpenChannel<T>,
    seat: Seat,
    asked: 'within the limit' | 'past the limit' = 'within the limit',
  ): Promise<T | Error | null> {
    const giveBack = () => {
      pooled.taken[seat] -= 1;
      login.released.resolve();
      login.released = Promise.withResolvers();
      if (pooled.isIdle) this.#retire(login, pooled);
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
      if (!(error instanceof ChannelRefused)) return this.#spent(login, pooled, connection, error as Error);
      // A host that does not reach an address by one connection does not by another.
      if (seat === 'forward') throw error;
      if (asked === 'within the limit') {
        if (pooled.taken.session === 0) throw noSessionFailure(login.route, error);
        pooled.limit = pooled.taken.session;
        login.sessionsPerConnection = Math.min(login.sessionsPerConnection, pooled.limit);
      }
      return null;
    }
  }

  /** Gives a connection up that failed to open a channel; one that opened some before may just have ended. */
  #spent(login: Login, pooled: Pooled, connection: SshConnection, error: Error): Error | null {
    login.connections.delete(pooled);
    // With seats of other steps still taken, it is ended when the last of them is given back and nobody asks any more.
    if (pooled.isIdle) connection.end(`lost: ${error.message}`);
    return pooled.proven && !isRefusal(error) ? null : error;
  }

  /** One connection more, which may still be connecting. */
  async #grow(login: Login): Promise<Pooled> {
    const { route } = login;
    // The way there first: who holds a place and waits for another could wait for itself.
    if (route.jump !== null) await this.#hop(route, route.jump);
    if (this.#places.isFull) this.#retireOneIdle();
    const release = await this.#places.acquire(AbortSignal.timeout(WAIT_MS)).catch((error) => {
      const busy = `all ${this.#limits.max_connections} SSH connections of this worker were busy for a minute`;
      throw stepFailure('connection', `${routeName(route)}: ${busy}`, whereOf(route, 'connect'), error);
    });
    const ready = this.#connect(route);
    const pooled = new Pooled(ready, login.sessionsPerConnection);
    login.connections.add(pooled);
    // Its last connection may have gone while this one waited for its place.
    this.#logins.set(login.key, login);
    const gone = () => {
      login.connections.delete(pooled);
      this.#forgetEmpty(login);
      release();
    };
    ready.then((connection) => {
      const { hostKey, serverVersion } = connection;
      pooled.hostKey = hostKey;
      const hops = hopFacts(route, (hop) => this.#fingerprintOf(hop));
      pooled.record = this.#sink.opened({ target: route.target, serverVersion, hostKey, hops });
      if (pooled.isIdle) this.#retire(login, pooled);
      connection.closed.then((reason) => {
        pooled.gone(reason);
        gone();
      });
    }, gone);
    return pooled;
  }

  #forgetEmpty(login: Login): void {
    if (login.connections.size === 0 && login.growing === null && this.#logins.get(login.key) === login) this.#logins.delete(login.key);
  }

  async #hop(route: SshRoute, jump: SshRoute): Promise<void> {
    try {
      const pooled = await this.#find(this.#login(jump), () => true, AbortSignal.timeout(WAIT_MS));
      await pooled.ready;
    } catch (error) {
      throw error instanceof StepFailure ? hopFailure(route, error) : error;
    }
  }

  #connect(route: SshRoute): Promise<SshConnection> {
    return this.handshake(route, (stream, limitMs) => connectSsh(stream, route, { limitMs }));
  }

  #fingerprintOf(hop: SshRoute): string {
    const connections = this.#logins.get(loginKey(hop))?.connections ?? [];
    return [...connections].find(({ hostKey }) => hostKey !== null)?.hostKey?.fingerprint ?? '';
  }

  #retire(login: Login, pooled: Pooled): void {
    if (login.superseded) pooled.end('replaced credential');
    else pooled.retireAfter(this.#limits.idle_seconds * 1000, 'idle');
  }

  #retireOneIdle(): void {
    for (const { connections } of this.#logins.values()) {
      const idle = [...connections].find((pooled) => pooled.isIdle);
      if (idle === undefined) continue;
      connections.delete(idle);
      idle.end('idle');
      return;
    }
  }
}
