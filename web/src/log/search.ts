import { createSignal, onCleanup } from 'solid-js';
import { whenChanged } from '../solid.ts';
import { joined, nearest, type Way } from './nearest.ts';
import type { LogMatches } from './views.ts';

/** Whoever types on is not searched for; a search that is given up costs the server nothing more. */
const PAUSE_MS = 100;
const GROWTH_MS = 1000;
/** Steps from match to match that wait for each other; a key held down asks for no more. */
const MOST_AHEAD = 3;

/** Where a search stands. */
export interface Standing {
  /** How many lines match; exact once `complete`. */
  readonly count: number;
  readonly complete: boolean;
  /** How much of the log was looked through, from 0 to 1. */
  readonly scanned: number;
  /** The match that was gone to: its line, and its place among all. */
  readonly line: number | null;
  readonly place: number | null;
}

/** A search on the server. */
export interface LogSearch {
  readonly standing: () => Standing | null;
  readonly error: () => Error | null;
  readonly go: (way: Way) => void;
}

interface Searched {
  readonly run: () => string;
  readonly step: () => string;
  /** Which lines are looked at, as a query. */
  readonly filter: () => string;
  /** What is searched for, as a query; null for nothing. */
  readonly query: () => string | null;
  /** Lines of the log; as they become more, the matches are counted again. */
  readonly lines: () => number;
  /** The line to begin at. */
  readonly from: () => number;
  readonly goTo: (line: number) => void;
}

/** Searches while the reader types and while lines arrive; goes from match to match, round at the ends. */
export const createSearch = (asked: Searched): LogSearch => {
  const [standing, setStanding] = createSignal<Standing | null>(null);
  const [error, setError] = createSignal<Error | null>(null);
  let controller = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;
  let growth: ReturnType<typeof setTimeout> | undefined;

  const ask = async (way: Way, line: number): Promise<LogMatches | null> => {
    const { signal } = controller;
    const query = asked.query();
    if (query === null) return null;
    try {
      const found = await nearest({
        run: asked.run(),
        step: asked.step(),
        query: joined(asked.filter(), query),
        way,
        line,
        signal,
        told: (soFar) => signal.aborted || note(soFar),
      });
      if (signal.aborted) return null;
      setError(null);
      return found;
    } catch (problem) {
      if (!signal.aborted) setError(problem as Error);
      return null;
    }
  };

  const note = (found: LogMatches) => setStanding((was) => ({ line: was?.line ?? null, place: was?.place ?? null, ...extentOf(found) }));
  const count = (found: LogMatches) => {
    note(found);
    if (!found.complete) recount(0);
  };
  const recount = (afterMs: number) => {
    growth ??= setTimeout(async () => {
      growth = undefined;
      const found = await ask('next', 0);
      if (found) count(found);
    }, afterMs);
  };

  const walk = async (way: Way, from: number) => {
    let found = await ask(way, from);
    // Behind the last match comes the first, and before the first the last.
    if (found && found.items.length === 0 && found.matches > 0) found = await ask(way, way === 'next' ? 0 : asked.lines() + 1);
    if (!found) return;
    count(found);
    const line = found.items[0]?.n;
    if (line === undefined) return;
    setStanding({ ...extentOf(found), line, place: found.first });
    asked.goTo(line);
  };

  const stop = () => {
    clearTimeout(pause);
    clearTimeout(growth);
    growth = undefined;
    controller.abort();
  };
  let before: { readonly log: string; readonly query: string | null } | null = null;
  whenChanged(
    () => `${asked.run()} ${asked.step()} ${asked.filter()} ${asked.query() ?? ''}`,
    () => {
      stop();
      controller = new AbortController();
      setStanding(null);
      setError(null);
      // Whoever types goes to what is found; an address, or another log, only has it counted: the reader stays where it was opened.
      const now = { log: `${asked.run()} ${asked.step()} ${asked.filter()}`, query: asked.query() };
      const isTyped = before !== null && before.log === now.log;
      before = now;
      if (now.query === null) return;
      if (isTyped) pause = setTimeout(() => void walk('next', asked.from() - 1), PAUSE_MS);
      else recount(0);
    },
  );
  whenChanged(asked.lines, () => standing() && recount(GROWTH_MS), 'later');
  onCleanup(stop);

  // One after the other, each from where the one before has led.
  let walked: Promise<void> = Promise.resolve();
  let ahead = 0;
  return {
    standing,
    error,
    go: (way) => {
      clearTimeout(pause);
      if (ahead >= MOST_AHEAD) return;
      const { signal } = controller;
      ahead += 1;
      walked = walked.then(async () => {
        if (!signal.aborted) await walk(way, standing()?.line ?? asked.from() - (way === 'next' ? 1 : 0));
        ahead -= 1;
      });
    },
  };
};

const extentOf = ({ matches, complete, scanned, total }: LogMatches): Pick<Standing, 'count' | 'complete' | 'scanned'> => ({
  count: matches,
  complete,
  scanned: total === 0 ? 1 : scanned / total,
});
