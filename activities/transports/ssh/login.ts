import { StepFailure } from '#jobs/failure.ts';
import { backoffMs } from './handshakes.ts';
import { FORWARDS, type Pooled, type Seat } from './pooled.ts';
import type { Urgency } from './semaphore.ts';
import { SessionLimit } from './session-limit.ts';
import type { SshRoute } from './target.ts';

/** A seat on a connection, or only a connection that is logged in. */
export type Want = Seat | 'login';

/** How one wait ends: in its turn, or by the signal. */
export interface Turn {
  readonly signal: AbortSignal;
  readonly urgency?: Urgency;
  /** When it was first asked for: what was refused its seat comes before those who came later. */
  readonly since: number;
  /** Called when it takes some seconds. */
  waits?(want: Want): void;
}

/** What logins are made with. */
export interface Growth {
  readonly maxSessions: number;
  /** Connections of one login that are made at a time. */
  readonly atOnce: number;
  /** How long is waited before `waits` is called. */
  readonly tellAfterMs: number;
  /** How long without a refusal before one session more is tried. */
  readonly quietMs: number;
  /** Connects and logs in. */
  connect(login: Login, urgency: Urgency): Promise<Pooled>;
  /** Told once those who wait have taken their seats. */
  connected(login: Login, pooled: Pooled): void;
  /** It has no connection and nobody waits for one. */
  unused(login: Login): void;
}

interface Waiter {
  readonly urgency: Urgency;
  readonly since: number;
  take(pooled: Pooled): void;
  fail(error: unknown): void;
}

const isBefore = (one: Waiter, other: Waiter): boolean =>
  one.urgency === other.urgency ? one.since <= other.since : one.urgency === 'ahead';

const WANTS = ['login', 'session', 'forward'] as const satisfies readonly Want[];

/** Longest wait for another connection after some that failed. */
const MOST_FAILURES = 6;

/** One login on one host: its connections, and who waits for them. Seats are given in order of arrival; a wait fails only with the last connection. */
export class Login {
  readonly key: string;
  readonly route: SshRoute;
  readonly connections = new Set<Pooled>();
  readonly limit: SessionLimit;
  /** Its credential has a newer version: what is idle ends. */
  superseded = false;
  readonly #growth: Growth;
  readonly #waiting: { readonly [want in Want]: Waiter[] } = { login: [], session: [], forward: [] };
  #growing = 0;
  #growingAhead = 0;
  #failures = 0;
  #pausedUntil = 0;
  #raise: NodeJS.Timeout | null = null;

  constructor(key: string, route: SshRoute, growth: Growth) {
    this.key = key;
    this.route = route;
    this.#growth = growth;
    this.limit = new SessionLimit(growth.maxSessions, growth.quietMs);
  }

  /** Connections that stay, and those being made. */
  get size(): number {
    return [...this.connections].filter(({ isLeaving }) => !isLeaving).length + this.#growing;
  }

  get isUnused(): boolean {
    return this.connections.size === 0 && this.#growing === 0 && WANTS.every((want) => this.#waiting[want].length === 0);
  }

