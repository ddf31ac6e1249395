import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { ChannelRefused, isRefusal } from './channel-refused.ts';
import { openSocket } from './client.ts';
import { connectSsh, type SshConnection } from './connection.ts';
import { forwardFailure, hopFailure, noSessionFailure, requestRefusedFailure, routeName, unreachable, whereOf } from './failure.ts';
import { backoffMs, Handshakes } from './handshakes.ts';
import { type Growth, Login, type Turn, type Want } from './login.ts';
import { PATIENCE, Places, type SshPatience } from './places.ts';
import { type Channel, discard, loginKey, type OpenChannel, Pooled, type Seat, supersedes, unlessAborted } from './pooled.ts';
import type { Urgency } from './semaphore.ts';
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

/** Connections that are asked for a channel past the limit, before its turn ahead of others is waited for. */
const KILL_TRIES = 4;

/** How long an idle connection is kept while others wait for its place. */
const WANTED_IDLE_MS = 200;

const NEVER = new AbortController().signal;

/** A channel that is asked for. */
interface Order<T extends Channel> {
  readonly route: SshRoute;
  readonly key: string;
  readonly turn: Turn;
  open: OpenChannel<T>;
  noted(pooled: Pooled): void;
}

/** The SSH connections of one worker, shared by its steps: a login is made once and kept for a while after its last use. */
export class SshPool {
  readonly #limits: SshLimits;
  readonly #sink: SessionSink;
  readonly #logins = new Map<string, Login>();
  readonly #handshakes: Handshakes;
  readonly #places: Places;
  readonly #growth: Growth;
  #isClosed = false;

