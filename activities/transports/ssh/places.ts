import { stepFailure } from '#jobs/failure.ts';
import { routeName, whereOf } from './failure.ts';
import type { Login } from './login.ts';
import { Semaphore, type Urgency } from './semaphore.ts';
import { whenStuck } from './stuck.ts';

/** How patient those are who wait. */
export interface SshPatience {
  /** Nothing has moved at all for so long, before a wait for a connection fails. */
  readonly stuckMs: number;
  /** A wait is told after so long. */
  readonly tellAfterMs: number;
  /** Nothing was refused for so long, before a host is tried with one session more than it was found to allow. */
  readonly quietMs: number;
}

/** How patient the steps of a worker are. */
export const PATIENCE: SshPatience = { stuckMs: 60_000, tellAfterMs: 5000, quietMs: 15_000 };

/** Connections past the limit, for channels that end commands. */
const RESERVE = 4;

const NEVER = new AbortController().signal;

/** The connections that one worker may hold, shared among its logins. */
export class Places {
  readonly #limit: number;
  readonly #stuckMs: number;
  readonly #logins: () => Iterable<Login>;
  readonly #places: Semaphore;
  #movedAt = 0;

  constructor(limit: number, stuckMs: number, logins: () => Iterable<Login>) {
    this.#limit = limit;
    this.#stuckMs = stuckMs;
    this.#logins = logins;
    this.#places = new Semaphore(limit, RESERVE);
  }

  get isWaitedFor(): boolean {
    return this.#places.isWaitedFor;
  }

  /** Something was given back: waiting is worth while. */
  moved(): void {
    this.#movedAt = performance.now();
  }

  /** A place for one connection more, waited for as long as anything moves; answers with what gives it back. */
  async take(login: Login, urgency: Urgency): Promise<() => void> {
    if (!this.#places.isFull) return this.#places.acquire(NEVER);
    this.#makeRoom(login);
    const stuck = whenStuck(() => this.#movedAt, this.#stuckMs);
    try {
      return await this.#places.acquire(stuck.signal, urgency);
    } catch (error) {
      const { route } = login;
      const busy = `all ${this.#limit} SSH connections of this worker are busy, and nothing on them ended for ${this.#stuckMs / 1000} s`;
      throw stepFailure('connection', `${routeName(route)}: waited for an SSH connection; ${busy}`, whereOf(route, 'connect'), error);
    } finally {
      stuck.done();
    }
  }

  /** What is idle ends; else the login with most connections gives up one, once its commands are over. */
  #makeRoom(asking: Login): void {
    const logins = [...this.#logins()];
    const others = logins.flatMap((login) => (login === asking ? [] : [...login.connections]));
    const idle = others.find((pooled) => pooled.isIdle && !pooled.ended && pooled.restsFor === 0);
    if (idle !== undefined) {
      idle.end('idle');
      return;
    }
    const [largest] = logins.sort((a, b) => b.size - a.size);
    if (largest === undefined || largest.size <= asking.size + 1) return;
    const leaving = [...largest.connections].find((pooled) => !pooled.isLeaving && pooled.taken.forward === 0);
    if (leaving !== undefined) leaving.isLeaving = true;
  }
}
