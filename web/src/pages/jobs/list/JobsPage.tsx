import { A, useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, Show } from 'solid-js';
import { useActions } from '../../../actions/actions.tsx';
import { Banner } from '../../../components/Banner.tsx';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { MayLink } from '../../../components/MayLink.tsx';
import { VirtualTable } from '../../../components/VirtualTable.tsx';
import { Page } from '../../../frame/Page.tsx';
import { atMostEvery } from '../../../live/at-most-every.ts';
import { useTopic } from '../../../live/Live.tsx';
import { usePreferences } from '../../../preferences/preferences.ts';
import { useSession } from '../../../session/session.tsx';
import { useDelayed } from '../../../time/delayed.ts';
import { type HistoryEntry, useSearchState } from '../../../url/use-search-state.ts';
import { t as common } from '../../../words.ts';
import { t } from '../words.ts';
import { hrefOfJob, jobColumns } from './columns.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { type JobsFilter, jobsFilter } from './filter.ts';
import { JobsFilters } from './JobsFilters.tsx';
import { useJobPages } from './job-pages.ts';
import { patchJobs } from './patch-jobs.ts';

/** News makes the loaded pages be read again at most this often. */
const READ_MS = 2000;
const TYPED_MS = 150;
const HEIGHTS = { comfortable: 40, compact: 32, dense: 24 } as const;

/** Every job by name, with how it fared lately and when it starts next. */
export const JobsPage = () => {
  const state = useSearchState(jobsFilter);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const session = useSession();
  const preferences = usePreferences();
  // The rest of the filters is one choice each; a text is asked for once it is typed.
  const text = useDelayed(() => state.value().q, TYPED_MS);
  const asked = createMemo(() => ({ ...state.value(), q: text() }));
  const pages = useJobPages(asked, (from) => state.change({ from }, 'none'));
  const { query: jobs, rows } = pages;
  const [active, setActive] = createSignal<string | null>(null);
  const isFiltered = () => jobsFilter.write({ ...state.value(), from: 'start' }) !== '';
  /** Another list is shown from where it begins. */
  const narrow = (part: Partial<JobsFilter>, how?: HistoryEntry) => state.change({ from: 'start', ...part }, how);
  // Of rows that are left from before nobody says what is beyond them.
  const isCut = () => jobs.hasNextPage || jobs.hasPreviousPage || jobs.isPlaceholderData;
  const clear = () => state.change(jobsFilter.absent);
  // News of a thousand jobs at once is one look; a start that a schedule made has another next one.
  const readAgain = atMostEvery(READ_MS, () => void jobs.refetch({ cancelRefetch: false }));
  useTopic(() => 'jobs', readAgain);
  useTopic(
    () => 'runs',
    (message) => {
      if ('run' in message && patchJobs(queries, message.run) && message.run.schedule !== null) readAgain();
    },
  );
  const go = (href: string) => () => navigate(href);
  const lacksEdit = () => (session.may('job:edit') ? undefined : 'job:edit');
  useActions(() => [
    { id: 'jobs.down', words: t('column.name'), key: 'j', quiet: true, run: () => pages.move(1) },
    { id: 'jobs.up', words: t('column.name'), key: 'k', quiet: true, run: () => pages.move(-1) },
    { id: 'jobs.end', words: t('key.end'), key: 'G', run: () => pages.goTo('end') },
    { id: 'jobs.start', words: t('key.start'), key: 'g g', run: () => pages.goTo('start') },
    { id: 'jobs.new', words: t('jobs.new'), denied: lacksEdit(), run: go('/jobs/new') },
    { id: 'jobs.import', words: t('import.title'), denied: lacksEdit(), run: go('/jobs/import') },
    { id: 'jobs.trash', words: t('trash.title'), run: go('/jobs/trash') },
  ]);
  const Clear = () => (
    <button type="button" class="button" onClick={clear}>
      {t('jobs.clear')}
    </button>
  );
  const columns = jobColumns((tag) => narrow({ tag }));
  return (
    <Page
      title={t('jobs.title')}
      filled
      actions={
        <>
          <A class="button" href="/jobs/trash">
            {t('jobs.trash')}
          </A>
          <MayLink href="/jobs/import" words={t('jobs.import')} permission="job:edit" />
          <ExportMenu shown={isFiltered() ? rows().map(({ name }) => name) : []} />
          <MayLink href="/jobs/new" words={t('jobs.new')} permission="job:edit" look="main" />
        </>
      }
    >
      <Show when={state.dropped().length > 0}>
        <div class="-mx-4 mt-3 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1 break-words">{t('jobs.dropped', state.dropped().join(', '))}</span>
          </Banner>
        </div>
      </Show>
      <JobsFilters filter={state.value()} change={narrow} />
      <div class="mt-2 flex min-h-0 flex-1 flex-col">
        <Fetched
          query={jobs}
          skeleton="h-64"
          instead={
            <Show when={isFiltered()}>
              <Clear />
            </Show>
          }
          isEmpty={() => rows().length === 0}
          empty={
            <Empty says={isFiltered() ? t('jobs.no_match') : t('jobs.none')}>
              <Show
                when={isFiltered()}
                fallback={
                  <A class="button" href="/templates">
                    {t('jobs.templates')}
                  </A>
                }
              >
                <Clear />
              </Show>
            </Empty>
          }
        >
          {() => (
            <div class="relative -mx-4 flex min-h-0 flex-1 flex-col md:-mx-6">
              <Show when={jobs.isPlaceholderData}>
                <div
                  class="absolute inset-x-0 top-8 h-0.5 bg-accent motion-safe:animate-pulse"
                  role="progressbar"
                  aria-label={common('fetched.refreshing')}
                />
              </Show>
              <p class="px-4 py-2 text-meta text-muted md:px-6" role="status">
                {t('jobs.counted', rows().length, isCut())}
              </p>
              <Show when={pages.place()} keyed>
                {(place) => (
                  <VirtualTable
                    caption={t('jobs.caption')}
                    columns={columns}
                    rows={rows()}
                    keyOf={(job) => job.name}
                    rowHeight={HEIGHTS[preferences.now().density]}
                    total={isCut() ? null : rows().length}
                    first={jobs.hasPreviousPage ? null : 0}
                    place={place}
                    begin={state.value().from}
                    nearEnd={pages.nearEnd}
                    nearStart={pages.nearStart}
                    active={active()}
                    onActive={setActive}
                    onOpen={(job) => navigate(hrefOfJob(job.name))}
                    onEnd={pages.goTo}
                    steer={pages.steered}
                    foot={<Show when={jobs.isFetchingNextPage}>{<p class="px-4 py-2 text-muted md:px-6">{t('jobs.more')}</p>}</Show>}
                  />
                )}
              </Show>
            </div>
          )}
        </Fetched>
      </div>
    </Page>
  );
};
