/** Shown progress changes at most this often. */
const EVERY_MS = 200;

/** Hands on a step's progress, never falling, at most every 200 ms, the newest last. */
export class Progress {
  readonly #show: (percent: number, message: string | null) => void;
  #percent = 0;
  #message: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #shownAt = 0;

  constructor(show: (percent: number, message: string | null) => void) {
    this.#show = show;
  }

  /** Takes over a percentage (clamped to 0–100, ignored when it falls) and what is being done. */
  report(percent: number, message?: string): void {
    if (Number.isFinite(percent)) this.#percent = Math.max(this.#percent, Math.min(100, Math.round(percent)));
    this.#message = message ?? this.#message;
    this.#timer ??= setTimeout(() => this.#emit(), Math.max(0, this.#shownAt + EVERY_MS - Date.now()));
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #emit(): void {
    this.#timer = undefined;
    this.#shownAt = Date.now();
    this.#show(this.#percent, this.#message);
  }
}
