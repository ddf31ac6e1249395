import { get } from '../api/client.ts';
import { logPath } from './source.ts';
import type { LogMatches } from './views.ts';

/** Which way to look from a line. */
export type Way = 'next' | 'previous';

/** Where to look for the nearest line that matches. */
interface From {
  readonly run: string;
  readonly step: string;
  /** Which lines match, as a query. */
  readonly query: string;
  readonly way: Way;
  readonly line: number;
  readonly signal?: AbortSignal;
  /** Told how far the log was looked through, as long as that is not far enough. */
  readonly told?: (found: LogMatches) => void;
}

/** Asks for the nearest line that matches behind or before a line, and how many match in all, until the log was looked through that far. */
export const nearest = async ({ run, step, query, way, line, signal, told }: From): Promise<LogMatches> => {
  const path = `${logPath(run, step)}/lines?${query}&${way === 'next' ? 'after' : 'before'}=${line}&limit=1`;
  for (;;) {
    const found = await get<LogMatches>(path, signal);
    // The log is looked through from its first line on.
    const reaches = way === 'next' ? found.items.length > 0 : found.scanned >= line;
    if (found.complete || reaches) return found;
    told?.(found);
  }
};

/** Both parts of a query, whichever of them there are. */
export const joined = (...queries: readonly string[]): string => queries.filter((query) => query !== '').join('&');
