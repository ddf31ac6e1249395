import { useLocation, useNavigate } from '@solidjs/router';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import Columns3 from 'lucide-solid/icons/columns-3';
import LayoutGrid from 'lucide-solid/icons/layout-grid';
import Rows3 from 'lucide-solid/icons/rows-3';
import { createMemo, createSignal, lazy, onCleanup, Show } from 'solid-js';
import type { RunBulkAction } from '#jobs/bulk.ts';
import { useActions } from '../../actions/actions.tsx';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Banner } from '../../components/Banner.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { isLoaded } from '../../components/Fetched.tsx';
import { LateButton } from '../../components/LateButton.tsx';
import type { TableSteer } from '../../components/VirtualTable.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { createEffect, Suspense } from '../../solid.ts';
import { NO_FILTER, namesIn, RUNS_FILTER, runsSearch } from '../../url/runs-filter.ts';
import { type HistoryEntry, useSearchState } from '../../url/use-search-state.ts';
import { grouped } from '../../words/counted.ts';
import { t as common } from '../../words.ts';
import { NEEDS, OFFERED } from './bulk/actions.ts';
import { Counted, useCount } from './Counted.tsx';
import { useChosenColumns } from './chosen-columns.ts';
import { useChosenRuns } from './chosen-runs.ts';
import { ExportButton } from './ExportButton.tsx';
import { FilterBar } from './filter/FilterBar.tsx';
import { layers } from './late-parts.ts';
import { RUNS_STATE, type RunsState } from './page-state.ts';
import { type ChosenRuns, type ListAsked, viewsQuery } from './queries.ts';
import { RunsList } from './RunsList.tsx';
import { useRunPages } from './run-pages.ts';
import { ViewsPanel } from './saved/ViewsPanel.tsx';
import type { SavedView } from './views.ts';
import { t } from './words.ts';

// The list is there before what is asked about it.
const Histogram = lazy(async () => ({ default: (await import('./Histogram.tsx')).Histogram }));
const BulkBar = lazy(async () => ({ default: (await layers()).BulkBar }));
const BulkDialog = lazy(async () => ({ default: (await import('./bulk/BulkDialog.tsx')).BulkDialog }));
const BulkStrip = lazy(async () => ({ default: (await import('./bulk/BulkStrip.tsx')).BulkStrip }));
const NewRunDialog = lazy(async () => ({ default: (await import('./NewRunDialog.tsx')).NewRunDialog }));
const ViewDialog = lazy(async () => ({ default: (await import('./saved/ViewDialog.tsx')).ViewDialog }));

const KEYS = { retry: 'r', cancel: 'c' } as const;

