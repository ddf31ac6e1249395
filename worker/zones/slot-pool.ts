import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import type { Shares } from '#jobs/queues/slots.ts';
import { AdmissionLine } from './admission-line.ts';

/** How a queue stands in the pool: steps it has taken, how many it may take at a time, and whether it would take more if it might. */
export interface Standing {
  readonly name: string;
  readonly used: number;
  /** Of those, the ones that take a slot or may as soon as one is free. */
  readonly claims: number;
  readonly share: number;
  readonly isHungry: boolean;
  /** Epoch milliseconds of the last step; null: none yet. */
  readonly usedAt: number | null;
}

interface Book {
  readonly supplier: CustomSlotSupplier<ActivitySlotInfo>;
  /** Polls under way: at most one, so that what it may bring is no surprise. */
  armed: number;
  used: number;
  usedAt: number | null;
  isLeaving: boolean;
  readonly waiting: Reservation[];
}

interface Reservation {
  grant(permit: SlotPermit): void;
}

/**
 * The slots of one process, shared by its queues of zones. Temporal's library asks for a slot before it asks the server for a step, and may hold it for long:
 * so each queue holds one such slot beside those that work, whoever else needs slots, and a step that comes by it while all slots work waits in line.
 * As long as slots are free a queue takes as many as it can use; when there are too few it takes no more than its share.
 */
export class SlotPool {
  readonly cap: number;
  readonly line: AdmissionLine;
  readonly #books = new Map<string, Book>();
  #shares: Shares = new Map();
  #isScarce = false;

  constructor(cap: number) {
    this.cap = cap;
    this.line = new AdmissionLine(cap);
  }

  /** What the worker of a queue gets its slots from. */
  supplierOf(queue: string): CustomSlotSupplier<ActivitySlotInfo> {
    const working = new WeakSet<SlotPermit>();
    const supplier: CustomSlotSupplier<ActivitySlotInfo> = {
      type: 'custom',
      reserveSlot: (_, abort) =>
        new Promise((resolve, reject) => {
          const reservation: Reservation = { grant: resolve };
          const giveUp = () => {
            const at = book.waiting.indexOf(reservation);
            if (at !== -1) book.waiting.splice(at, 1);
            reject(abort.reason);
          };
          if (abort.aborted) return giveUp();
          abort.addEventListener('abort', giveUp, { once: true });
          book.waiting.push(reservation);
          this.#grant(queue, book);
        }),
      // Steps never come with the answer to a workflow's task: they wait on other queues.
      tryReserveSlot: () => null,
      markSlotUsed: ({ permit }) => {
        working.add(permit);
        book.armed -= 1;
        book.used += 1;
        book.usedAt = Date.now();
        this.#grantAll();
      },
      releaseSlot: ({ permit }) => {
        if (working.delete(permit)) book.used -= 1;
        else book.armed -= 1;
        this.#grantAll();
      },
    };
    const book: Book = { supplier, armed: 0, used: 0, usedAt: null, isLeaving: false, waiting: [] };
    this.#books.set(queue, book);
    return supplier;
  }

  /** Lets a queue take nothing more. */
  leave(queue: string): void {
    const book = this.#books.get(queue);
    if (book) book.isLeaving = true;
  }

  /** Lets a queue that was to be left take steps again. */
  stay(queue: string): void {
    const book = this.#books.get(queue);
    if (!book) return;
    book.isLeaving = false;
    this.#grant(queue, book);
  }

  /** Forgets what the worker has of a queue that got its slots from this supplier and has ended, but not what one that was made since has. */
  forget(queue: string, supplier: CustomSlotSupplier<ActivitySlotInfo>): void {
    if (this.#books.get(queue)?.supplier === supplier) this.#books.delete(queue);
  }

  /** Sets how many steps each queue may take while there are too few slots for all; for a queue that is not named it is one. */
  share(shares: Shares, isScarce: boolean): void {
    this.#shares = shares;
    this.#isScarce = isScarce;
    this.#grantAll();
  }

  /** True while there is work for more slots than there are. */
  get isScarce(): boolean {
    return this.#isScarce;
  }

  get standings(): readonly Standing[] {
    return [...this.#books].map(([name, { armed, used, usedAt, waiting }]) => ({
      name,
      used,
      claims: this.#claimsOf(name, used),
      share: this.#isScarce ? this.#shareOf(name) : Math.max(1, Math.min(this.cap, used + this.cap - this.#used)),
      isHungry: waiting.length > 0 && armed === 0 && used > 0,
      usedAt,
    }));
  }

  #shareOf(queue: string): number {
    return this.#shares.get(queue) ?? 1;
  }

  get #used(): number {
    let used = 0;
    for (const [queue, book] of this.#books) used += this.#claimsOf(queue, book.used);
    return used;
  }

  /** What waits in line of a queue that is held back keeps nobody from a slot. */
  #claimsOf(queue: string, used: number): number {
    return this.line.isHeld(queue) ? Math.min(used, this.line.runningOf(queue)) : used;
  }

  #mayPoll(queue: string, { armed, used, isLeaving }: Book): boolean {
    if (isLeaving || armed > 0) return false;
    return this.#isScarce ? used < this.#shareOf(queue) : used === 0 || this.#used < this.cap;
  }

  #grant(queue: string, book: Book): void {
    if (!this.#mayPoll(queue, book)) return;
    const next = book.waiting.shift();
    if (!next) return;
    book.armed += 1;
    next.grant({});
  }

  #grantAll(): void {
    for (const [queue, book] of this.#books) this.#grant(queue, book);
  }
}
