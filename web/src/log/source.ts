import { createSignal, onCleanup } from 'solid-js';
import { get } from '../api/client.ts';
import type { LogPage } from '../api/views.ts';
import type { Fetching } from '../components/Fetched.tsx';
import { useLive, useTopic } from '../live/Live.tsx';
import { batch, whenChanged } from '../solid.ts';
import type { LogMatches } from './views.ts';
import { EMPTY_WINDOW, grown, type LogWindow, missing, withLines } from './window.ts';

const TAIL = 300;
const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;
/** While a log that is narrowed grows, its end is looked at so often. */
const LOOK_MS = 300;

/** Where the API has the log of a step. */
export const logPath = (run: string, key: string): string => `/runs/${run}/steps/${encodeURIComponent(key)}/log`;

/** A step's log, or its lines that match, as far as it is loaded, and what asks for more of it. Places count from 1; without a filter they are line numbers. */
export interface LogSource {
  readonly window: () => LogWindow;
  /** Lines of the whole log. */
  readonly lines: () => number;
  /** How far the log was looked through for what matches; null once that is done. */
  readonly looking: () => number | null;
  readonly firstError: () => number | null;
  /** What is open, by run, step and filter; null before the first answer. */
  readonly opened: () => string | null;
  /** How opening it goes, as its states are drawn from; a read that fails later is told beside what is there. */
  readonly opening: Fetching<string>;
  /** Says which places are looked at; those missing are fetched. */
  readonly show: (from: number, to: number) => void;
  /** The place of a line, or of the first one behind it that matches, else of the last; null when that could not be learned. */
  readonly placeOf: (line: number, signal: AbortSignal) => Promise<number | null>;
  /** Gives opening up. */
  readonly cancel: () => void;
}

/** Opens the log of one step of a run by its end and follows it: new lines are fetched when the event stream says there are any. */
export const createLogSource = (run: () => string, key: () => string, filter: () => string): LogSource => {
  const live = useLive();
  const [window, setWindow] = createSignal<LogWindow>(EMPTY_WINDOW);
  const [lines, setLines] = createSignal(0);
  const [looking, setLooking] = createSignal<number | null>(null);
  const [firstError, setFirstError] = createSignal<number | null>(null);
  const [opened, setOpened] = createSignal<string | null>(null);
  const [error, setError] = createSignal<Error | null>(null);
  const [cancelled, setCancelled] = createSignal(false);
  const name = () => `${run()} ${key()} ${filter()}`;
  let controller = new AbortController();
  let busy = false;
  let wanted = { from: 0, to: 0 };
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let look: ReturnType<typeof setTimeout> | undefined;

  const ask = async (position: string, limit: number): Promise<LogMatches> => {
    const path = logPath(run(), key());
    const { signal } = controller;
    if (filter() !== '') return get<LogMatches>(`${path}/lines?${filter()}&${position}&limit=${limit}`, signal);
    const page = await get<LogPage>(`${path}?${position}&limit=${limit}`, signal);
    if (!signal.aborted) setFirstError(page.first_error_line);
    return { ...page, matches: page.total, scanned: page.total, complete: true };
  };

  /** The place of the first line of the answer, 0 when there is none; null when the answer came to nothing. */
  const read = async (position: string, limit: number): Promise<number | null> => {
    const { signal } = controller;
    try {
      const found = await ask(position, limit);
      if (signal.aborted) return null;
      batch(() => {
        setWindow((known) => withLines(known, found.first, found.items, found.matches));
        setLines((known) => Math.max(known, found.total));
        setLooking(found.complete ? null : found.scanned);
        setError(null);
        setOpened(name());
      });
      if (!found.complete) lookAgain(0);
      return found.first;
    } catch (problem) {
      if (!signal.aborted) setError(problem as Error);
      return null;
    }
  };

  // One request at a time; what is looked at by then decides the next.
  const fill = async () => {
    const gap = missing(window(), wanted.from, wanted.to);
    // A tab that nobody sees fetches nothing; it goes on where it is when it is looked at. What failed waits for its turn.
    if (!gap || busy || retry !== undefined || opened() === null || document.hidden) return;
    busy = true;
    const { signal } = controller;
    const first = await read(`from=${gap.from}`, gap.limit);
    if (signal.aborted) return;
    busy = false;
    failures = first ? 0 : failures + 1;
    if (first) void fill();
    else retry = setTimeout(fillNow, Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (failures - 1)));
  };
  const fillNow = () => {
    clearTimeout(retry);
    retry = undefined;
    void fill();
  };

  const lookAgain = (afterMs: number) => {
    look ??= setTimeout(() => {
      look = undefined;
      if (!document.hidden) void read('from=-1', 1);
    }, afterMs);
  };

  const seen = () => {
    if (document.hidden || opened() === null) return;
    fillNow();
    if (filter() !== '') lookAgain(0);
  };
  document.addEventListener('visibilitychange', seen);
  onCleanup(() => document.removeEventListener('visibilitychange', seen));

  const stop = () => {
    clearTimeout(retry);
    clearTimeout(look);
    retry = undefined;
    look = undefined;
    failures = 0;
    controller.abort();
  };

  const open = () => {
    stop();
    controller = new AbortController();
    busy = false;
    batch(() => {
      setWindow(EMPTY_WINDOW);
      setLooking(null);
      setOpened(null);
      setError(null);
      setCancelled(false);
    });
    void begin();
  };
  // Lines that are narrowed do not tell where the first error of all stands.
  let isNew = true;
  const begin = async () => {
    const { signal } = controller;
    if (isNew && filter() !== '') {
      const page = await get<LogPage>(`${logPath(run(), key())}?from=-1&limit=1`, signal).catch(() => null);
      if (signal.aborted) return;
      if (page) setFirstError(page.first_error_line);
    }
    isNew = false;
    await read(`from=-${TAIL}`, TAIL);
  };

  whenChanged(
    () => `${run()} ${key()}`,
    () => {
      isNew = true;
      batch(() => {
        setLines(0);
        setFirstError(null);
      });
    },
  );
  whenChanged(name, open);
  useTopic(
    () => `log:${run()}`,
    (message) => {
      if (!('last' in message) || message.key !== key()) return;
      setLines((known) => Math.max(known, message.last));
      if (filter() === '') setWindow((known) => grown(known, message.last));
      else lookAgain(LOOK_MS);
    },
  );

  // What the stream did not announce is asked for by its end.
  onCleanup(live.onGap(() => void read(`from=-${TAIL}`, TAIL)));
  onCleanup(stop);

  return {
    window,
    lines,
    looking,
    firstError,
    opened,
    opening: {
      get data() {
        return opened() ?? undefined;
      },
      get error() {
        return error();
      },
      get dataUpdatedAt() {
        return opened() === null ? 0 : 1;
      },
      get isPending() {
        return opened() === null;
      },
      get fetchStatus() {
        return cancelled() ? 'idle' : 'fetching';
      },
      refetch: () => (opened() === null ? open() : fillNow()),
    },
    cancel: () => {
      stop();
      setCancelled(true);
    },
    show: (from, to) => {
      wanted = { from, to };
      void fill();
    },
    placeOf: async (line, signal) => {
      if (filter() === '') return line;
      for (;;) {
        const first = await read(`line=${line}`, 1);
        if (signal.aborted || first === null) return null;
        // Behind what was looked through so far there may be more of them.
        if (first !== 0 || looking() === null) return first || window().total;
      }
    },
  };
};
