/** A step that a worker was handed and that waits for one of the slots to come free. */
interface Waiting {
  readonly queue: string;
  readonly priority: number;
  begin(): void;
}

/** Lets no more than so many steps run at a time, and none of a queue that is held back; the others wait, those of a queue of which nothing runs first, then the most urgent, then by arrival. */
export class AdmissionLine {
  readonly #cap: number;
  readonly #running = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #held: ReadonlySet<string> = new Set();
  #total = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Resolves when the step may begin, with what is to be called when it has ended; rejects with the reason of the signal when that comes first. */
  enter(queue: string, priority: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        queue,
        priority,
        begin: () => {
          signal.removeEventListener('abort', giveUp);
          this.#total += 1;
          this.#running.set(queue, this.runningOf(queue) + 1);
          resolve(() => this.#end(queue));
        },
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  /** Lets nothing begin of these queues, and of all others what may. */
  hold(queues: ReadonlySet<string>): void {
    this.#held = queues;
    this.#admit();
  }

  isHeld(queue: string): boolean {
    return this.#held.has(queue);
  }

  get running(): number {
    return this.#total;
  }

  /** How many steps of a queue run. */
  runningOf(queue: string): number {
    return this.#running.get(queue) ?? 0;
  }

  #end(queue: string): void {
    this.#total -= 1;
    const left = this.runningOf(queue) - 1;
    if (left === 0) this.#running.delete(queue);
    else this.#running.set(queue, left);
    this.#admit();
  }

  #admit(): void {
    const rank = ({ queue, priority }: Waiting) => (this.#running.has(queue) ? 1_000 : 0) + priority;
    while (this.#total < this.#cap) {
      const next = this.#waiting.filter(({ queue }) => !this.#held.has(queue)).toSorted((a, b) => rank(a) - rank(b))[0];
      if (!next) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      next.begin();
    }
  }
}
