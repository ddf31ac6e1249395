import type { Json } from '#jobs/json.ts';

/** What a program may say about itself, one JSON object a line. */
export interface ProgramEvents {
  onProgress(percent: number, message: string | undefined): void;
  onResult(data: Json): void;
  onUnreadable(line: string): void;
}

/** A longer line is no event any more. */
const LONGEST_EVENT = 262_144;

/** Reads the events of a program from its bytes, however they are split: `{"progress": 40, "message": "…"}` and `{"result_data": …}`. */
export class EventReader {
  readonly #events: ProgramEvents;
  #held = '';
  readonly #decoder = new TextDecoder();

  constructor(events: ProgramEvents) {
    this.#events = events;
  }

  push(bytes: Uint8Array): void {
    this.#held += this.#decoder.decode(bytes, { stream: true });
    const lines = this.#held.split('\n');
    this.#held = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
    if (this.#held.length > LONGEST_EVENT) {
      this.#events.onUnreadable(this.#held.slice(0, 200));
      this.#held = '';
    }
  }

  end(): void {
    this.#read(this.#held);
    this.#held = '';
  }

  #read(line: string): void {
    if (line.trim() === '') return;
    const event = parse(line);
    const { progress, message, result_data } = event ?? {};
    if (typeof progress === 'number') this.#events.onProgress(progress, typeof message === 'string' ? message : undefined);
    if (result_data !== undefined) this.#events.onResult(result_data);
    if (typeof progress !== 'number' && result_data === undefined) this.#events.onUnreadable(line.slice(0, 200));
  }
}

function parse(line: string): { readonly [key: string]: Json } | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : null;
  } catch {
    return null;
  }
}
