/** Refusals that could be lag, with no session granted beyond them in between, that are believed. */
const REPEATS = 3;

/**
 * How many sessions a host allows on one connection, as far as is known. A refusal alone tells little: a busy host still counts sessions that
 * are closed on our side. So the limit is lowered by what is sure or repeats, and creeps up again while all is quiet.
 */
export class SessionLimit {
  readonly #most: number;
  /** After so long without a refusal one session more is tried. */
  readonly #quietMs: number;
  readonly #now: () => number;
  #value: number;
  #quietSince: number;
  #doubt = { times: 0, open: 0 };

  constructor(most: number, quietMs: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#quietMs = quietMs;
    this.#now = now;
    this.#value = most;
    this.#quietSince = now();
  }

  get value(): number {
    if (this.#value === this.#most) return this.#value;
    const raises = Math.floor((this.#now() - this.#quietSince) / this.#quietMs);
    this.#value = Math.min(this.#most, this.#value + raises);
    this.#quietSince += raises * this.#quietMs;
    return this.#value;
  }

  /** Milliseconds until one more is tried; null when nothing was learned. */
  get raisesIn(): number | null {
    return this.value === this.#most ? null : this.#quietMs - (this.#now() - this.#quietSince);
  }

  /** A session was granted, the `open`th on its connection. */
  granted(open: number): void {
    if (open > this.#doubt.open) this.#doubt = { times: 0, open: 0 };
  }

  /** A session was refused beside `open` others, while the host may have counted `closing` more that are closed on our side; what was asked together `repeats` nothing. */
  refused(open: number, closing: number, repeats = true): void {
    const { value } = this;
    this.#quietSince = this.#now();
    if (open + closing < value) this.#lower(open + closing);
    else if (open < value && repeats) {
      this.#doubt = { times: this.#doubt.times + 1, open: Math.max(this.#doubt.open, open) };
      if (this.#doubt.times >= REPEATS) this.#lower(this.#doubt.open);
    }
  }

  #lower(to: number): void {
    this.#value = Math.max(1, Math.min(this.#value, to));
    this.#doubt = { times: 0, open: 0 };
  }
}
