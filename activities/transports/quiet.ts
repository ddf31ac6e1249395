import { setImmediate, setTimeout } from 'node:timers/promises';

/** Tells when output has gone quiet. Time in which its taker was busy does not count: then nothing could come, because nothing was read. */
export class Quiet {
  #taking = 0;
  #last = Date.now();

  /** Hands output on, and remembers until when it was being taken. */
  async during(take: () => Promise<void> | void): Promise<void> {
    this.#taking += 1;
    try {
      await take();
    } finally {
      this.#taking -= 1;
      this.#last = Date.now();
    }
  }

  /** Resolves once nothing came, and nothing was being taken, for this long from now on. */
  async lasting(ms: number): Promise<void> {
    const from = Date.now();
    for (;;) {
      const quietFor = this.#taking > 0 ? 0 : Date.now() - Math.max(from, this.#last);
      if (quietFor >= ms) return;
      await setTimeout(ms - quietFor, undefined, { ref: false });
      // What arrived while this process was busy elsewhere is read before the time is judged.
      await setImmediate();
    }
  }
}