  constructor(limits: SshLimits, sink: SessionSink = unrecorded, patience: SshPatience = PATIENCE) {
    this.#limits = limits;
    this.#sink = sink;
    this.#places = new Places(limits.max_connections, patience.stuckMs, () => this.#logins.values());
    this.#handshakes = new Handshakes(limits.max_connects_per_host, patience.stuckMs);
    this.#growth = {
      maxSessions: limits.max_sessions_per_connection,
      atOnce: limits.max_connects_per_host,
      tellAfterMs: patience.tellAfterMs,
      quietMs: patience.quietMs,
      connect: (login, urgency) => this.#connect(login, urgency),
      connected: (login, pooled) => {
        if (pooled.isIdle) this.#retire(login, pooled);
      },
      unused: (login) => this.#forget(login),
    };
  }

  /**
   * A session on the route's target, connected and logged in; what it opens is written down as used by `by`. Failures: `connection`, `auth`, `policy`.
   * Who finds all sessions of the host taken waits for as long as the signal lets; `tell` is told so, once.
   */
  async session(route: SshRoute, signal: AbortSignal, by: SessionUse | null = null, tell?: (waits: string) => void): Promise<SshSession> {
    const key = loginKey(route);
    let isTold = false;
    const waits = (want: Want) => {
      if (!isTold) tell?.(`waits for ${want === 'login' ? 'an SSH connection to' : 'a free SSH session on'} ${routeName(route)}`);
      isTold = true;
    };
    let latest = await this.#login(route, key).seat('login', { signal, since: performance.now(), waits });
    const { hostKey } = latest.connection;
    const noted = (used: Pooled) => {
      latest = used;
      if (by !== null) used.record.used(by);
    };
    const source: ChannelSource = {
      target: route.target,
      open: (open, purpose, until) => {
        const order = { route, key, open, noted, turn: { signal: until, since: performance.now(), waits } };
        return purpose === 'kill' ? this.#openPastLimit(order) : this.#open(order);
      },
      count: (done) => latest.record.count(done),
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
    const open = (connection: SshConnection) => connection.forward(target.host, target.port) as Promise<ClientChannel>;
    const turn = { signal: AbortSignal.timeout(limitMs), since: performance.now() };
    const opening = this.#open({ route: jump, key: loginKey(jump), open, noted: () => undefined, turn }, 'forward');
    return opening.catch((error) => {
      throw error instanceof StepFailure ? hopFailure(route, error) : forwardFailure(route, error);
    });
  }

  /** Ends every connection. */
  close(): void {
    this.#isClosed = true;
    for (const { connections } of this.#logins.values()) {
      for (const pooled of connections) pooled.end('worker stopped');
    }
  }

  #login(route: SshRoute, key: string): Login {
    let login = this.#logins.get(key);
    if (login === undefined) {
      login = new Login(key, route, this.#growth);
      this.#logins.set(key, login);
      for (const older of this.#logins.values()) if (supersedes(route, older.route)) this.#supersede(older);
    }
    return login;
  }

  #supersede(login: Login): void {
    login.superseded = true;
    for (const pooled of login.connections) if (pooled.isIdle) this.#retire(login, pooled);
  }

  async #open<T extends Channel>(order: Order<T>, seat: Seat = 'session'): Promise<T> {
    const { route, key, turn, noted } = order;
    for (let failures = 0; ; ) {
      const login = this.#login(route, key);
      const pooled = await login.seat(seat, turn);
      const opened = await unlessAborted(this.#openOn(login, pooled, order.open, seat), turn.signal, discard);
      if (opened instanceof Error) {
        failures += 1;
        // Dropbear now and then closes the channel of a request instead of granting it; on a new connection it does not.
        if (isRefusal(opened) && failures === REQUEST_TRIES) throw requestRefusedFailure(route, opened);
        if (failures === OPEN_TRIES) throw noSessionFailure(route, opened);
        await unlessAborted(pause(backoffMs(failures)), turn.signal);
      } else if (opened !== null) {
        noted(pooled);
        return opened;
      }
    }
  }

  /** A channel for ending a command: on a connection that still opens one, else the next that is to be had. */
  async #openPastLimit<T extends Channel>(order: Order<T>): Promise<T> {
    const login = this.#login(order.route, order.key);
    const usable = [...login.connections].filter(({ ended }) => !ended).sort((a, b) => a.taken.session - b.taken.session);
    for (const pooled of usable.slice(0, KILL_TRIES)) {
      pooled.take('session');
      const opening = this.#openOn(login, pooled, order.open, 'session', 'past the limit').catch(() => null);
      const channel = await unlessAborted(opening, order.turn.signal, discard);
      if (channel === null || channel instanceof Error) continue;
      order.noted(pooled);
      return channel;
    }
    return this.#open({ ...order, turn: { ...order.turn, urgency: 'ahead' } });
  }

  /** A channel for the seat taken on this connection; null when the connection opens no more, or has ended unnoticed; the error of one that opens none at all. */
  async #openOn<T extends Channel>(
    login: Login,
    pooled: Pooled,
    open: OpenChannel<T>,
    seat: Seat,
    asked: 'within the limit' | 'past the limit' = 'within the limit',
  ): Promise<T | Error | null> {
    try {
      const channel = await open(pooled.connection);
      pooled.proven = true;
      if (seat === 'session') pooled.granted(login.limit);
      // A command that was left running closes without a code.
      (channel as ClientChannel).once('close', (...how: unknown[]) => {
        if (seat === 'session') pooled.closed(how[0] !== undefined);
        pooled.taken[seat] -= 1;
        this.#seatFreed(login, pooled);
      });
      return channel;
    } catch (error) {
      pooled.taken[seat] -= 1;
      try {
        if (!(error instanceof ChannelRefused)) return this.#spent(login, pooled, error as Error);
        // A host that does not reach an address by one connection does not by another.
        if (seat === 'forward') throw error;
        if (asked === 'within the limit') this.#refused(login, pooled, error);
        return null;
      } finally {
        this.#seatFreed(login, pooled);
      }
    }
  }

  #seatFreed(login: Login, pooled: Pooled): void {
    this.#places.moved();
    login.serve();
    if (pooled.isIdle) this.#retire(login, pooled);
  }

  #refused(login: Login, pooled: Pooled, error: ChannelRefused): void {
    if (!pooled.proven && pooled.taken.session === 0) throw noSessionFailure(login.route, error);
    if (pooled.refused(login.limit)) login.serveAfter(pooled.restsFor);
    else this.#giveUp(login, pooled, error);
  }

  /** Gives a connection up that failed to open a channel; one that opened some before may just have ended. */
  #spent(login: Login, pooled: Pooled, error: Error): Error | null {
    this.#giveUp(login, pooled, error);
    return pooled.proven && !isRefusal(error) ? null : error;
  }

  /** With seats of other steps still taken, it is ended when the last of them is given back. */
  #giveUp(login: Login, pooled: Pooled, error: Error): void {
    pooled.isLeaving = true;
    login.connections.delete(pooled);
    if (pooled.isIdle) pooled.end(`lost: ${error.message}`);
  }

  /** One connection more. */
  async #connect(login: Login, urgency: Urgency): Promise<Pooled> {
    const { route } = login;
    // The way there first: who holds a place and waits for another could wait for itself.
    if (route.jump !== null) await this.#hop(route, route.jump);
    const release = await this.#places.take(login, urgency);
    try {
      if (this.#isClosed) throw stepFailure('connection', `${routeName(route)}: this worker stops`, whereOf(route, 'connect'));
      const connection = await this.handshake(route, (stream, limitMs) => connectSsh(stream, route, { limitMs }));
      const { hostKey, serverVersion } = connection;
      const hops = hopFacts(route, (hop) => this.#fingerprintOf(hop));
      const pooled = new Pooled(connection, this.#sink.opened({ target: route.target, serverVersion, hostKey, hops }));
      login.connections.add(pooled);
      connection.closed.then((reason) => {
        pooled.gone(reason);
        login.connections.delete(pooled);
        release();
        this.#places.moved();
        login.serve();
        this.#forget(login);
      });
      if (this.#isClosed) pooled.end('worker stopped');
      return pooled;
    } catch (error) {
      release();
      throw error;
    }
  }

  #forget(login: Login): void {
    if (login.isUnused && this.#logins.get(login.key) === login) this.#logins.delete(login.key);
  }

  async #hop(route: SshRoute, jump: SshRoute): Promise<void> {
    try {
      await this.#login(jump, loginKey(jump)).seat('login', { signal: NEVER, since: performance.now() });
    } catch (error) {
      throw error instanceof StepFailure ? hopFailure(route, error) : error;
    }
  }

  #fingerprintOf(hop: SshRoute): string {
    const [first] = this.#logins.get(loginKey(hop))?.connections ?? [];
    return first?.connection.hostKey.fingerprint ?? '';
  }

  #retire(login: Login, pooled: Pooled): void {
    if (login.superseded) pooled.end('replaced credential');
    else if (pooled.isLeaving) pooled.end('idle');
    else {
      const isWanted = this.#places.isWaitedFor && pooled.restsFor === 0;
      pooled.retireAfter(isWanted ? WANTED_IDLE_MS : this.#limits.idle_seconds * 1000, 'idle');
    }
  }
}
