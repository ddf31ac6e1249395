import { setTimeout as pause } from 'node:timers/promises';
import { stepFailure } from '#jobs/failure.ts';
import { isDroppedAtConnect } from './failure.ts';
import { Semaphore } from './semaphore.ts';
import { whenStuck } from './stuck.ts';

const TRIES = 6;

interface HostTurns {
  readonly turns: Semaphore;
  /** When a handshake last succeeded. */
  movedAt: number;
}

/** Keeps the unauthenticated connects to each host under a limit: over `MaxStartups` sshd drops them. */
export class Handshakes {
  readonly #perHost: number;
  readonly #stuckMs: number;
  readonly #hosts = new Map<string, HostTurns>();

  constructor(perHost: number, stuckMs: number) {
    this.#perHost = perHost;
    this.#stuckMs = stuckMs;
  }

  /** Connects to the host in its turn, waited for as long as others succeed; where the host drops the connection before its first word, again, with jitter. */
  async connect<T>(address: string, name: string, connect: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const host = this.#hosts.get(address) ?? { turns: new Semaphore(this.#perHost), movedAt: 0 };
      this.#hosts.set(address, host);
      const release = await this.#turn(host, name);
      try {
        const connected = await connect();
        host.movedAt = performance.now();
        return connected;
      } catch (error) {
        if (!(error instanceof Error) || !isDroppedAtConnect(error.cause) || tries === TRIES) throw error;
      } finally {
        release();
        if (host.turns.isIdle) this.#hosts.delete(address);
      }
      await pause(backoffMs(tries));
    }
  }

  async #turn(host: HostTurns, name: string): Promise<() => void> {
    if (!host.turns.isFull) return host.turns.acquire(NEVER);
    const stuck = whenStuck(() => host.movedAt, this.#stuckMs);
    try {
      return await host.turns.acquire(stuck.signal);
    } catch (error) {
      const waited = `waited for one of the ${this.#perHost} handshakes that may go on with the host at a time`;
      throw stepFailure('connection', `${name}: ${waited}, and none succeeded for ${this.#stuckMs / 1000} s`, undefined, error);
    } finally {
      stuck.done();
    }
  }
}

const NEVER = new AbortController().signal;

/** Doubles with every try, with jitter, so that steps that failed together do not come back together. */
export const backoffMs = (tries: number): number => 100 * 2 ** tries * (0.5 + Math.random());
