/** A step that a worker was handed and that waits for one of the slots to come free. */
interface Waiting {
  readonly queue: string;
  readonly priority: number;
  begin(): void;
}

/** Lets no more than so many steps run at a time; the others wait, those of a queue of which nothing runs first, then the most urgent, then by arrival. */
export class AdmissionLine {
  readonly #cap: number;
  readonly #running = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #total = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Resolves when the step may begin, with what is to be called when it has ended; rejects with the reason of the signal when that comes first. */
  enter(queue: string, priority: number, signal: AbortSignal): Promise<() => void> {
    const leave = () => this.#end(queue);
    if (this.#total < this.#cap) {
      this.#begin(queue);
      return Promise.resolve(leave);
    }
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
          this.#begin(queue);
          resolve(leave);
        },
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
    });
  }

  get running(): number {
    return this.#total;
  }

  #begin(queue: string): void {
    this.#total += 1;
    this.#running.set(queue, (this.#running.get(queue) ?? 0) + 1);
  }

  #end(queue: string): void {
    this.#total -= 1;
    const left = (this.#running.get(queue) ?? 1) - 1;
    if (left === 0) this.#running.delete(queue);
    else this.#running.set(queue, left);
    const rank = ({ queue: its, priority }: Waiting) => (this.#running.has(its) ? 1_000 : 0) + priority;
    const next = this.#waiting.toSorted((a, b) => rank(a) - rank(b))[0];
    if (!next) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    next.begin();
  }
}
