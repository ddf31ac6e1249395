import { CHUNK_BYTES, CHUNK_LINES, type LogLine } from '#db/log-chunk.ts';
import type { LogLevel, StepLog, StreamOffsets } from '../contract.ts';
import { LineCutter, type OutputLine } from './log-lines.ts';
import type { LogSink, OpenChunk } from './log-sink.ts';
import type { Masker, MaskStream } from './mask.ts';
import { Tail } from './tail.ts';

/** Which attempt's log this is, the number of its first line, and what the log has of the execution already. */
export interface LogPlace {
  readonly run: string;
  readonly key: string;
  readonly attempt: number;
  readonly firstLine: number;
  readonly stored: StreamOffsets;
}

/** How long a line may wait until it can be seen. */
const LIVE_MS = 100;

const ALARMING = /\b(error|fatal|failed|failure|exception|panic|traceback)\b/i;

interface Stream {
  readonly mask: MaskStream;
  readonly cutter: LineCutter;
  readonly tail: Tail;
}

/** The log of one attempt: masks, cuts into lines, numbers them and hands chunks to the sink, whose lack of room makes `write` wait. */
export class LogWriter implements StepLog {
  readonly stored: StreamOffsets;
  readonly #place: Pick<OpenChunk, 'run' | 'key' | 'attempt'>;
  readonly #masker: Masker;
  readonly #sink: LogSink;
  readonly #streams: Readonly<Record<'stdout' | 'stderr', Stream>>;
  #nextLine: number;
  #chunk: OpenChunk | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor({ firstLine, stored, ...place }: LogPlace, masker: Masker, sink: LogSink) {
    this.#place = place;
    this.#masker = masker;
    this.#sink = sink;
    this.#nextLine = firstLine;
    this.stored = stored;
    const stream = (): Stream => ({ mask: masker.stream(), cutter: new LineCutter(), tail: new Tail() });
    this.#streams = { stdout: stream(), stderr: stream() };
  }

  /** Lines written so far, those of earlier attempts included. */
  get lines(): number {
    return this.#nextLine - 1;
  }

  async write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> {
    const { mask } = this.#streams[stream];
    await this.#take(stream, mask.pass(bytes));
  }

  async line(level: LogLevel, text: string): Promise<void> {
    for (const line of this.#masker.text(text).split('\n')) this.#add({ at: Date.now(), stream: 'system', level, text: line });
    await this.#sink.room();
  }

  recall(stream: 'stdout' | 'stderr', before: Uint8Array): void {
    const mask = this.#masker.stream();
    this.#streams[stream].tail.push(Buffer.concat([mask.pass(before), mask.end()]));
  }

  async settled(): Promise<void> {
    this.#show();
    await this.#sink.flush();
  }

  tail(): { readonly stdout: string; readonly stderr: string } {
    this.endOutput();
    return { stdout: this.#streams.stdout.tail.text(), stderr: this.#streams.stderr.tail.text() };
  }

  /** Hands on what masking and line cutting still hold back, once no more output comes. */
  endOutput(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      this.#release(name);
      this.#addOutput(name, this.#streams[name].cutter.end());
    }
  }

  #release(name: 'stdout' | 'stderr'): void {
    const { mask, cutter, tail } = this.#streams[name];
    const rest = mask.end();
    tail.push(rest);
    this.#addOutput(name, cutter.push(rest));
  }

  /** Hands the last chunk to the sink. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#chunk !== null) void this.#sink.add(this.#chunk);
    this.#chunk = null;
  }

  async #take(name: 'stdout' | 'stderr', masked: Buffer): Promise<void> {
    const { cutter, tail } = this.#streams[name];
    tail.push(masked);
    // In portions, so that one large read does not become a million lines at once.
    for (let from = 0; from < masked.length; from += CHUNK_BYTES) {
      this.#addOutput(name, cutter.push(masked.subarray(from, from + CHUNK_BYTES)));
      await this.#sink.room();
    }
  }

  #addOutput(stream: 'stdout' | 'stderr', lines: readonly OutputLine[]): void {
    const at = Date.now();
    for (const { text, continued } of lines) {
      const level = stream === 'stderr' && ALARMING.test(text) ? 'error' : 'info';
      this.#add({ at, stream, level, text, ...(continued ? { context: { continued } } : {}) });
    }
  }

  #add(line: LogLine): void {
    this.#chunk ??= { ...this.#place, first_line: this.#nextLine, bytes: 0, lines: [] };
    const chunk = this.#chunk;
    chunk.lines.push(line);
    chunk.bytes += Buffer.byteLength(line.text);
    this.#nextLine += 1;
    if (chunk.lines.length >= CHUNK_LINES || chunk.bytes >= CHUNK_BYTES) this.close();
    else this.#timer ??= setTimeout(() => this.#show(), LIVE_MS);
  }

  /** Stores the open chunk as it stands; it is stored again, longer, when it grows. */
  #show(): void {
    this.#timer = undefined;
    if (this.#chunk !== null) void this.#sink.add(this.#chunk);
  }
}
