import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure } from '#jobs/failure.ts';

/** How often in a row a connection may be lost without anything having moved in between. */
const MOST = 6;
const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** Does again what a lost connection cut off, within bounds: files that are cut off together wait together. */
export class Healer {
  readonly #signal: AbortSignal;
  readonly #say: (text: string) => void;
  #losses = 0;
  #pausing: Promise<void> | null = null;

  constructor(signal: AbortSignal, say: (text: string) => void) {
    this.#signal = signal;
    this.#say = say;
  }

  /** Something got through: what is lost after this is lost for the first time. */
  progressed(): void {
    if (this.#pausing === null) this.#losses = 0;
  }

  /** The outcome of `act`, which hears which try it is, 1-based. */
  async healed<T>(act: (tries: number) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await act(tries);
      } catch (error) {
        if (!(error instanceof StepFailure) || error.type !== 'connection' || this.#signal.aborted) throw error;
        if (this.#pausing === null) {
          this.#losses += 1;
          if (this.#losses > MOST) throw error;
          const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#losses - 1));
          this.#say(`${error.message}; tried again in ${ms} ms`);
          this.#pausing = pause(ms, undefined, { signal: this.#signal })
            .catch(() => undefined)
            .finally(() => {
              this.#pausing = null;
            });
        }
        await this.#pausing;
        this.#signal.throwIfAborted();
      }
    }
  }
}
