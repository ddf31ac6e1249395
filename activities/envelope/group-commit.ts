/** How batches are written and how much may wait. */
export interface GroupCommitOptions<T> {
  /** Writes a batch, completely or not at all. */
  write(batch: readonly T[]): Promise<void>;
  /** What an item counts against `maxPending`. */
  weigh(item: T): number;
  /** Longest an item waits for company, in milliseconds. */
  readonly delayMs: number;
  /** What comes after nothing was written for so long goes at once, with what comes in the same moment: somebody looks at it. */
  readonly isEager?: boolean;
  readonly maxBatch: number;
  /** Weight that may wait before `add` makes its caller wait too. */
  readonly maxPending: number;
  /** True for a failure that passes by itself (the database restarts): the batch is written again. Any other drops the item it is about. */
  isPassing(error: unknown): boolean;
  onDropped(item: T, error: unknown): void;
}

interface Pending<T> {
  readonly item: T;
  readonly weight: number;
  settle: PromiseWithResolvers<void> | null;
}

/** Writes items in the order they come, many in one statement, one statement at a time; bounded, and patient while the database is away. */
export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>;
  #pending: Pending<T>[] = [];
  #weight = 0;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #wroteAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;
  #room: PromiseWithResolvers<void> | null = null;

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options;
  }

  /** Takes an item to be written soon; what it answers resolves as soon as there is room for more, undefined when there is. */
  add(item: T): Promise<void> | undefined {
    this.#push(item, null);
    if (this.#isQuiet()) this.#soon ??= setImmediate(this.#write);
    else this.#schedule(this.#options.delayMs);
    return this.#hasRoom() ? undefined : this.#untilRoom();
  }

  /** Takes an item and resolves once it is committed; rejects if it had to be dropped. */
  commit(item: T): Promise<void> {
    const settle = Promise.withResolvers<void>();
    this.#push(item, settle);
    this.#schedule(0);
    return settle.promise;
  }

  /** Resolves once everything added before is written or dropped, whatever comes after it. */
  async written(): Promise<void> {
    const last = this.#pending.at(-1);
    if (last === undefined) return this.#writing ?? undefined;
    last.settle ??= Promise.withResolvers<void>();
    this.#schedule(0);
    await last.settle.promise.catch(() => undefined);
  }

  /** Resolves once there is nothing left to write. */
  async flush(): Promise<void> {
    while (this.#pending.length > 0 || this.#writing !== null) {
      if (this.#writing === null) this.#write();
      await this.#writing;
    }
  }

  #push(item: T, settle: PromiseWithResolvers<void> | null): void {
    const weight = this.#options.weigh(item);
    this.#pending.push({ item, weight, settle });
    this.#weight += weight;
  }

  #isQuiet(): boolean {
    const { isEager = false, delayMs } = this.#options;
    return isEager && this.#writing === null && performance.now() - this.#wroteAt >= delayMs;
  }

  #hasRoom = (): boolean => this.#weight < this.#options.maxPending;

  #untilRoom(): Promise<void> {
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  #schedule(delayMs: number): void {
    if (this.#writing !== null) return;
    if (delayMs === 0 || this.#pending.length >= this.#options.maxBatch) {
      this.#write();
    } else {
      this.#timer ??= setTimeout(this.#write, delayMs);
    }
  }

  #write = (): void => {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = undefined;
    this.#soon = undefined;
    if (this.#writing !== null) return;
    const batch = this.#pending.splice(0, this.#options.maxBatch);
    if (batch.length === 0) return;
    this.#writing = this.#writeBatch(batch).finally(() => {
      this.#writing = null;
      this.#wroteAt = performance.now();
      for (const { weight } of batch) this.#weight -= weight;
      if (this.#hasRoom()) {
        this.#room?.resolve();
        this.#room = null;
      }
      // What gathered meanwhile waited long enough.
      this.#write();
    });
  };

  async #writeBatch(batch: readonly Pending<T>[]): Promise<void> {
    try {
      await this.#persist(batch.map(({ item }) => item));
      for (const { settle } of batch) settle?.resolve();
    } catch (error) {
      if (batch.length > 1) {
        for (const one of batch) await this.#writeBatch([one]);
        return;
      }
      for (const { item, settle } of batch) {
        this.#options.onDropped(item, error);
        settle?.reject(error);
      }
    }
  }

  async #persist(items: readonly T[]): Promise<void> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        return await this.#options.write(items);
      } catch (error) {
        if (!this.#options.isPassing(error)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
