import type { LogLine } from '../api/views.ts';

/** Lines of a log that match; `first` is the place of the first among all that do. */
export interface LogMatches {
  readonly items: readonly LogLine[];
  readonly first: number;
  /** Exact once `complete`. */
  readonly matches: number;
  readonly total: number;
  readonly scanned: number;
  readonly complete: boolean;
}

/** A command as a stretch of its step's log. */
export interface LogGroup {
  readonly attempt: number;
  readonly number: number;
  readonly command: string;
  readonly exit_code: number | null;
  readonly executed_at: string;
  readonly duration_ms: number | null;
  readonly first_line: number;
  /** null while it runs. */
  readonly last_line: number | null;
}

/** The commands of a step's log, the first of them when there are too many. */
export interface LogGroups {
  readonly items: readonly LogGroup[];
  readonly truncated: boolean;
}