/** All runs, newest first, narrowed, sorted and laid out by what the address says. */
export const RunsPage = () => {
  const session = useSession();
  const { value, dropped, change } = useSearchState(RUNS_STATE);
  const columns = useChosenColumns();
  const isNarrow = useMedia('(max-width: 640px)');
  const isWide = useMedia('(min-width: 1600px)');
  useDefaultView();

  const askedBy = (state: RunsState): ListAsked => ({
    ...RUNS_FILTER.parse(runsSearch(state)).value,
    sort: state.sort,
    from: state.from,
    parameters: columns.shown().includes('parameters'),
  });
  const asked = createMemo(() => askedBy(value()));
  const pages = useRunPages(asked);
  const choice = useChosenRuns(value, pages.runs);
  const search = createMemo(() => runsSearch(value()));
  const count = useCount(search);
  const matching = () => {
    const known = count();
    return known ? `${known.more ? '> ' : ''}${grouped(known.count)}` : '…';
  };

  const total = () => (count()?.more === false ? (count()?.count ?? null) : null);

  const [active, setActive] = createSignal<string | null>(null);
  const [asking, setAsking] = createSignal<{ readonly action: RunBulkAction; readonly chosen: ChosenRuns } | null>(null);
  const [viewing, setViewing] = createSignal<{ readonly view?: SavedView } | null>(null);
  const [starting, setStarting] = createSignal(false);
  let table: TableSteer | undefined;
  /** The end that the reader asked for, whose rows are being read. */
  let owed: 'start' | 'end' | null = null;

  const hasAnswered = createMemo((before: boolean) => before || isLoaded(pages.query) || pages.query.isError, false);
  const isNarrowed = () => namesIn(value()).length > 0;
  const asCards = () => value().layout === 'cards' || (value().layout === 'auto' && isNarrow());
  /** Shows another list from where it begins; only going back in the history returns to where the reader was. */
  const show = (part: Partial<RunsState>, how: HistoryEntry) => {
    pages.forget(askedBy({ ...value(), ...part }));
    owed = null;
    change(part, how);
  };
  const narrow = (part: Partial<RunsState>, how?: 'typing') => show({ ...part, from: 'start' }, how ?? 'new');
  const ask = (action: RunBulkAction) => setAsking({ action, chosen: choice.asked() });
  /** The whole of the other end is one request, as the list is read from there. */
  const goTo = (end: 'start' | 'end') => {
    const { hasPreviousPage, hasNextPage } = pages.query;
    const isBeyond = end === 'start' ? hasPreviousPage : hasNextPage;
    const isOther = value().from !== end && (end === 'start' || isBeyond || !isLoaded(pages.query));
    if (isOther) show({ from: end }, 'none');
    else if (isBeyond) pages.again();
    if (isOther || isBeyond) owed = end;
    else table?.to(end);
  };
  const lacks = (permission: string) => !session.may(permission) && permission;
  const withActive = (act: (id: string) => void) => () => {
    const id = active();
    // What was active may be of another list, or gone.
    if (id !== null && pages.runs().some((run) => run.id === id)) act(id);
  };

  useActions(() => [
    { id: 'runs.filter', words: t('key.filter'), key: '/', run: () => document.querySelector<HTMLElement>('[data-filter]')?.focus() },
    { id: 'runs.new', words: t('runs.start'), run: () => setStarting(true), denied: lacks('run:start') },
    { id: 'runs.save', words: t('views.save'), run: () => setViewing({}) },
    ...(isNarrowed() ? [{ id: 'runs.clear', words: t('key.clear'), run: () => narrow(NO_FILTER) }] : []),
    { id: 'runs.down', words: t('key.down'), key: 'j', quiet: true, run: () => table?.move(1) },
    { id: 'runs.up', words: t('key.up'), key: 'k', quiet: true, run: () => table?.move(-1) },
    { id: 'runs.choose', words: t('choose.toggle'), key: 'x', quiet: true, run: withActive((id) => choice.toggle(id)) },
    { id: 'runs.end', words: t('key.end'), key: 'G', run: () => goTo('end') },
    { id: 'runs.start', words: t('key.start'), key: 'g g', run: () => goTo('start') },
    ...(choice.count() > 0
      ? OFFERED.map((action) => ({
          id: `runs.bulk.${action}`,
          words: t('key.bulk', t(`bulk.${action}`)),
          ...(action in KEYS && { key: KEYS[action as keyof typeof KEYS] }),
          run: () => ask(action),
          denied: lacks(NEEDS[action]),
        }))
      : []),
  ]);

  return (
    <Page
      title={common('runs.title')}
      filled
      actions={
        <>
          <LateButton opens="dialog" class="button" face={<ViewsFace />} load={async () => (await layers()).ViewsLayer}>
            {(Layer, opening) => (
              <Layer
                class="button"
                face={<ViewsFace />}
                opening={opening}
                search={savedSearch(value())}
                edit={(view) => setViewing({ view })}
              />
            )}
          </LateButton>
          <LateButton opens="dialog" class="button" face={<ColumnsFace />} load={async () => (await layers()).ColumnsLayer}>
            {(Layer, opening) => <Layer class="button" face={<ColumnsFace />} opening={opening} />}
          </LateButton>
          <div class="flex" role="group" aria-label={t('runs.layout')}>
            <button
              type="button"
              class={`button rounded-r-none px-2 ${asCards() ? '' : 'bg-selected'}`}
              aria-pressed={!asCards()}
              title={t('runs.as_table')}
              aria-label={t('runs.as_table')}
              onClick={() => change({ layout: isNarrow() ? 'table' : 'auto' }, 'none')}
            >
              <Rows3 size={16} />
            </button>
            <button
              type="button"
              class={`button -ml-px rounded-l-none px-2 ${asCards() ? 'bg-selected' : ''}`}
              aria-pressed={asCards()}
              title={t('runs.as_cards')}
              aria-label={t('runs.as_cards')}
              onClick={() => change({ layout: isNarrow() ? 'auto' : 'cards' }, 'none')}
            >
              <LayoutGrid size={16} />
            </button>
          </div>
          <ExportButton search={`${search()}${value().sort === '-created_at' ? '' : `&sort=${value().sort}`}`} />
          <ActionButton words={t('runs.start')} look="main" lacks={lacks('run:start') || undefined} run={() => setStarting(true)} />
        </>
      }
    >
      <Show when={dropped().length > 0}>
        <div class="-mx-4 mt-3 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1 break-words">{t('runs.dropped', dropped().join(', '))}</span>
          </Banner>
        </div>
      </Show>
      <FilterBar
        filter={value()}
        change={narrow}
        after={
          <>
            <Show when={isNarrowed()}>
              <button type="button" class="link h-8 px-2 text-table" onClick={() => setViewing({})}>
                {t('views.save')}
              </button>
              <CopyButton text={`${location.origin}${location.pathname}?${RUNS_STATE.write(value())}`} label={t('runs.copy')} />
            </Show>
            <div class="ml-auto">
              <Counted count={count()} />
            </div>
          </>
        }
      />
      {/* Its place is kept, and the list comes first. */}
      <div class="min-h-26 shrink-0">
        <Suspense>
          <Show when={hasAnswered()}>
            <Histogram filter={value()} change={narrow} />
          </Show>
        </Suspense>
      </div>
      <Suspense>
        <Show when={value().op}>{(id) => <BulkStrip id={id()} dismiss={() => change({ op: '' }, 'none')} />}</Show>
      </Suspense>
      <div class="flex min-h-0 flex-1 gap-6">
        <Show when={isWide()}>
          <ViewsPanel search={savedSearch(value())} edit={(view) => setViewing({ view })} />
        </Show>
        <RunsList
          state={value()}
          change={narrow}
          pages={pages}
          choice={choice}
          asCards={asCards()}
          active={active()}
          onActive={setActive}
          total={total()}
          onSort={(sort) => show({ sort, from: 'start' }, 'new')}
          onEnd={goTo}
          onNew={() => {
            pages.again();
            owed = value().from;
          }}
          steer={(steer) => {
            table = steer;
            if (!owed || !steer) return;
            steer.to(owed);
            owed = null;
          }}
        />
      </div>
      <Suspense>
        <Show when={choice.count() > 0}>
          <BulkBar choice={choice} matching={matching()} isNarrowed={isNarrowed()} search={search()} ask={ask} />
        </Show>
      </Suspense>
      <Suspense>
        <Show when={asking()}>
          {(asked) => (
            <BulkDialog
              action={asked().action}
              chosen={asked().chosen}
              close={() => setAsking(null)}
              started={(bulk) => {
                choice.none();
                change({ op: bulk.id });
              }}
            />
          )}
        </Show>
        <Show when={viewing()}>
          {(what) => <ViewDialog view={what().view} search={savedSearch(value())} close={() => setViewing(null)} />}
        </Show>
        <Show when={starting()}>
          <NewRunDialog close={() => setStarting(false)} />
        </Show>
      </Suspense>
    </Page>
  );
};

