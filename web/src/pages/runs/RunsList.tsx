import { A } from '@solidjs/router';
import { useInfiniteQuery, useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, Show } from 'solid-js';
import { runsQuery } from '../../api/queries.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { applyNews } from '../../live/cache.ts';
import { useTopic } from '../../live/Live.tsx';
import { whenChanged } from '../../solid.ts';
import { matchesFilter, NO_FILTER, type RunsFilter, runsSearch } from '../../url/runs-filter.ts';
import { t } from '../../words.ts';
import { RunsTable } from './RunsTable.tsx';

interface RunsListProps {
  readonly filter: RunsFilter;
  readonly change: (filter: RunsFilter) => void;
}

/** The runs of a filter: drawn as far as they are looked at, patched in place as they change; new ones wait behind a button. */
export const RunsList = (props: RunsListProps) => {
  const queries = useQueryClient();
  const query = useInfiniteQuery(() => runsQuery(props.filter));
  const [fromTop, setFromTop] = createSignal(0);
  const [arrived, setArrived] = createSignal<ReadonlySet<string>>(new Set());
  const runs = createMemo(() => (isLoaded(query) ? (query.data?.pages ?? []).flatMap((page) => page.items) : []));
  const known = createMemo(() => new Set(runs().map((run) => run.id)));

  const showNew = () => {
    const { queryKey } = runsQuery(props.filter);
    queries.setQueryData<typeof query.data>(
      queryKey,
      (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    setArrived(new Set<string>());
    setFromTop(fromTop() + 1);
    void query.refetch();
  };

  useTopic(
    () => 'runs',
    (message) => {
      applyNews(queries, message);
      if (!('run' in message) || !isLoaded(query)) return;
      const { run } = message;
      const newest = runs()[0]?.id ?? '';
      if (run.id <= newest || known().has(run.id) || !matchesFilter(props.filter, run)) return;
      setArrived((all) => new Set(all).add(run.id));
      if (newest === '') showNew();
    },
  );
  whenChanged(
    () => runsSearch(props.filter),
    () => setArrived(new Set<string>()),
    'later',
  );
  // A refresh for another reason may bring what was waiting.
  const waiting = createMemo(() => [...arrived()].filter((id) => !known().has(id)).length);

  const nearEnd = () => {
    if (!query.isFetchingNextPage && !query.isFetchNextPageError) void query.fetchNextPage();
  };

  const none = () =>
    runsSearch(props.filter) === '' ? (
      <Empty says={t('runs.none')}>
        <A class="button button-main" href="/jobs">
          {t('runs.none_action')}
        </A>
      </Empty>
    ) : (
      <Empty says={t('runs.no_match')}>
        <Show when={props.filter.status.length > 0}>
          <button type="button" class="button" onClick={() => props.change({ ...props.filter, status: [] })}>
            {t('runs.clear_status')}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => props.change(NO_FILTER)}>
          {t('runs.clear')}
        </button>
      </Empty>
    );

  return (
    <div class="relative flex min-h-0 flex-1 flex-col">
      <Show when={isLoaded(query) && query.isFetching && !query.isFetchingNextPage}>
        <div
          class="absolute inset-x-0 top-0 h-0.5 bg-accent motion-safe:animate-pulse"
          role="status"
          aria-label={t('fetched.refreshing')}
        />
      </Show>
      <Fetched
        query={query}
        skeleton="h-96"
        cancel={() => void queries.cancelQueries({ queryKey: runsQuery(props.filter).queryKey })}
        isEmpty={() => runs().length === 0}
        empty={none()}
      >
        {() => (
          <div class="@container -mx-4 flex min-h-0 flex-1 flex-col md:-mx-6">
            <Show when={waiting() > 0}>
              <div class="flex justify-center border-b border-hairline bg-selected">
                <button type="button" class="link min-h-8 px-4 font-semibold" onClick={showNew}>
                  {t('runs.new', waiting())}
                </button>
              </div>
            </Show>
            <Show when={`${runsSearch(props.filter)} ${fromTop()}`} keyed>
              {(place) => <RunsTable place={place} runs={runs()} hasMore={query.hasNextPage} nearEnd={nearEnd} />}
            </Show>
          </div>
        )}
      </Fetched>
    </div>
  );
};
