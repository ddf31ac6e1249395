import { type InfiniteData, useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, onCleanup } from 'solid-js';
import { get } from '../../api/client.ts';
import { useInfiniteQuery } from '../../api/use-query.ts';
import { type Fetching, isLoaded } from '../../components/Fetched.tsx';
import { forgetOffset } from '../../components/kept-offset.ts';
import { atMostEvery } from '../../live/at-most-every.ts';
import { applyNews } from '../../live/cache.ts';
import { useLive, useTopic } from '../../live/Live.tsx';
import { whenChanged } from '../../solid.ts';
import { matchesFilter } from '../../url/runs-filter.ts';
import { isWithin } from './in-order.ts';
import { beginAnew, firstPage, isTooSlow, type ListAsked, listKey, type ReadPage, runsQuery } from './queries.ts';
import type { ListedRun, RunsPage } from './views.ts';

/** Rows of the list that answered last; another list takes their place once it answers. */
interface Shown {
  readonly key: string;
  readonly turn: string;
  readonly runs: readonly ListedRun[];
}

const NOTHING: Shown = { key: '', turn: '', runs: [] };
/** What only the server can tell is asked for no oftener. */
const LOOK_MS = 15_000;

/** The pages that hold what is on screen; without the others, reading the list again is as many requests. */
const onScreen = <P extends RunsPage>(data: InfiniteData<P>, first: string, last: string): InfiniteData<P> => {
  const pageOf = (id: string) => data.pages.findIndex(({ items }) => items.some((run) => run.id === id));
  const [from, to] = [pageOf(first), pageOf(last)];
  if (from < 0 || to < 0) return data;
  return { pages: data.pages.slice(from, to + 1), pageParams: data.pageParams.slice(from, to + 1) };
};

/** The loaded part of a list: it grows at both ends, its runs change in place, and what is new waits to be asked for. */
export const useRunPages = (asked: () => ListAsked) => {
  const queries = useQueryClient();
  const query = useInfiniteQuery(() => runsQuery(asked()));
  const [arrived, setArrived] = createSignal<ReadonlySet<string>>(new Set());
  const key = createMemo(() => listKey(asked()));
  const shown = createMemo((before: Shown): Shown => {
    if (!isLoaded(query)) return before;
    const pages = query.data?.pages ?? [];
    const { of: key = '', turn = '' } = pages[0] ?? {};
    return { key, turn, runs: pages.flatMap((page) => page.items) };
  }, NOTHING);
  const runs = () => shown().runs;
  const known = createMemo(() => new Set(runs().map((run) => run.id)));
  const isHere = () => isLoaded(query) && shown().key === key();
  /** The rows are those of what was asked for before. */
  const isReplaced = () => !isHere() && runs().length > 0;
  // The newest this list has ever shown: turned pages may have dropped it.
  const newest = createMemo(
    (before: { readonly key: string; readonly id: string }) => {
      const id = runs().reduce((most, run) => (run.id > most ? run.id : most), before.key === shown().key ? before.id : '');
      return { key: shown().key, id };
    },
    { key: '', id: '' },
  );

  /** Forgets what was read of a list and where the reader was in it: shown again, it is read from the end it begins at. */
  const forget = (list: ListAsked) => {
    forgetOffset(listKey(list));
    if (listKey(list) !== key()) queries.removeQueries({ queryKey: runsQuery(list).queryKey, exact: true });
  };
  /** Reads the list anew from the end it begins at. */
  const again = () => {
    const { queryKey } = runsQuery(asked());
    forget(asked());
    beginAnew(asked());
    setArrived(new Set<string>());
    void queries.resetQueries({ queryKey, exact: true });
  };

  const isMissing = (run: ListedRun): boolean => {
    if (known().has(run.id)) return false;
    const { sort, from } = asked();
    const loaded = { runs: runs(), before: query.hasPreviousPage, after: query.hasNextPage };
    return isWithin(sort, loaded, run) || (sort === '-created_at' && from === 'start' && run.id > newest().id);
  };
  const note = (found: readonly ListedRun[]) => {
    const missing = found.filter(isMissing).map(({ id }) => id);
    if (missing.length === 0) return;
    setArrived((all) => new Set([...all, ...missing]));
    if (runs().length === 0) again();
  };
  const drop = (id: string) => {
    if (arrived().has(id)) setArrived((all) => new Set([...all].filter((one) => one !== id)));
  };
  const look = atMostEvery(LOOK_MS, () => {
    const of = key();
    void get<RunsPage>(firstPage(asked())).then(
      ({ items }) => key() === of && isHere() && note(items),
      () => undefined,
    );
  });

  useTopic(
    () => 'runs',
    (message) => {
      applyNews(queries, message);
      if ('deleted' in message) return drop(message.deleted);
      if (!('run' in message) || !isHere()) return;
      const matches = matchesFilter(asked(), message.run, Date.now());
      if (matches === 'perhaps') return known().has(message.run.id) ? undefined : look();
      if (matches) note([message.run]);
      else drop(message.run.id);
    },
  );
  let seen: readonly [string, string] = ['', ''];
  onCleanup(
    useLive().onGap((topics) => {
      if (isHere() && (topics?.includes('runs') ?? true))
        queries.setQueryData<InfiniteData<ReadPage>>(runsQuery(asked()).queryKey, (data) => data && onScreen(data, ...seen));
    }),
  );
  whenChanged(key, () => setArrived(new Set<string>()), 'later');

  /** The list as its states are drawn: rows stay until others take their place, and what took too long is said beside them. */
  const fetching: Fetching<readonly ListedRun[]> = {
    get data() {
      return runs();
    },
    get error() {
      return isTooSlow(query.error) ? null : query.error;
    },
    get dataUpdatedAt() {
      return query.dataUpdatedAt;
    },
    get isPlaceholderData() {
      return isReplaced();
    },
    get isPending() {
      return query.isPending;
    },
    get fetchStatus() {
      return query.fetchStatus;
    },
    refetch: () => query.refetch(),
  };

  return {
    query,
    fetching,
    runs,
    again,
    forget,
    isReplaced,
    /** The list that is shown, by which its scroll position is kept. */
    place: () => shown().key,
    /** Another text whenever the rows are those of another list or of one that began anew. */
    turn: () => shown().turn,
    // A refresh for another reason may bring what was waiting.
    waiting: createMemo(() => [...arrived()].filter((id) => !known().has(id)).length),
    nearEnd: () => {
      if (isHere() && query.hasNextPage && !query.isFetching && !query.isFetchNextPageError) void query.fetchNextPage();
    },
    nearStart: () => {
      if (isHere() && query.hasPreviousPage && !query.isFetching && !query.isFetchPreviousPageError) void query.fetchPreviousPage();
    },
    /** Told which runs are on screen. */
    see: (first: string, last: string) => {
      seen = [first, last];
    },
    cancel: () => void queries.cancelQueries({ queryKey: runsQuery(asked()).queryKey }),
  };
};
export type RunPages = ReturnType<typeof useRunPages>;
