import { A } from '@solidjs/router';
import CalendarX from 'lucide-solid/icons/calendar-x';
import { createSignal, For, Show } from 'solid-js';
import { FIRE_STATUSES, type FireStatus, MISSED_REASONS, type MissedReason } from '#jobs/schedules/fire-state.ts';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { lasting } from '../../../components/lasting.ts';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import type { VirtualColumn } from '../../../components/VirtualTable.tsx';
import { useSession } from '../../../session/session.tsx';
import { searchState, word } from '../../../url/search-state.ts';
import { useSearchState } from '../../../url/use-search-state.ts';
import { t as shared } from '../../../words.ts';
import { DroppedNote } from '../DroppedNote.tsx';
import { Line } from '../Line.tsx';
import { LongList } from '../LongList.tsx';
import { isMarked, MarksLine } from '../MarkNote.tsx';
import { MyClock, ZoneClock } from '../NextStart.tsx';
import { firesQuery } from '../queries.ts';
import type { FireView, ScheduleView } from '../views.ts';
import { t } from '../words.ts';
import { TriggerDialog } from './TriggerDialog.tsx';

const STATE = searchState<{ status: FireStatus | ''; reason: MissedReason | '' }>({
  status: word(['', ...FIRE_STATUSES], ''),
  reason: word(['', ...MISSED_REASONS], ''),
});

const Outcome = (props: { fire: FireView; tab: 0 | -1 }) => (
  <Show
    when={props.fire.run}
    fallback={
      <span class={props.fire.status === 'missed' ? 'tone-missed inline-flex items-center gap-2 text-(--tone)' : 'text-muted'}>
        <Show when={props.fire.status === 'missed'}>
          <CalendarX size={16} class="shrink-0" />
        </Show>
        {t(`fires.${props.fire.status}`)}
      </span>
    }
  >
    {(run) => (
      <Show when={run().status} fallback={<span class="text-muted">{t('fires.deleted')}</span>}>
        {(status) => (
          <A class="quiet-link relative z-10 inline-flex gap-2 align-top" href={`/runs/${run().id}`} tabindex={props.tab}>
            <StatusBadge status={status()} />
            <span class="text-muted">#{run().number}</span>
          </A>
        )}
      </Show>
    )}
  </Show>
);

/** What became of each moment of a schedule, the latest first; what was missed says why and can be started after all. */
export const FiresView = (props: { schedule: ScheduleView }) => {
  const session = useSession();
  const address = useSearchState(STATE);
  const [asked, setAsked] = createSignal<FireView | null>(null);
  const reason = () => address.value().reason;
  // Only what was missed has a reason.
  const status = () => (reason() === '' ? address.value().status : 'missed');
  const query = () => STATE.write({ status: status(), reason: reason() });
  const lacks = () => (session.may('run:start') ? undefined : shared('denied.control', 'run:start'));
  const fires = lasting(useInfiniteQuery(() => firesQuery(props.schedule.name, query())));
  const columns: readonly VirtualColumn<FireView>[] = [
    {
      id: 'moment',
      head: t('fires.moment'),
      width: 232,
      grow: 1,
      cell: (fire) => (
        <span class="flex flex-col">
          <ZoneClock at={fire.nominal_at} local={fire.nominal_local} zone={props.schedule.timezone} />
          <span class="truncate text-meta text-muted">
            {t(`trigger_word.${fire.trigger}`)}
            {fire.asked_by ? `, ${fire.asked_by}` : ''}
            {fire.again > 0 ? `, ${t('fires.again', fire.again)}` : ''}
          </span>
        </span>
      ),
    },
    {
      id: 'mine',
      head: t('fires.mine'),
      width: 200,
      cell: (fire) => <MyClock at={fire.nominal_at} zone={props.schedule.timezone} />,
    },
    { id: 'outcome', head: t('fires.outcome'), width: 168, cell: (fire, tab) => <Outcome fire={fire} tab={tab()} /> },
    {
      id: 'why',
      head: t('fires.why'),
      width: 240,
      grow: 2,
      cell: (fire) => (
        <span class="flex min-w-0 flex-col">
          <Show when={fire.reason}>{(why) => <span class="truncate">{t(`reason.${why()}`)}</span>}</Show>
          <Show when={fire.message ?? fire.note}>{(says) => <Line text={says()} />}</Show>
        </span>
      ),
    },
    {
      id: 'act',
      head: t('column.act'),
      quiet: true,
      width: 104,
      align: 'right',
      cell: (fire, tab) => (
        <Show when={fire.status === 'missed'}>
          <button
            type="button"
            class="link inline-flex min-h-6 items-center whitespace-nowrap"
            aria-label={`${t('fires.start')} ${fire.nominal_local ?? fire.nominal_at}`}
            aria-disabled={lacks() ? 'true' : undefined}
            title={lacks()}
            tabindex={tab()}
            onClick={() => lacks() || setAsked({ ...fire })}
          >
            {t('fires.start')}
          </button>
        </Show>
      ),
    },
  ];
  return (
    <div class="mt-4">
      <DroppedNote dropped={address.dropped()} />
      <div class="mb-4 flex flex-wrap items-end gap-3">
        <label class="flex w-44 flex-col gap-1">
          <span class="text-meta text-muted">{t('fires.status')}</span>
          <select class="input" onChange={(event) => address.change({ status: event.currentTarget.value as FireStatus | '', reason: '' })}>
            <option value="">{t('fires.all')}</option>
            <For each={FIRE_STATUSES}>
              {(one) => (
                <option value={one} selected={status() === one}>
                  {t(`fires.${one}`)}
                </option>
              )}
            </For>
          </select>
        </label>
        <Show when={status() === 'missed'}>
          <label class="flex w-64 flex-col gap-1">
            <span class="text-meta text-muted">{t('fires.reason')}</span>
            <select class="input" onChange={(event) => address.change({ reason: event.currentTarget.value as MissedReason | '' })}>
              <option value="">{t('fires.any_reason')}</option>
              <For each={MISSED_REASONS}>
                {(one) => (
                  <option value={one} selected={reason() === one}>
                    {t(`reason.${one}`)}
                  </option>
                )}
              </For>
            </select>
          </label>
        </Show>
      </div>
      <Fetched
        query={fires}
        skeleton="h-96"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={<Empty says={status() === '' ? t('fires.none') : t('fires.no_match')} />}
      >
        {() => (
          <LongList
            caption={t('fires.caption')}
            columns={columns}
            query={fires}
            place={`fires ${props.schedule.name} ${query()}`}
            keyOf={({ id }) => id}
            lines="two"
            hasUnder={isMarked}
            under={(fire) => <MarksLine moment={fire} />}
            counted={(count, more) => t('fires.shown', count, more)}
          />
        )}
      </Fetched>
      <Show when={asked()}>
        {(fire) => <TriggerDialog schedule={props.schedule} open close={() => setAsked(null)} moment={fire().nominal_at} />}
      </Show>
    </div>
  );
};
