import type { Query, QueryClient } from '@tanstack/solid-query';
import type { LiveMessage } from '../api/views.ts';
import { applyNews } from './cache.ts';

const MOST = 1000;
const LONGEST_MS = 30_000;

/** Keeps news for as long as an answer may be on its way that was made before it: laid over such an answer, the page never falls back. */
export const keepUp = (queries: QueryClient) => {
  let heard: { readonly at: number; readonly message: LiveMessage }[] = [];
  const asked = new WeakMap<Query, number>();

  const stop = queries.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.query.meta?.live !== true) return;
    if (event.action.type === 'fetch') asked.set(event.query, performance.now());
    if (event.action.type !== 'success' || event.action.manual) return;
    const since = asked.get(event.query) ?? Number.POSITIVE_INFINITY;
    const missed = heard.filter(({ at }) => at >= since);
    // Not within the cache's own telling of this answer.
    queueMicrotask(() => {
      for (const { message } of missed) applyNews(queries, message);
    });
  });

  return {
    note: (message: LiveMessage): void => {
      const at = performance.now();
      if (queries.isFetching() === 0) heard = [];
      else {
        heard.push({ at, message });
        if (heard.length > MOST || (heard[0]?.at ?? at) < at - LONGEST_MS)
          heard = heard.filter((one) => one.at >= at - LONGEST_MS).slice(-MOST);
      }
    },
    stop,
  };
};
