import { setImmediate as nextTurn } from 'node:timers/promises';

/** Then others have their turn. */
const SLICE_MS = 8;

/** Keeps long work from holding up the requests of others, and says how long it has been at it. */
export class Pace {
  readonly #began = performance.now();
  #sliceBegan = this.#began;

  /** True when others have waited long enough. */
  get isLong(): boolean {
    return performance.now() - this.#sliceBegan >= SLICE_MS;
  }

  async breathe(): Promise<void> {
    await nextTurn();
    this.#sliceBegan = performance.now();
  }

  /** Milliseconds since the work began. */
  get elapsed(): number {
    return performance.now() - this.#began;
  }
}
