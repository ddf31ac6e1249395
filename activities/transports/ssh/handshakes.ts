import { setTimeout as pause } from 'node:timers/promises';
import { stepFailure } from '#jobs/failure.ts';
import { isDroppedAtConnect } from './failure.ts';
import { Semaphore } from './semaphore.ts';

const TRIES = 6;

/** Keeps the unauthenticated connects to each host under a limit: over `MaxStartups` sshd drops them. */
export class Handshakes {
  readonly #perHost: number;
  readonly #waitMs: number;
  readonly #hosts = new Map<string, Semaphore>();

  constructor(perHost: number, waitMs: number) {
    this.#perHost = perHost;
    this.#waitMs = waitMs;
  }

  /** Connects to the host in its turn; where the host drops the connection before its first word, again, with jitter. */
  async connect<T>(address: string, name: string, connect: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const turns = this.#hosts.get(address) ?? new Semaphore(this.#perHost);
      this.#hosts.set(address, turns);
      const release = await turns.acquire(AbortSignal.timeout(this.#waitMs)).catch((error) => {
        throw stepFailure('connection', `${name}: no handshake was possible for ${this.#waitMs / 1000} s`, undefined, error);
      });
      try {
        return await connect();
      } catch (error) {
        if (!(error instanceof Error) || !isDroppedAtConnect(error.cause) || tries === TRIES) throw error;
      } finally {
        release();
        if (turns.isIdle) this.#hosts.delete(address);
      }
      await pause(backoffMs(tries));
    }
  }
}

/** Doubles with every try, with jitter, so that steps that failed together do not come back together. */
export const backoffMs = (tries: number): number => 100 * 2 ** tries * (0.5 + Math.random());
