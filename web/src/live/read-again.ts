import type { Query, QueryClient } from '@tanstack/solid-query';
import { isPlace } from '#jobs/places.ts';
import { isReadSince } from './read-at.ts';

/** What a query says of the topics whose news change it; a live one that names none may be changed by any but a place. */
declare module '@tanstack/solid-query' {
  interface Register {
    queryMeta: { readonly live?: boolean; readonly topic?: string };
  }
}

const isOf = ({ meta }: Query, topics: readonly string[] | null): boolean =>
  topics === null || (meta?.topic === undefined ? !topics.every(isPlace) : topics.includes(meta.topic));

/** Reads again what is on screen. What is being read for the first time meanwhile may have been answered before the change, and is read once more when it has come. */
export const createReadAgain = (queries: QueryClient) => {
  /** With the event after which an answer is good enough; null: none is. */
  const owed = new Map<Query, string | null>();
  const stop = queries.getQueryCache().subscribe((event) => {
    if (event.type === 'removed') owed.delete(event.query);
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
    const { query } = event;
    const since = owed.get(query);
    if (!owed.delete(query) || (since && isReadSince(query, since))) return;
    // Not within the cache's own telling of this answer.
    queueMicrotask(() => void queries.invalidateQueries({ queryKey: query.queryKey, exact: true }));
  });
  return {
    /** `live`: what live news change, of all topics or of these; what was read after the event `since` is left as it is. */
    read: (which: 'live' | 'all', topics: readonly string[] | null = null, since: string | null = null): void => {
      const isWanted = (query: Query) => which === 'all' || (query.meta?.live === true && isOf(query, topics));
      const wanted = (query: Query) => isWanted(query) && !(since && isReadSince(query, since));
      for (const query of queries.getQueryCache().findAll({ type: 'active', predicate: wanted }))
        if (query.state.data === undefined && query.state.fetchStatus !== 'idle')
          owed.set(query, owed.has(query) && owed.get(query) !== since ? null : since || null);
      void queries.invalidateQueries({ type: 'active', predicate: wanted });
    },
    stop,
  };
};
