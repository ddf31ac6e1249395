import { createSignal, onCleanup } from 'solid-js';
import { get } from '../api/client.ts';
import { whenChanged } from '../solid.ts';
import { joined } from './nearest.ts';
import { logPath } from './source.ts';
import type { LogMatches } from './views.ts';

const PAUSE_MS = 150;
const ON_SCREEN = 100;

/** Which of the lines on screen match a pattern: the server says so, as the browser has no RE2. `query` null asks for nothing. */
export const createHits = (run: () => string, step: () => string, query: () => string | null, filter: () => string, from: () => number) => {
  const [hits, setHits] = createSignal<ReadonlySet<number>>(new Set());
  let controller = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(pause);
    controller.abort();
  };
  const look = async (asked: string) => {
    controller = new AbortController();
    const where = joined(filter(), asked, `line=${Math.max(1, from())}`, `limit=${ON_SCREEN}`);
    // A pattern that is refused is told by the search itself.
    const { signal } = controller;
    const found = await get<LogMatches>(`${logPath(run(), step())}/lines?${where}`, signal).catch(() => null);
    if (found && !signal.aborted) setHits(new Set(found.items.map(({ n }) => n)));
  };
  whenChanged(
    () => joined(run(), step(), filter(), query() ?? '', query() === null ? '' : String(from())),
    () => {
      stop();
      const asked = query();
      if (asked === null) setHits(new Set<number>());
      else pause = setTimeout(() => void look(asked), PAUSE_MS);
    },
  );
  onCleanup(stop);
  return hits;
};
