import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { Appender } from './append.ts';
import { utcDate } from './dates.ts';
import { processFile } from './names.ts';

export interface ProcessFileOptions {
  readonly dir: string;
  readonly name: 'system' | 'audit';
  /** What kind of process it is, e.g. `worker`. */
  readonly program: string;
  readonly rotateBytes: number;
  /** Called when files cannot be written any more, with the reason, and with null once they can be again. */
  readonly onTrouble: (problem: string | null) => void;
  /** Lines and characters that wait at most; what comes on top is dropped, and counted. */
  readonly maxLines?: number;
  readonly maxChars?: number;
  /** How long lines gather before they are written together. */
  readonly gatherMs?: number;
  /** Longest time between two tries while the disk takes nothing. */
  readonly patienceMs?: number;
}

const FIRST_RETRY_MS = 500;

/** The file of the day that this process alone writes: lines are taken at once and written soon, and while the disk takes none, nobody waits for it. */
export class ProcessFile {
  readonly #options: Required<ProcessFileOptions>;
  readonly #appender: Appender;
  readonly #process = { host: hostname(), pid: process.pid };
  #waiting: string[] = [];
  #chars = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #problem: string | null = null;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: ProcessFileOptions) {
    this.#options = { maxLines: 20_000, maxChars: 8 * 1024 * 1024, gatherMs: 50, patienceMs: 30_000, ...options };
    this.#appender = new Appender({ dir: options.dir, rotateBytes: options.rotateBytes, maxOpen: 1 });
  }

  /** Takes a line, with or without its end. */
  write(line: string): void {
    const { maxLines, maxChars, gatherMs } = this.#options;
    if (this.#waiting.length >= maxLines || this.#chars + line.length > maxChars) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line.endsWith('\n') ? line.slice(0, -1) : line);
    this.#chars += line.length;
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs).unref();
  }

  /** Writes what waits; resolves when that is tried, and never throws. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#writing) await this.#writing;
    if (this.#waiting.length === 0 && this.#dropped === 0) return;
    this.#writing = this.#write();
    await this.#writing;
    this.#writing = null;
    if (this.#problem === null && this.#waiting.length > 0) await this.flush();
  }

  /** Writes what waits while the process ends and can wait for nothing. */
  flushNow(): void {
    const lines = this.#taken();
    if (lines.length === 0) return;
    try {
      const place = path.join(this.#options.dir, this.#file());
      mkdirSync(path.dirname(place), { recursive: true, mode: 0o750 });
      appendFileSync(place, `${lines.join('\n')}\n`, { mode: 0o640 });
    } catch {
      // It has been said already, or is too late to be.
    }
  }

  #file() {
    return processFile(this.#options.name, utcDate(Date.now()), { program: this.#options.program, ...this.#process });
  }

  async #write(): Promise<void> {
    const dropped = this.#dropped;
    const lines = this.#taken();
    try {
      await this.#appender.append({ file: this.#file(), lines });
      // Between writes nothing is held: whoever moves or packs files meets none that is open.
      await this.#appender.close();
      this.#retryMs = FIRST_RETRY_MS;
      this.#tell(null);
    } catch (error) {
      // Back to where they were, in front of what came meanwhile; the count of those that were dropped is told anew.
      const back = dropped > 0 ? lines.slice(0, -1) : lines;
      this.#waiting = [...back, ...this.#waiting];
      this.#chars += back.reduce((sum, line) => sum + line.length, 0);
      this.#dropped += dropped;
      this.#timer ??= setTimeout(() => void this.flush(), this.#retryMs).unref();
      this.#retryMs = Math.min(this.#retryMs * 2, this.#options.patienceMs);
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  #taken(): readonly string[] {
    const lines = this.#waiting;
    if (this.#dropped > 0) lines.push(droppedLine(this.#dropped));
    this.#waiting = [];
    this.#chars = 0;
    this.#dropped = 0;
    return lines;
  }

  #tell(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.onTrouble(problem);
  }
}

const droppedLine = (dropped: number): string =>
  JSON.stringify({
    time: new Date().toISOString(),
    event: 'log.dropped',
    dropped,
    msg: `${dropped} lines were dropped here: the disk took none and too many waited`,
  });
