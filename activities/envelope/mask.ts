import type { Automaton } from './automaton.ts';
import { AutomatonCache } from './automaton-cache.ts';
import { disguisesOf, SHORTEST_SECRET } from './disguises.ts';
import { MaskRuler } from './mask-ruler.ts';

/** What stands in place of a secret. */
export const MASK = '***';
const MASK_BYTES = Buffer.from(MASK);

const automata = new AutomatonCache();

/** Finds secrets in text and bytes; made once per step from all values the step may see. */
export interface Masker {
  text(text: string): string;
  /** The same value with every text and key in it masked. */
  json<T>(value: T): T;
  /** A filter for one stream; what it passes does not depend on how the bytes were split. */
  stream(): MaskStream;
  /** A piece from inside of a stream, masked; its beginning is hidden where it may be the rest of a secret. */
  piece(bytes: Uint8Array): Buffer;
}

/** Filters one byte stream; it holds back at most the longest disguise of a secret. */
export interface MaskStream {
  pass(bytes: Uint8Array): Buffer;
  /** What is still held back, once no more bytes come. */
  end(): Buffer;
  /** How many raw bytes the first so many masked ones stand for; masking them up to there and from there on gives the same. To be asked for places that do not fall, outside of masks. */
  rawAt(masked: number): number;
  /** The place itself, or where the mask begins that it is inside of. */
  outside(masked: number): number;
}

/** A masker for these secrets; without any it passes everything through. */
export function createMasker(secrets: Iterable<string>): Masker {
  const automaton = automata.find([...secrets]);
  const text = (value: string): string => {
    if (automaton === null) return value;
    const stream = new AutomatonStream(automaton);
    return Buffer.concat([stream.pass(Buffer.from(value)), stream.end()]).toString();
  };
  const json = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(json);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), json(inner)]));
  };
  return {
    text,
    json: <T>(value: T): T => (automaton === null ? value : (json(value) as T)),
    stream: () => (automaton === null ? PASS_THROUGH : new AutomatonStream(automaton)),
    piece: (bytes) => {
      if (automaton === null) return Buffer.from(bytes);
      const stream = new AutomatonStream(automaton, restOfSecret(bytes, secrets));
      return Buffer.concat([stream.pass(bytes), stream.end()]);
    },
  };
}

const PASS_THROUGH: MaskStream = {
  pass: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  end: () => Buffer.alloc(0),
  rawAt: (masked) => masked,
  outside: (masked) => masked,
};

/** How many of the first bytes are the end of a secret; none when they are too few to tell anything. */
function restOfSecret(bytes: Uint8Array, secrets: Iterable<string>): number {
  let most = 0;
  for (const form of [...secrets].flatMap(disguisesOf)) {
    for (let length = Math.min(form.length - 1, bytes.length); length > most; length -= 1) {
      if (form.subarray(form.length - length).equals(bytes.subarray(0, length))) most = length;
    }
  }
  return most < SHORTEST_SECRET ? 0 : most;
}

class AutomatonStream implements MaskStream {
  readonly #automaton: Automaton;
  #state = 0;
  #held: Buffer = Buffer.alloc(0);
  /** Secrets that reach into the held bytes; one that starts before them has its mask out already. */
  #spans: Span[];
  readonly #ruler = new MaskRuler(MASK_BYTES.length);
  /** Raw bytes before the held ones, and masked ones let out. */
  #raw = 0;
  #masked = 0;

  /** The first `hidden` bytes are masked whatever they are. */
  constructor(automaton: Automaton, hidden = 0) {
    this.#automaton = automaton;
    this.#spans = hidden === 0 ? [] : [{ from: 0, to: hidden }];
  }

  rawAt(masked: number): number {
    return this.#ruler.rawAt(masked);
  }

  outside(masked: number): number {
    return this.#ruler.outside(masked);
  }

  pass(bytes: Uint8Array): Buffer {
    const { depth, match } = this.#automaton;
    const fresh = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const data = this.#held.length === 0 ? fresh : Buffer.concat([this.#held, fresh]);
    let state = this.#state;
    for (let index = this.#held.length; index < data.length; index += 1) {
      state = this.#automaton.step(state, data[index] as number);
      if (state === 0) continue;
      const length = match[state] as number;
      if (length > 0) addSpan(this.#spans, index + 1 - length, index + 1);
    }
    this.#state = state;
    return this.#release(data, data.length - (depth[state] ?? 0));
  }

  end(): Buffer {
    this.#state = 0;
    return this.#release(this.#held, this.#held.length);
  }

  /** Everything before `safe`, masked; the rest may be the start of a secret and is held back. */
  #release(data: Buffer, safe: number): Buffer {
    const out: Buffer[] = [];
    let position = 0;
    let size = 0;
    const put = (bytes: Buffer): void => {
      out.push(bytes);
      size += bytes.length;
    };
    for (const { from, to } of this.#spans) {
      if (from >= safe) break;
      if (from > position) put(data.subarray(position, from));
      if (from < 0) this.#ruler.extend(this.#raw + to);
      else {
        this.#ruler.add(this.#masked + size, this.#raw + from, this.#raw + to);
        put(MASK_BYTES);
      }
      position = to;
    }
    if (position < safe) put(data.subarray(position, safe));
    this.#raw += safe;
    this.#masked += size;
    this.#spans = this.#spans.filter(({ to }) => to > safe).map(({ from, to }) => ({ from: from - safe, to: to - safe }));
    this.#held = Buffer.from(data.subarray(safe));
    return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Adds a span to those before it, merging it with the ones it overlaps. */
function addSpan(spans: Span[], from: number, to: number): void {
  let start = from;
  let end = to;
  for (let last = spans.at(-1); last !== undefined && last.to > start; last = spans.at(-1)) {
    start = Math.min(start, last.from);
    end = Math.max(end, last.to);
    spans.pop();
  }
  spans.push({ from: start, to: end });
}
