import { columnsOf, LEVEL_LETTERS, type LogLine, STREAM_LETTERS } from '#db/log-chunk.ts';
import { withoutEscapes } from '#jobs/escapes.ts';
import { patternOf } from '#jobs/pattern.ts';

/** Levels of lines, the least first. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLine['level'][];
export const STREAMS = ['stdout', 'stderr', 'system'] as const satisfies readonly LogLine['stream'][];

/** Which lines of a log are meant: those that fulfil all of it. Texts are looked for in what a reader sees, without the escapes of terminals. */
export interface LineFilter {
  readonly text?: string | undefined;
  /** `text` is an RE2 pattern. */
  readonly regexp: boolean;
  readonly match_case: boolean;
  readonly streams?: readonly LogLine['stream'][] | undefined;
  /** This level or a worse one. */
  readonly level?: LogLine['level'] | undefined;
  readonly attempt?: number | undefined;
  readonly from_line?: number | undefined;
  readonly to_line?: number | undefined;
}

/** Whether a chunk may hold lines that are meant, by its place alone. */
export const mayHold = (
  filter: LineFilter,
  chunk: { readonly first_line: number; readonly line_count: number; readonly attempt: number },
): boolean =>
  (filter.attempt === undefined || filter.attempt === chunk.attempt) &&
  chunk.first_line <= (filter.to_line ?? Number.POSITIVE_INFINITY) &&
  chunk.first_line + chunk.line_count > (filter.from_line ?? 0);

/** Finds the lines of an unpacked chunk that are meant: their places in it. `first` is the number of its first line. */
export type FindLines = (unpacked: string, first: number) => readonly number[];

/** Makes ready to look for lines; throws when a pattern is not RE2. */
export function finderOf(filter: LineFilter): FindLines {
  const { worthReading, isIn } = lookingFor(filter);
  const { streams, level, from_line = 0, to_line = Number.POSITIVE_INFINITY } = filter;
  const ofStream = lettersTest(streams?.map((stream) => STREAM_LETTERS[stream]));
  const ofLevel = lettersTest(level && LEVELS.slice(LEVELS.indexOf(level)).map((one) => LEVEL_LETTERS[one]));
  return (unpacked, first) => {
    const json = worthReading(unpacked);
    if (json === null) return [];
    const { text, stream, level } = columnsOf(json);
    const found: number[] = [];
    const end = Math.min(text.length, to_line - first + 1);
    for (let at = Math.max(0, from_line - first); at < end; at += 1) {
      if (ofStream(stream[at]) && ofLevel(level[at]) && isIn(text[at] ?? '')) found.push(at);
    }
    return found;
  };
}

const lettersTest = (letters: readonly string[] | undefined): ((letter: string | undefined) => boolean) => {
  if (letters === undefined) return () => true;
  const known = new Set<string | undefined>(letters);
  return (letter) => known.has(letter);
};

interface Looking {
  /** The chunk as its lines are to be read, or null when none of them can be meant. */
  readonly worthReading: (unpacked: string) => string | null;
  readonly isIn: (text: string) => boolean;
}

const lookingFor = ({ text, regexp, match_case }: LineFilter): Looking => {
  if (text === undefined) return { worthReading: (unpacked) => unpacked, isIn: () => true };
  return regexp ? byPattern(text, match_case) : byText(text, match_case);
};

const byPattern = (pattern: string, matchCase: boolean): Looking => {
  const compiled = patternOf(matchCase ? pattern : `(?i)${pattern}`);
  return { worthReading: (unpacked) => unpacked, isIn: (text) => compiled.test(withoutEscapes(text)) };
};

function byText(text: string, matchCase: boolean): Looking {
  // Small letters all at once: what JSON is made of has no others.
  const same = matchCase ? (one: string) => one : (one: string) => one.toLowerCase();
  const wanted = same(text);
  // A text stands in JSON as JSON.stringify writes it, unless escapes of a terminal stand within it.
  const asJson = same(JSON.stringify(text).slice(1, -1));
  return {
    worthReading: (unpacked) => {
      const json = same(unpacked);
      return json.includes(asJson) || json.includes('\\u001b') ? json : null;
    },
    isIn: (line) => withoutEscapes(line).includes(wanted),
  };
}
