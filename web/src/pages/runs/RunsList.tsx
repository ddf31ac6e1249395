import { A } from '@solidjs/router';
import { For, lazy, onCleanup, Show } from 'solid-js';
import { Banner } from '../../components/Banner.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import type { TableSteer } from '../../components/VirtualTable.tsx';
import { Suspense } from '../../solid.ts';
import { NO_FILTER, namesIn, type RunsFilter } from '../../url/runs-filter.ts';
import { t as common } from '../../words.ts';
import type { RunsChoice } from './chosen-runs.ts';
import { CHIPS, fieldsOf } from './filter/kinds.ts';
import type { RunSort, RunsState } from './page-state.ts';
import { isTooSlow } from './queries.ts';
import { RunsTable } from './RunsTable.tsx';
import type { RunPages } from './run-pages.ts';
import { t } from './words.ts';

// Where there is room for a table nobody waits for the cards.
const RunCards = lazy(async () => ({ default: (await import('./RunCards.tsx')).RunCards }));

interface RunsListProps {
  readonly state: RunsState;
  readonly change: (part: Partial<RunsState>) => void;
  readonly pages: RunPages;
  readonly choice: RunsChoice;
  readonly asCards: boolean;
  readonly active: string | null;
  readonly onActive: (id: string) => void;
  readonly steer: (steer: TableSteer | undefined) => void;
  /** How many match, null while nobody knows exactly. */
  readonly total: number | null;
  readonly onSort: (sort: RunSort) => void;
  /** Goes to an end of all that match. */
  readonly onEnd: (at: 'start' | 'end') => void;
  /** Shows what has come meanwhile. */
  readonly onNew: () => void;
}

/** The runs of a filter in all states a list can be in. */
export const RunsList = (props: RunsListProps) => {
  const { pages } = props;
  const foot = () => (pages.query.hasNextPage ? t('runs.more') : t('runs.end'));
  /** How many stand before the first one here, where that is known. */
  const first = () => {
    if (pages.isReplaced()) return null;
    if (!pages.query.hasPreviousPage) return 0;
    return props.state.from === 'end' && !pages.query.hasNextPage && props.total !== null ? props.total - pages.runs().length : null;
  };
  onCleanup(() => props.steer(undefined));
  return (
    <div class="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <Show
        when={pages.runs().length > 0 && pages.query.isFetching && !pages.query.isFetchingNextPage && !pages.query.isFetchingPreviousPage}
      >
        <div
          class="absolute inset-x-0 top-0 h-0.5 bg-accent motion-safe:animate-pulse"
          role="status"
          aria-label={common('fetched.refreshing')}
        />
      </Show>
      <Show when={isTooSlow(pages.query.error)}>
        <div class="-mx-4 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1">{pages.runs().length > 0 ? t('runs.too_slow') : t('runs.too_slow_none')}</span>
            <button type="button" class="button" onClick={() => props.change({ since: '24h', until: '' })}>
              {t('runs.narrow')}
            </button>
          </Banner>
        </div>
      </Show>
      <Fetched
        query={pages.fetching}
        skeleton="h-96"
        cancel={pages.cancel}
        isEmpty={() => pages.runs().length === 0}
        empty={<Nothing filter={props.state} change={props.change} />}
      >
        {() => (
          <div class="-mx-4 flex min-h-0 flex-1 flex-col md:-mx-6" aria-busy={pages.isReplaced() ? 'true' : undefined}>
            <Show when={pages.waiting() > 0}>
              <div class="flex justify-center border-b border-hairline bg-selected">
                <button type="button" class="link min-h-8 px-4 font-semibold" onClick={() => props.onNew()}>
                  {t('runs.new', pages.waiting())}
                </button>
              </div>
            </Show>
            <Show when={`${pages.turn()} ${props.asCards}`} keyed>
              {(_turn) => (
                <Show
                  when={props.asCards}
                  fallback={
                    <RunsTable
                      place={pages.place()}
                      total={props.total}
                      first={first()}
                      runs={pages.runs()}
                      from={props.state.from}
                      sort={props.state.sort}
                      onSort={props.onSort}
                      onEnd={props.onEnd}
                      choice={props.choice}
                      active={props.active}
                      onActive={props.onActive}
                      nearEnd={pages.nearEnd}
                      nearStart={pages.nearStart}
                      onSeen={pages.see}
                      foot={foot()}
                      steer={props.steer}
                    />
                  }
                >
                  <Suspense>
                    <RunCards
                      place={`${pages.place()} cards`}
                      runs={pages.runs()}
                      from={props.state.from}
                      choice={props.choice}
                      active={props.active}
                      onActive={props.onActive}
                      nearEnd={pages.nearEnd}
                      nearStart={pages.nearStart}
                      onSeen={pages.see}
                      foot={foot()}
                      steer={props.steer}
                    />
                  </Suspense>
                </Show>
              )}
            </Show>
          </div>
        )}
      </Fetched>
    </div>
  );
};

const Nothing = (props: { filter: RunsFilter; change: (part: Partial<RunsFilter>) => void }) => {
  const set = () => CHIPS.filter((chip) => fieldsOf(chip).some((name) => namesIn(props.filter).includes(name)));
  return (
    <Show
      when={set().length > 0}
      fallback={
        <Empty says={t('runs.none')}>
          <A class="button button-main" href="/jobs">
            {t('runs.none_action')}
          </A>
        </Empty>
      }
    >
      <Empty says={t('runs.no_match')}>
        <div class="flex flex-wrap gap-2">
          <For each={set()}>
            {(chip) => (
              <button
                type="button"
                class="button"
                onClick={() => props.change(Object.fromEntries(fieldsOf(chip).map((name) => [name, NO_FILTER[name]])))}
              >
                {t('runs.clear_one', t(`filter.${chip}`))}
              </button>
            )}
          </For>
        </div>
      </Empty>
    </Show>
  );
};
