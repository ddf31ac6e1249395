import { type Field, flag, searchState, text, whole, word, words } from '../url/search-state.ts';
import type { Stretch } from './folds.ts';
import type { CommandLines } from './groups.ts';

export const STREAMS = ['stdout', 'stderr', 'system'] as const;
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export const TIMES = ['clock', 'relative', 'none'] as const;

/** What of a log is looked at, and how. */
export interface LogPlace {
  /** null: all. */
  readonly attempt: number | null;
  /** Empty: all. */
  readonly streams: readonly (typeof STREAMS)[number][];
  /** This level or a worse one. */
  readonly level: (typeof LEVELS)[number];
  /** The command whose lines are shown alone, as attempt and number; '' for all. */
  readonly command: string;
  /** What is searched for; '' for nothing. */
  readonly find: string;
  readonly regexp: boolean;
  readonly case: boolean;
  readonly wrap: boolean;
  readonly time: (typeof TIMES)[number];
}

const command: Field<string> = {
  absent: '',
  read: (given) => ({ value: /^\d{1,6}\.\d{1,7}$/.test(given) ? given : null }),
  write: (value) => value,
};

/** Attempts that an address can name. */
export const MOST_ATTEMPTS = 1_000;

const FIELDS: { readonly [K in keyof LogPlace]: Field<LogPlace[K]> } = {
  attempt: whole(1, MOST_ATTEMPTS),
  streams: words(STREAMS),
  level: word(LEVELS, 'debug'),
  command,
  find: text(1_000),
  regexp: flag(),
  case: flag(),
  wrap: flag(),
  time: word(TIMES, 'clock'),
};

/** A log where nothing was asked for. */
export const WHOLE_LOG: LogPlace = searchState<LogPlace>(FIELDS).absent;

const LONGEST_KEY = 1_000;

/** The place as the query string says it, with the step whose log it is: whoever names lines or a search names their step too. */
export const logPlace = searchState<LogPlace & { readonly step: string }>({ step: text(LONGEST_KEY), ...FIELDS });

const LAST_LINE = 2_000_000_000;

/** The lines that `#L120-L140` or `#L120` speaks of; null when it speaks of none. */
export const linesOfHash = (hash: string): Stretch | null => {
  const [, one, other] = /^#?L(\d{1,10})(?:-L?(\d{1,10}))?$/.exec(hash) ?? [];
  const ends = [Number(one), Number(other ?? one)].filter((line) => line >= 1 && line <= LAST_LINE);
  return ends.length === 2 ? { from: Math.min(...ends), to: Math.max(...ends) } : null;
};

/** How an address speaks of lines, '' of none. */
export const hashOfLines = (lines: Stretch | null): string => {
  if (lines === null) return '';
  return lines.from === lines.to ? `#L${lines.from}` : `#L${lines.from}-L${lines.to}`;
};

/** Which lines the server is asked for, as its query string; '' for all of them. */
export const filterQuery = (place: LogPlace, command: CommandLines | null): string => {
  const query = new URLSearchParams();
  if (place.attempt !== null) query.set('attempt', String(place.attempt));
  if (place.streams.length > 0) query.set('streams', place.streams.join(','));
  if (place.level !== 'debug') query.set('level', place.level);
  if (command !== null) {
    query.set('from_line', String(command.from));
    if (command.to !== null) query.set('to_line', String(command.to));
  }
  return query.toString();
};

/** What a search asks the server for besides, or null when nothing is searched for. */
export const searchQuery = ({ find, regexp, case: matchCase }: LogPlace): string | null => {
  if (find === '') return null;
  const query = new URLSearchParams({ text: find.toWellFormed(), regexp: String(regexp), match_case: String(matchCase) });
  return query.toString();
};

/** The query of only those of these lines that the filter means too; null when none can be. */
export const withinLines = (filter: string, { from, to }: Stretch): string | null => {
  const query = new URLSearchParams(filter);
  const first = Math.max(from, Number(query.get('from_line') ?? 0));
  const last = Math.min(to, Number(query.get('to_line') ?? LAST_LINE));
  if (first > last) return null;
  query.set('from_line', String(first));
  query.set('to_line', String(last));
  return query.toString();
};
