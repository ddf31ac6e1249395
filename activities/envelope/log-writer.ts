import { CHUNK_BYTES, CHUNK_LINES, type LogLine } from '#db/log-chunk.ts';
import { stepFailure } from '#jobs/failure.ts';
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
  /** A later attempt goes on where this one's log ends, so that nothing may be stored once it has begun. */
  readonly fenced: boolean;
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
  readonly #place: Pick<OpenChunk, 'run' | 'key' | 'attempt' | 'fenced'>;
  readonly #masker: Masker;
  readonly #sink: LogSink;
  readonly #streams: Readonly<Record<'stdout' | 'stderr', Stream>>;
  #nextLine: number;
  #chunk: OpenChunk | null = null;
  /** Chunks that are closed and were not yet seen to be stored. */
  #underway: OpenChunk[] = [];
  #isLost = false;
  /** Raw bytes of each stream up to its newest line. */
  readonly #reached: { stdout: number; stderr: number };
  #timer: NodeJS.Timeout | undefined;

  constructor({ firstLine, stored, ...place }: LogPlace, masker: Masker, sink: LogSink) {
    this.#place = place;
    this.#masker = masker;
    this.#sink = sink;
    this.#nextLine = firstLine;
    this.stored = stored;
    this.#reached = { ...stored };
    const stream = (): Stream => {
      const mask = masker.stream();
      return { mask, cutter: new LineCutter((place) => mask.outside(place)), tail: new Tail() };
    };
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
    this.#streams[stream].tail.push(this.#masker.piece(before));
  }

  async settled(): Promise<void> {
    const newest = this.#chunk ?? this.#underway.at(-1);
    // It is told by the chunk itself when it could not be stored.
    if (newest !== undefined && isUnderway(newest)) await this.#sink.commit(newest).catch(() => undefined);
    if (newest?.stored === null) this.#isLost = true;
    this.#seeStored();
    if (this.#isLost) throw stepFailure('internal', 'the log could not be stored, or is written by a later attempt of the step now');
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
    if (this.#chunk === null) return;
    this.#sink.add(this.#chunk);
    this.#seeStored();
    this.#underway.push(this.#chunk);
    this.#chunk = null;
  }

  #seeStored(): void {
    if (this.#underway.some(({ stored }) => stored === null)) this.#isLost = true;
    this.#underway = this.#underway.filter(isUnderway);
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
    const { mask } = this.#streams[stream];
    for (const { text, continued, end } of lines) {
      this.#reached[stream] = this.stored[stream] + mask.rawAt(end);
      const level = stream === 'stderr' && ALARMING.test(text) ? 'error' : 'info';
      this.#add({ at, stream, level, text, ...(continued ? { context: { continued } } : {}) });
    }
  }

  #add(line: LogLine): void {
    this.#chunk ??= { ...this.#place, first_line: this.#nextLine, bytes: 0, stdout_bytes: 0, stderr_bytes: 0, lines: [], stored: 0 };
    const chunk = this.#chunk;
    chunk.lines.push(line);
    chunk.stdout_bytes = this.#reached.stdout;
    chunk.stderr_bytes = this.#reached.stderr;
    chunk.bytes += Buffer.byteLength(line.text);
    this.#nextLine += 1;
    if (chunk.lines.length >= CHUNK_LINES || chunk.bytes >= CHUNK_BYTES) this.close();
    else this.#timer ??= setTimeout(() => this.#show(), LIVE_MS);
  }

  /** Stores the open chunk as it stands; it is stored again, longer, when it grows. */
  #show(): void {
    this.#timer = undefined;
    if (this.#chunk !== null) this.#sink.add(this.#chunk);
  }
}

const isUnderway = ({ stored, lines }: OpenChunk): boolean => stored !== null && stored < lines.length;
