import { A } from '@solidjs/router';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { useQuery } from '../../api/use-query.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import type { AgendaItem } from '../schedules/agenda/views.ts';
import { t as agenda } from '../schedules/agenda/words.ts';
import { markWords } from '../schedules/marks.ts';
import { partWord } from '../system/parts.ts';
import { type SystemView, systemQuery } from '../system/queries.ts';
import { type BusyQueue, busyQueuesQuery, comingQuery } from './queries.ts';
import { t } from './words.ts';

const QUEUES: readonly Column<BusyQueue>[] = [
  {
    head: t('overview.queue'),
    cell: ({ name }) => (
      <A class="font-semibold break-words after:absolute after:inset-0" href={`/queues?queue=${encodeURIComponent(name)}`}>
        {name}
      </A>
    ),
  },
  { head: t('overview.clock'), cell: ({ local_time }) => local_time?.slice(11, 16) ?? '', class: 'whitespace-nowrap max-md:hidden' },
  { head: t('overview.depth'), cell: ({ depth }) => depth?.total ?? '–', class: 'text-right' },
  {
    head: t('overview.oldest'),
    cell: ({ oldest_seconds }) => (oldest_seconds ? formatDuration(Math.round(oldest_seconds) * 1000) : ''),
    class: 'text-right whitespace-nowrap',
  },
  { head: t('overview.slots'), cell: ({ slots }) => `${slots.used}/${slots.total}`, class: 'text-right' },
];

/** The queues with the most that waits. */
export const BusyQueues = () => {
  const queues = useQuery(() => busyQueuesQuery());
  return (
    <section aria-labelledby="queues" class="min-w-0">
      <h2 id="queues" class="mb-2 text-section font-semibold">
        {t('overview.queues')}
      </h2>
      <Fetched
        query={queues}
        skeleton="h-74"
        isEmpty={(all) => all.length === 0}
        empty={<p class="text-muted">{t('overview.no_queues')}</p>}
      >
        {(found) => <Table caption={t('overview.queues')} columns={QUEUES} items={found()} />}
      </Fetched>
    </section>
  );
};

const hrefOf = ({ schedule, run }: AgendaItem): string =>
  schedule !== null ? `/schedules/${encodeURIComponent(schedule)}` : run !== null ? `/runs/${run}` : '/schedules/agenda';

const marksOf = ({ marks, wall, dst }: AgendaItem): string => marks.map((mark) => markWords(mark, wall, dst)).join('; ');

const COMING: readonly Column<AgendaItem>[] = [
  {
    head: t('overview.when'),
    cell: (item) => (
      <span class="flex items-center gap-2">
        <Timestamp at={item.at} zone={item.zone} />
        <Show when={marksOf(item)}>
          {(words) => (
            <span class="tone-retrying text-(--tone)" title={words()}>
              <TriangleAlert size={16} aria-label={words()} />
            </span>
          )}
        </Show>
      </span>
    ),
    class: 'whitespace-nowrap',
  },
  {
    head: t('overview.job'),
    cell: (item) => (
      <span>
        <A class="font-semibold break-words after:absolute after:inset-0" href={hrefOf(item)}>
          {item.job}
        </A>
        <Show when={item.state !== 'planned'}>
          <span class="text-muted"> · {agenda(`state.${item.state}`)}</span>
        </Show>
      </span>
    ),
  },
  { head: t('overview.zone'), cell: ({ zone }) => zone ?? '', class: 'max-md:hidden' },
];

/** What starts by itself in the next day, the first of it. */
export const NextDay = () => {
  const coming = useQuery(() => comingQuery());
  return (
    <section aria-labelledby="next" class="min-w-0">
      <div class="mb-2 flex items-baseline gap-4">
        <h2 id="next" class="text-section font-semibold">
          {t('overview.next')}
        </h2>
        <A class="link" href="/schedules/agenda">
          {t('overview.all_next')}
        </A>
      </div>
      <Fetched
        query={coming}
        skeleton="h-74"
        isEmpty={(all) => all.length === 0}
        empty={<p class="text-muted">{t('overview.none_next')}</p>}
      >
        {(found) => <Table caption={t('overview.next')} columns={COMING} items={found()} />}
      </Fetched>
    </section>
  );
};

/** Whether the installation is well, in one line. */
export const Health = () => {
  const system = useQuery(() => systemQuery());
  return (
    <section aria-labelledby="health" class="min-w-0">
      <h2 id="health" class="mb-2 text-section font-semibold">
        {t('overview.health')}
      </h2>
      <Fetched query={system} skeleton="h-10">
        {(found) => {
          const unwell = () => found().checks.filter(({ ok }) => !ok);
          return (
            <p class="flex flex-wrap gap-x-6 gap-y-1">
              <Show when={found().workers}>
                {(workers) => (
                  <A class={`quiet-link ${workers().alive === 0 ? 'tone-failed text-(--tone)' : ''}`} href="/workers">
                    {t('overview.workers', workers().alive, workers().known)}
                  </A>
                )}
              </Show>
              <A class={`quiet-link ${unwell().length > 0 ? 'tone-failed text-(--tone)' : ''}`} href="/system">
                {unwell().length > 0
                  ? t(
                      'overview.parts_unwell',
                      unwell()
                        .map(({ name }) => partWord(name))
                        .join(', '),
                    )
                  : t('overview.parts_well')}
              </A>
              <Answers part="temporal" ms={found().latency.temporal_ms} />
              <Answers part="postgres" ms={found().latency.postgres_ms} />
              <Show when={found().lag}>{(lag) => <Lag of={lag()} />}</Show>
            </p>
          );
        }}
      </Fetched>
    </section>
  );
};

/** Whether a part answers, and how fast. */
const Answers = (props: { part: string; ms: number | null }) => (
  <span class={props.ms === null ? 'tone-failed text-(--tone)' : 'text-muted'}>
    {props.ms === null ? t('overview.silent', partWord(props.part)) : t('overview.answers', partWord(props.part), props.ms)}
  </span>
);

/** How far what was accepted is ahead of what Temporal knows. */
const Lag = (props: { of: NonNullable<SystemView['lag']> }) => (
  <span class={props.of.owed_starts > 0 ? '' : 'text-muted'}>
    {props.of.owed_starts > 0
      ? t('overview.owed', props.of.owed_starts, formatDuration(Math.round((props.of.oldest_owed_seconds ?? 0) * 1000)))
      : t('overview.not_owed')}
  </span>
);
