import { createSignal, onCleanup } from 'solid-js';
import { get } from '../api/client.ts';
import type { LogPage } from '../api/views.ts';
import { useLive, useTopic } from '../live/Live.tsx';
import { whenChanged } from '../solid.ts';
import { EMPTY_WINDOW, grown, type LogWindow, missing, withLines } from './window.ts';

const TAIL = 300;
const RETRY_MS = 2000;

/** A step's log as far as it is loaded, and what asks for more of it. */
export interface LogSource {
  readonly window: () => LogWindow;
  readonly firstError: () => number | null;
  /** The log whose first answer is there, by run and step; null before. */
  readonly opened: () => string | null;
  readonly error: () => Error | null;
  /** Says which lines are looked at; those missing are fetched. */
  readonly show: (from: number, to: number) => void;
  readonly reopen: () => void;
}

/** Opens the log of one step of a run by its end and follows it: new lines are fetched by number when the event stream says there are any. */
export const createLogSource = (run: () => string, key: () => string): LogSource => {
  const live = useLive();
  const [window, setWindow] = createSignal<LogWindow>(EMPTY_WINDOW);
  const [firstError, setFirstError] = createSignal<number | null>(null);
  const [opened, setOpened] = createSignal<string | null>(null);
  const [error, setError] = createSignal<Error | null>(null);
  const name = () => `${run()} ${key()}`;
  let controller = new AbortController();
  let busy = false;
  let wanted = { from: 0, to: 0 };
  let retry: ReturnType<typeof setTimeout> | undefined;

  const read = async (from: number, limit: number) => {
    const path = `/runs/${run()}/steps/${encodeURIComponent(key())}/log?from=${from}&limit=${limit}`;
    const { signal } = controller;
    try {
      const page = await get<LogPage>(path, signal);
      if (signal.aborted) return false;
      setFirstError(page.first_error_line);
      setWindow((known) => withLines(known, page.items, page.total));
      setError(null);
      setOpened(name());
      return page.items.length > 0;
    } catch (problem) {
      if (!signal.aborted) setError(problem as Error);
    }
    return false;
  };

  // One request at a time; what is looked at by then decides the next.
  const fill = async () => {
    const gap = missing(window(), wanted.from, wanted.to);
    if (!gap || busy || opened() === null) return;
    busy = true;
    const { signal } = controller;
    const progressed = await read(gap.from, gap.limit);
    if (signal.aborted) return;
    busy = false;
    if (progressed) void fill();
    else retry = setTimeout(fill, RETRY_MS);
  };

  const open = () => {
    clearTimeout(retry);
    controller.abort();
    controller = new AbortController();
    busy = false;
    setWindow(EMPTY_WINDOW);
    setFirstError(null);
    setOpened(null);
    setError(null);
    void read(-TAIL, TAIL);
  };

  whenChanged(name, open);
  useTopic(
    () => `log:${run()}`,
    (message) => {
      if ('last' in message && message.key === key()) setWindow((known) => grown(known, message.last));
    },
  );

  // What the stream did not announce is asked for by its end.
  onCleanup(live.onGap(() => void read(-TAIL, TAIL)));
  onCleanup(() => {
    clearTimeout(retry);
    controller.abort();
  });

  return {
    window,
    firstError,
    opened,
    error,
    show: (from, to) => {
      wanted = { from, to };
      void fill();
    },
    reopen: open,
  };
};
