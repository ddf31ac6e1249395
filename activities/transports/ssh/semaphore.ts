/** Who waits before whom: what ends a command is `ahead` of all, who has nothing yet is `first` among the others. */
export type Urgency = (typeof URGENCIES)[number];

const URGENCIES = ['ahead', 'first', 'in turn'] as const;

interface Waiter {
  readonly urgency: Urgency;
  enter(): void;
}

/** Lets at most `limit` holders in at a time, in order of arrival; who is let in `ahead` finds some places more. */
export class Semaphore {
  readonly #limit: number;
  readonly #reserve: number;
  readonly #waiting: Waiter[] = [];
  #held = 0;

  constructor(limit: number, reserve = 0) {
    this.#limit = limit;
    this.#reserve = reserve;
  }

  get isFull(): boolean {
    return this.#held >= this.#limit;
  }

  get isIdle(): boolean {
    return this.#held === 0;
  }

  get isWaitedFor(): boolean {
    return this.#waiting.length > 0;
  }

  /** Waits for a place and answers with the function that gives it back; rejects with the signal's reason. */
  async acquire(signal: AbortSignal, urgency: Urgency = 'in turn'): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#hasRoom(urgency)) this.#held += 1;
    else await this.#turn(signal, urgency);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#held -= 1;
      const next = this.#waiting[0];
      if (next === undefined || !this.#hasRoom(next.urgency)) return;
      // The place passes to the next in line without ever being free, so that nobody overtakes.
      this.#waiting.shift();
      this.#held += 1;
      next.enter();
    };
  }

  #hasRoom(urgency: Urgency): boolean {
    return this.#held < this.#limit + (urgency === 'ahead' ? this.#reserve : 0);
  }

  #turn(signal: AbortSignal, urgency: Urgency): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        urgency,
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const rank = URGENCIES.indexOf(urgency);
      this.#waiting.splice(this.#waiting.findLastIndex((other) => URGENCIES.indexOf(other.urgency) <= rank) + 1, 0, waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
