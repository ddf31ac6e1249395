import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Json } from '#jobs/json.ts';

/** One line of a log; `at` in milliseconds since 1970. */
export interface LogLine {
  readonly at: number;
  readonly stream: 'stdout' | 'stderr' | 'system';
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  readonly context?: Json;
}

/** A chunk holds at most this many lines, and closes once their text reaches this many bytes. */
export const CHUNK_LINES = 1_000;
export const CHUNK_BYTES = 65_536;

/** Lines as they are stored. */
export interface EncodedLines {
  /** ISO 8601, of the first and the last line. */
  readonly started_at: string;
  readonly ended_at: string;
  readonly line_count: number;
  /** Of the text, in UTF-8. */
  readonly byte_count: number;
  /** Place of the first line of level error, from 0; null if there is none. */
  readonly first_error: number | null;
  readonly data: Uint8Array;
}

/** What is deflated: a column per property, since like values side by side cost almost nothing. Times are steps in ms from line to line. */
export interface Columns {
  readonly at: readonly number[];
  readonly stream: string;
  readonly level: string;
  readonly text: readonly string[];
  readonly context?: { readonly [index: string]: Json };
}

const STREAMS = { o: 'stdout', e: 'stderr', s: 'system' } as const;
export const STREAM_LETTERS = { stdout: 'o', stderr: 'e', system: 's' } as const satisfies Record<LogLine['stream'], keyof typeof STREAMS>;
const LEVELS = { d: 'debug', i: 'info', w: 'warn', e: 'error' } as const;
export const LEVEL_LETTERS = { debug: 'd', info: 'i', warn: 'w', error: 'e' } as const satisfies Record<
  LogLine['level'],
  keyof typeof LEVELS
>;

/** Packs lines, at least one, in the order they were written. */
export const encodeLines = (lines: readonly LogLine[]): EncodedLines => {
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last) throw new RangeError('a log chunk needs at least one line');
  const context = Object.fromEntries(lines.flatMap((line, index) => (line.context === undefined ? [] : [[index, line.context]])));
  const columns: Columns = {
    at: lines.map((line, index) => line.at - (lines[index - 1]?.at ?? first.at)),
    stream: lines.map((line) => STREAM_LETTERS[line.stream]).join(''),
    level: lines.map((line) => LEVEL_LETTERS[line.level]).join(''),
    text: lines.map((line) => line.text),
    ...(Object.keys(context).length > 0 ? { context } : {}),
  };
  const firstError = lines.findIndex((line) => line.level === 'error');
  return {
    started_at: new Date(first.at).toISOString(),
    ended_at: new Date(last.at).toISOString(),
    line_count: lines.length,
    byte_count: lines.reduce((sum, line) => sum + Buffer.byteLength(line.text), 0),
    first_error: firstError < 0 ? null : firstError,
    data: deflateRawSync(JSON.stringify(columns), { level: 3 }),
  };
};

/** Unpacks what `encodeLines` packed, as the JSON it is: what a text's JSON does not occur in holds no line with that text. */
export const unpackChunk = (data: Uint8Array): string => unpackBytes(data).toString();

/** The same in UTF-8, with no more memory than it needs. */
export const unpackBytes = (data: Uint8Array): Buffer => {
  const bytes = inflateRawSync(data);
  return bytes.length === bytes.buffer.byteLength ? bytes : Buffer.from(bytes);
};

/** What an unpacked chunk says of its lines, by their place in it: a letter for stream and level each, and the texts. */
export const columnsOf = (unpacked: string): Columns => JSON.parse(unpacked) as Columns;

/** The lines of an unpacked chunk; `startedAt` is the chunk's own. */
export const linesOf = (unpacked: string, startedAt: string): readonly LogLine[] => {
  const { at, stream, level, text, context } = columnsOf(unpacked);
  let now = Date.parse(startedAt);
  return text.map((line, index) => {
    now += at[index] ?? 0;
    const extra = context?.[index];
    return {
      at: now,
      stream: STREAMS[stream[index] as keyof typeof STREAMS],
      level: LEVELS[level[index] as keyof typeof LEVELS],
      text: line,
      ...(extra === undefined ? {} : { context: extra }),
    };
  });
};

/** Unpacks what `encodeLines` packed; `startedAt` is the chunk's own. */
export const decodeLines = (data: Uint8Array, startedAt: string): readonly LogLine[] => linesOf(unpackChunk(data), startedAt);

/** True for a line that is a piece of a longer one, which goes on in the next. */
export const isContinued = ({ context }: LogLine): boolean =>
  typeof context === 'object' && context !== null && 'continued' in context && context.continued === true;
