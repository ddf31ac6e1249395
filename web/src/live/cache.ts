import type { InfiniteData, QueryClient } from '@tanstack/solid-query';
import type { Lineage, LiveMessage, Page, RunSummary, RunView } from '../api/views.ts';
import { hasNewRelative, patchLineage, patchRun, patchRuns } from './patches.ts';
import { applyStep } from './step-news.ts';

/** Lists of runs that are read in pages; what else is asked of runs is told anew by its own page. */
const PAGED = {
  queryKey: ['runs'],
  predicate: ({ state }: { readonly state: { readonly data: unknown } }) =>
    typeof state.data === 'object' && state.data !== null && 'pages' in state.data,
};

const patchLists = (queries: QueryClient, run: RunSummary): void => {
  queries.setQueriesData<InfiniteData<Page<RunSummary>>>(PAGED, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => {
      const items = patchRuns(page.items, run);
      return items === page.items ? page : { ...page, items };
    });
    return pages.every((page, at) => page === data.pages[at]) ? data : { ...data, pages };
  });
};

/** A run that came from one of those shown is not described by its summary, and they are read again. */
const patchLineages = (queries: QueryClient, run: RunSummary): void => {
  for (const [queryKey, known] of queries.getQueriesData<Lineage>({ queryKey: ['lineage'] })) {
    if (known && hasNewRelative(known, run)) void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
    else queries.setQueryData<Lineage>(queryKey, (lineage) => lineage && patchLineage(lineage, run));
  }
};

const dropFromLists = (queries: QueryClient, id: string): void => {
  queries.setQueriesData<InfiniteData<Page<RunSummary>>>(
    PAGED,
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((run) => run.id !== id) })) },
  );
};

/** Rows that are only told of are read again where they are shown; news that come while they are being read wait for the next. */
const readAgain = (queries: QueryClient, what: 'commands' | 'transfers', topic: string, key: string): void => {
  void queries.invalidateQueries({ queryKey: [what, topic.slice('run:'.length), key] }, { cancelRefetch: false });
};

/** Lays a live message over everything held of that run or step, list and page alike, so that they cannot disagree. */
export const applyNews = (queries: QueryClient, message: LiveMessage): void => {
  if ('deleted' in message) {
    dropFromLists(queries, message.deleted);
    void queries.invalidateQueries({ queryKey: ['run', message.deleted] });
  } else if ('run' in message) {
    patchLists(queries, message.run);
    queries.setQueryData<RunView>(['run', message.run.id], (known) => known && patchRun(known, message.run));
    patchLineages(queries, message.run);
  } else if ('step' in message) {
    applyStep(queries, message.topic.slice('run:'.length), message.step);
  } else if ('commands' in message) readAgain(queries, 'commands', message.topic, message.commands);
  else if ('transfers' in message) readAgain(queries, 'transfers', message.topic, message.transfers);
};
