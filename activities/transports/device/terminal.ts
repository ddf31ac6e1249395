import type { ClientChannel } from 'ssh2';
import { Screen } from './screen.ts';

/** Wide enough that devices do not break lines; high enough that pagers are rare. */
export const TERMINAL_SIZE = { columns: 511, rows: 1000 } as const;

/** Bytes in one piece below which a device may be writing slowly. */
const LITTLE = 64;

/** The session's channel is closed; the device, the network or somebody on the device did it. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded';
}

/** What was waited for did not come in time. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** Something seen that counts once nothing more has come for `settleMs`. */
export interface Sight<T> {
  readonly value: T;
  readonly settleMs: number;
}

export interface WaitOptions {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Awaited after each look, while the device is made to wait. */
  readonly flush?: () => Promise<void> | null;
}

/** A device's terminal as a dialogue needs it: what stands on the last line, how many lines there were, and waiting for either to change. */
export class Terminal {
  readonly #channel: ClientChannel;
  readonly #screen: Screen;
  #lines: string[] = [];
  #finished = 0;
  #above = '';
  #ended = false;
  #lastAt: number | null = null;
  #lastSize = 0;
  #gapMs = 0;
  /** Counts what has come, so that nothing is missed that comes between two looks. */
  #changes = 0;
  #wake: () => void = () => undefined;

  constructor(channel: ClientChannel, columns: number) {
    this.#channel = channel;
    this.#screen = new Screen(columns, (line) => {
      this.#lines.push(line);
      this.#finished += 1;
      this.#above = line;
    });
    const end = () => {
      this.#ended = true;
      this.#changes += 1;
      this.#wake();
    };
    channel.on('data', (bytes: Buffer) => this.#take(bytes));
    channel.once('close', end).once('end', end);
    channel.on('error', end);
    channel.stderr.resume();
  }

  get line(): string {
    return this.#screen.line;
  }

  get rawTail(): string {
    return this.#screen.rawTail;
  }

  /** The line that ended last. */
  get above(): string {
    return this.#above;
  }

  /** How many lines have ended so far. */
  get finished(): number {
    return this.#finished;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The longest pause in the middle of a line since the last `measureAnew`: how slowly this device may be writing. A pause after much is none of its pace. */
  get gapMs(): number {
    return this.#gapMs;
  }

  measureAnew(): void {
    this.#gapMs = 0;
    this.#lastAt = null;
  }

  /** The lines that have ended since this was last asked. */
  takeLines(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  send(text: string): void {
    this.#lastAt = null;
    if (!this.#ended) this.#channel.write(text);
  }

  /** Looks whenever something has come, until a sight has settled. Throws `SessionEnded`, `TooLate` or the signal's reason. */
  async wait<T>(look: () => Sight<T> | null, { limitMs, signal, flush }: WaitOptions): Promise<T> {
    const lateAt = performance.now() + limitMs;
    for (;;) {
      signal.throwIfAborted();
      const changesBefore = this.#changes;
      const sight = look();
      await this.#hold(flush?.() ?? null);
      if (sight !== null && (sight.settleMs <= 0 || this.#ended)) return sight.value;
      if (this.#changes !== changesBefore) continue;
      if (this.#ended) throw new SessionEnded('the session ended');
      const leftMs = lateAt - performance.now();
      if (leftMs <= 0) throw new TooLate('nothing came in time');
      const settles = sight !== null && sight.settleMs < leftMs;
      const changed = await this.#change(settles ? sight.settleMs : leftMs, signal);
      if (!changed && settles) return sight.value;
    }
  }

  async #hold(flushed: Promise<void> | null): Promise<void> {
    if (flushed === null) return;
    this.#channel.pause();
    try {
      await flushed;
    } finally {
      this.#channel.resume();
    }
  }

  close(): void {
    this.#channel.close();
    this.#channel.resume();
  }

  #take(bytes: Buffer): void {
    const now = performance.now();
    if (this.#lastAt !== null && this.#lastSize < LITTLE && this.line !== '') this.#gapMs = Math.max(this.#gapMs, now - this.#lastAt);
    this.#lastAt = now;
    this.#lastSize = bytes.length;
    this.#screen.feed(bytes);
    this.#changes += 1;
    this.#wake();
  }

  /** True when something came or ended before the time was over. */
  #change(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (changed: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', woken);
        this.#wake = () => undefined;
        resolve(changed);
      };
      const woken = () => done(true);
      const timer = setTimeout(() => done(false), ms);
      signal.addEventListener('abort', woken, { once: true });
      this.#wake = woken;
    });
  }
}