  /** A connection with the seat wanted, taken; more connections are made while there are too few. Rejects with the signal's reason, or with why no connection can be had. */
  seat(want: Want, turn: Turn): Pooled | Promise<Pooled> {
    const { signal, urgency = 'in turn' } = turn;
    if (!signal.aborted && (urgency === 'ahead' || this.#waiting[want].length === 0)) {
      const free = this.#free(want);
      if (free !== undefined) return free;
    }
    return this.#wait(want, turn, urgency);
  }

  /** Gives free seats to those who wait, the first first, and sees to connections for the rest. */
  serve(): void {
    for (const want of WANTS) {
      const queue = this.#waiting[want];
      while (queue.length > 0) {
        const pooled = this.#free(want);
        if (pooled === undefined) break;
        queue.shift()?.take(pooled);
      }
    }
    this.#grow();
  }

  /** Serves again when a connection that refused a session may be asked anew. */
  serveAfter(ms: number): void {
    // Timers drop the fraction and may be a millisecond early.
    setTimeout(() => this.serve(), Math.ceil(ms) + 2).unref();
  }

  #wait(want: Want, { signal, since, waits }: Turn, urgency: Urgency): Promise<Pooled> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const queue = this.#waiting[want];
      const telling = waits && setTimeout(() => waits(want), this.#growth.tellAfterMs).unref();
      const settled = () => {
        signal.removeEventListener('abort', leave);
        clearTimeout(telling);
      };
      const waiter: Waiter = {
        urgency,
        since,
        take(pooled) {
          settled();
          resolve(pooled);
        },
        fail(error) {
          settled();
          reject(error);
        },
      };
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        waiter.fail(signal.reason);
        if (this.isUnused) this.#growth.unused(this);
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.splice(queue.findLastIndex((other) => isBefore(other, waiter)) + 1, 0, waiter);
      this.#grow();
    });
  }

  #free(want: Want): Pooled | undefined {
    const { value } = this.limit;
    for (const pooled of this.connections) {
      if (want === 'login' ? pooled.ended : want === 'session' ? pooled.room(value) === 0 : !pooled.takesForwards) continue;
      if (want !== 'login') pooled.take(want);
      return pooled;
    }
    return undefined;
  }

  #grow(): void {
    const { session } = this.#waiting;
    const wanted = this.#wanted();
    if (session.length > 0) this.#serveOnceRaised();
    if (wanted === 0 || performance.now() < this.#pausedUntil) return;
    const most = Math.min(wanted, this.#growth.atOnce);
    while (this.#growing - this.#growingAhead < most) this.#connect(this.size === 0 ? 'first' : 'in turn');
    if (session[0]?.urgency === 'ahead' && this.#growingAhead === 0) this.#connect('ahead');
  }

  #serveOnceRaised(): void {
    const { raisesIn } = this.limit;
    if (this.#raise !== null || raisesIn === null) return;
    this.#raise = setTimeout(() => {
      this.#raise = null;
      this.serve();
    }, raisesIn + 2).unref();
  }

  /** Connections that are too few. */
  #wanted(): number {
    const { session, forward, login } = this.#waiting;
    if (session.length + forward.length + login.length === 0) return 0;
    const { value } = this.limit;
    // What rests for a moment only has room soon.
    let soon = 0;
    for (const pooled of this.connections) {
      if (pooled.restsFor > 0 && pooled.restsFor < 200 && !pooled.ended && !pooled.isLeaving)
        soon += Math.max(0, value - pooled.taken.session);
    }
    const sessions = Math.ceil(Math.max(0, session.length - soon) / value);
    return Math.max(sessions, Math.ceil(forward.length / FORWARDS), login.length > 0 && this.connections.size === 0 ? 1 : 0);
  }

  #connect(urgency: Urgency): void {
    const ahead = urgency === 'ahead' ? 1 : 0;
    this.#growing += 1;
    this.#growingAhead += ahead;
    const over = () => {
      this.#growing -= 1;
      this.#growingAhead -= ahead;
    };
    this.#growth.connect(this, urgency).then(
      (pooled) => {
        over();
        this.#failures = 0;
        this.serve();
        this.#growth.connected(this, pooled);
      },
      (error) => {
        over();
        this.#failed(error);
      },
    );
  }

  #failed(error: unknown): void {
    const others = this.connections.size + this.#growing > 0;
    // A login that is refused is not tried again by those who wait.
    if (others && error instanceof StepFailure && error.type === 'connection') {
      this.#failures += 1;
      const pauseMs = backoffMs(Math.min(this.#failures, MOST_FAILURES));
      this.#pausedUntil = performance.now() + pauseMs;
      this.serveAfter(pauseMs);
      return;
    }
    for (const want of WANTS) for (const waiter of this.#waiting[want].splice(0)) waiter.fail(error);
    if (this.isUnused) this.#growth.unused(this);
  }
}