/** What a view keeps of the address: not where in the list the reader is, nor an operation that will be over. */
const savedSearch = (state: RunsState): string => RUNS_STATE.write({ ...state, from: 'start', op: '' });

const ViewsFace = () => (
  <>
    {t('views.button')}
    <ChevronDown size={16} class="text-muted" />
  </>
);

const ColumnsFace = () => (
  <>
    <Columns3 size={16} />
    {t('columns.button')}
  </>
);

/** Whether the window is as a query says. */
const useMedia = (query: string): (() => boolean) => {
  const media = matchMedia(query);
  const [holds, setHolds] = createSignal(media.matches);
  const listen = () => setHolds(media.matches);
  media.addEventListener('change', listen);
  onCleanup(() => media.removeEventListener('change', listen));
  return holds;
};

/** Opens the list with the reader's default view when it is come to without any other wish. */
const useDefaultView = (): void => {
  const location = useLocation();
  const navigate = useNavigate();
  const views = useQuery(viewsQuery);
  let settled = location.search !== '';
  createEffect(() => {
    if (settled || !isLoaded(views)) return;
    settled = true;
    const chosen = views.data?.find(({ is_default }) => is_default);
    if (chosen && location.search === '') navigate(`/runs?${chosen.search}`, { replace: true, scroll: false });
  });
};
