import { A } from '@solidjs/router';
import CalendarX from 'lucide-solid/icons/calendar-x';
import { Show } from 'solid-js';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { lasting } from '../../../components/lasting.ts';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import type { VirtualColumn } from '../../../components/VirtualTable.tsx';
import { zone as mine } from '../../../time/clock.ts';
import { zoneName } from '../../../time/instant.ts';
import { wallWords } from '../../../time/wall.ts';
import { Line } from '../Line.tsx';
import { LongList } from '../LongList.tsx';
import { isMarked, MarksLine } from '../MarkNote.tsx';
import { MyClock } from '../NextStart.tsx';
import { scheduleHref } from '../queries.ts';
import { t as shared } from '../words.ts';
import { type AgendaAsked, itemsQuery } from './queries.ts';
import type { AgendaItem } from './views.ts';
import { t } from './words.ts';

const State = (props: { item: AgendaItem; tab: 0 | -1 }) => (
  <Show
    when={props.item.run}
    fallback={
      <span
        class={
          props.item.state === 'missed'
            ? 'tone-missed inline-flex items-center gap-2 text-(--tone)'
            : props.item.state === 'planned'
              ? ''
              : 'text-muted'
        }
      >
        <Show when={props.item.state === 'missed'}>
          <CalendarX size={16} class="shrink-0" />
        </Show>
        {t(`state.${props.item.state}`)}
      </span>
    }
  >
    {(run) => (
      <A class="quiet-link" href={`/runs/${run()}`} tabindex={props.tab}>
        <Show when={props.item.run_status} fallback={t(`state.${props.item.state}`)}>
          {(status) => <StatusBadge status={status()} />}
        </Show>
      </A>
    )}
  </Show>
);

const COLUMNS = (zone: string): readonly VirtualColumn<AgendaItem>[] => [
  {
    id: 'when',
    head: t('agenda.when'),
    width: 212,
    cell: (item) => (
      <time datetime={item.at} title={item.at}>
        {wallWords(item.local_time)} <span class="text-muted">{zoneName(new Date(item.at), zone)}</span>
      </time>
    ),
  },
  ...(mine() === zone
    ? []
    : [{ id: 'mine', head: t('agenda.mine'), width: 200, cell: (item: AgendaItem) => <MyClock at={item.at} zone={zone} /> }]),
  {
    id: 'what',
    head: t('agenda.what'),
    width: 200,
    grow: 1,
    cell: (item, tab) => (
      <span class="flex min-w-0 flex-col">
        <Show when={item.schedule} fallback={<span class="text-muted">{t('agenda.by_itself')}</span>}>
          {(name) => (
            <A class="link truncate" href={scheduleHref(name())} tabindex={tab()}>
              {name()}
            </A>
          )}
        </Show>
        <span class="truncate text-meta text-muted">
          {item.job}
          {item.zone && item.zone !== zone ? ` · ${item.zone} ${item.zone_time?.slice(11, 16) ?? ''}` : ''}
        </span>
      </span>
    ),
  },
  { id: 'state', head: t('agenda.state'), width: 148, cell: (item, tab) => <State item={item} tab={tab()} /> },
  {
    id: 'why',
    head: t('agenda.why'),
    width: 200,
    grow: 1,
    cell: (item) => (
      <span class="flex min-w-0 flex-col">
        <Show when={item.reason}>{(reason) => <span class="truncate">{shared(`reason.${reason()}`)}</span>}</Show>
        <Show when={item.message}>{(says) => <Line text={says()} />}</Show>
      </span>
    ),
  },
];

const keyOf = ({ at, schedule, run, again }: AgendaItem): string => `${at} ${schedule ?? ''} ${schedule === null ? run : ''} ${again}`;

/** What starts between two moments, in order; the table that the week sums up. */
export const AgendaItems = (props: { from: string; to: string; asked: AgendaAsked }) => {
  const items = lasting(useInfiniteQuery(() => itemsQuery(props.from, props.to, props.asked)));
  return (
    <Fetched
      query={items}
      skeleton="h-64"
      isEmpty={({ pages }) => pages[0]?.items.length === 0}
      empty={<p class="py-4 text-muted">{t('agenda.none')}</p>}
    >
      {() => (
        <LongList
          caption={t('agenda.table_caption')}
          columns={COLUMNS(props.asked.zone)}
          query={items}
          place={`agenda ${props.from} ${props.to} ${JSON.stringify(props.asked)}`}
          keyOf={keyOf}
          lines="two"
          hasUnder={isMarked}
          under={(item) => <MarksLine moment={item} />}
          counted={(count, more) => t('agenda.shown', count, more)}
        />
      )}
    </Fetched>
  );
};
