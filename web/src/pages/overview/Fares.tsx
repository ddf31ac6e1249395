import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { hasEnded, hasEndedBadly, RUN_STATUSES, type RunStatus } from '#jobs/run-state.ts';
import { useQuery } from '../../api/use-query.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { visible } from '../../components/visible.ts';
import { NO_FILTER, type RunsFilter, runsSearch } from '../../url/runs-filter.ts';
import { searchState, word } from '../../url/search-state.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { grouped } from '../../words/counted.ts';
import { type Fared, faredQuery, worstQuery } from './queries.ts';
import { durationTrend, rateTrend, type Trend } from './trend.ts';
import { t } from './words.ts';

const BY = ['job', 'tag'] as const;
type By = (typeof BY)[number];
const SEARCH = searchState<{ readonly by: By }>({ by: word(BY, 'job') });

const percent = (rate: number | null): string => (rate === null ? '–' : `${Math.round(rate * 10) / 10} %`);
const lasting = (ms: number | null): string => (ms === null ? '–' : formatDuration(Math.round(ms)));

const Moved = (props: { trend: Trend }) => (
  <span class={`text-meta font-normal ${props.trend.better ? 'text-muted' : 'tone-retrying text-(--tone)'}`}>
    <span aria-hidden="true">{props.trend.up ? '▲' : '▼'}</span>
    <span class="sr-only">{t(props.trend.up ? 'trend.up' : 'trend.down')}</span> {props.trend.by}
    <span class="sr-only"> {t('trend.than')}</span>
  </span>
);

/** A figure; the whole of it is the way to the runs behind it. */
const Figure = (props: { words: string; value: string; href: string; leads: string; trend?: Trend | null }) => (
  <div class="relative -mx-2 rounded-control px-2 hover:bg-bg1">
    <dt class="text-meta text-muted">{props.words}</dt>
    <dd class="flex flex-wrap items-baseline gap-x-2 text-number font-semibold">
      <A
        class="whitespace-nowrap after:absolute after:inset-0"
        href={props.href}
        title={props.leads}
        aria-label={`${props.value}: ${props.leads}`}
      >
        {props.value}
      </A>
      <Show when={props.trend}>{(trend) => <Moved trend={trend()} />}</Show>
    </dd>
  </div>
);

const ENDED = RUN_STATUSES.filter((status) => hasEnded(status));
const BAD = RUN_STATUSES.filter((status) => hasEndedBadly(status));
const runsOf = (filter: Partial<RunsFilter>): string => `/runs?${runsSearch({ ...NO_FILTER, since: '24h', ...filter })}`;
const SLOWEST = `${runsOf({ status: ENDED })}&sort=-execution_time_ms`;

/** Success and durations of the runs that ended in the last day, against those of the day before. */
export const Altogether = () => {
  const fared = useQuery(() => faredQuery('last'));
  const earlier = useQuery(() => faredQuery('before'));
  const before = () => earlier.data?.[0];
  return (
    <section aria-labelledby="fares" class="min-w-0">
      <h2 id="fares" class="mb-2 text-section font-semibold">
        {t('overview.fares')}
      </h2>
      <Fetched query={fared} skeleton="h-32">
        {(found) => {
          const now = () => found()[0];
          const pair = (of: keyof Pick<Fared, 'success_rate' | 'p50_ms' | 'p95_ms'>) =>
            [now()?.[of] ?? null, before()?.[of] ?? null] as const;
          return (
            <dl class="grid grid-cols-2 gap-x-4 gap-y-4">
              <Figure
                words={t('overview.success')}
                value={percent(pair('success_rate')[0])}
                trend={rateTrend(...pair('success_rate'))}
                href={runsOf({ status: BAD })}
                leads={t('leads.bad')}
              />
              <Figure
                words={t('overview.ended')}
                value={grouped(now()?.runs ?? 0)}
                href={runsOf({ status: ENDED })}
                leads={t('leads.ended')}
              />
              <Figure
                words={t('overview.p50')}
                value={lasting(pair('p50_ms')[0])}
                trend={durationTrend(...pair('p50_ms'))}
                href={SLOWEST}
                leads={t('leads.slowest')}
              />
              <Figure
                words={t('overview.p95')}
                value={lasting(pair('p95_ms')[0])}
                trend={durationTrend(...pair('p95_ms'))}
                href={SLOWEST}
                leads={t('leads.slowest')}
              />
            </dl>
          );
        }}
      </Fetched>
    </section>
  );
};

const badOf = ({ by_status }: Fared): number =>
  RUN_STATUSES.reduce((sum, status) => sum + (hasEndedBadly(status) ? (by_status[status] ?? 0) : 0), 0);

const hrefOf = (by: By, group: string | null, status: readonly RunStatus[]): string => runsOf({ [by]: group ?? '', status });

const columnsBy = (by: By): readonly Column<Fared>[] => [
  {
    head: t(`overview.${by}`),
    cell: ({ group }) => (
      <A class="font-semibold break-words after:absolute after:inset-0" href={hrefOf(by, group, ENDED)} title={t('leads.ended')}>
        {visible(group ?? '')}
      </A>
    ),
  },
  { head: t('overview.ended'), cell: ({ runs }) => grouped(runs), class: 'text-right' },
  {
    head: t('overview.bad'),
    cell: (fared) => (
      <Show when={badOf(fared)}>
        {(count) => (
          <A class="link relative z-1 flex justify-end" href={hrefOf(by, fared.group, BAD)} title={t('leads.bad')}>
            {grouped(count())}
          </A>
        )}
      </Show>
    ),
    class: 'text-right',
  },
  { head: t('overview.success'), cell: ({ success_rate }) => percent(success_rate), class: 'text-right whitespace-nowrap' },
  { head: t('overview.p50'), cell: ({ p50_ms }) => lasting(p50_ms), class: 'text-right whitespace-nowrap max-md:hidden' },
  { head: t('overview.p95'), cell: ({ p95_ms }) => lasting(p95_ms), class: 'text-right whitespace-nowrap max-md:hidden' },
];

/** The jobs, or the tags of jobs, that fared worst: the most runs that ended badly first. */
export const Worst = () => {
  const search = useSearchState(SEARCH);
  const by = () => search.value().by;
  const worst = useQuery(() => worstQuery(by()));
  return (
    <section aria-labelledby="worst" class="mt-8">
      <div class="mb-2 flex flex-wrap items-center gap-x-6 gap-y-1">
        <h2 id="worst" class="text-section font-semibold">
          {t('overview.worst')}
        </h2>
        <fieldset class="flex gap-4">
          <legend class="sr-only">{t('overview.apart')}</legend>
          <For each={BY}>
            {(one) => (
              <label class="flex min-h-6 items-center gap-2">
                <input
                  type="radio"
                  class="size-4 accent-accent"
                  name="overview-by"
                  checked={by() === one}
                  onChange={() => search.change({ by: one })}
                />
                {t(`overview.by_${one}`)}
              </label>
            )}
          </For>
        </fieldset>
      </div>
      <Show when={by()} keyed>
        {(now) => (
          <Fetched
            query={worst}
            skeleton="h-92"
            isEmpty={(all) => all.length === 0}
            empty={<p class="text-muted">{t(now === 'tag' ? 'overview.none_tagged' : 'overview.none_ended')}</p>}
          >
            {(found) => <Table caption={t('overview.worst')} columns={columnsBy(now)} items={found()} />}
          </Fetched>
        )}
      </Show>
    </section>
  );
};
