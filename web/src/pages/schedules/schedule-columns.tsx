import { A } from '@solidjs/router';
import CalendarX from 'lucide-solid/icons/calendar-x';
import CirclePause from 'lucide-solid/icons/circle-pause';
import CirclePlay from 'lucide-solid/icons/circle-play';
import { Show } from 'solid-js';
import { IconButton } from '../../components/IconButton.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import type { VirtualColumn } from '../../components/VirtualTable.tsx';
import { t as shared } from '../../words.ts';
import { MyClock, ZoneClock } from './NextStart.tsx';
import { scheduleHref } from './queries.ts';
import { ScheduleState } from './ScheduleState.tsx';
import type { ListedSchedule } from './views.ts';
import { t } from './words.ts';

interface Ways {
  /** Asks whether to pause or resume it. */
  readonly hold: (schedule: ListedSchedule) => void;
  /** The permission that the reader lacks for that. */
  readonly lacks: () => string | undefined;
}

/** When it starts something, without what the row and its page say besides: the zone, and what becomes of odd days. */
const plainWords = ({ words, timezone }: ListedSchedule): string => (words.split(';')[0] ?? '').replace(`, ${timezone}`, '');

/** Why it starts nothing, in the words of whoever said so; '' where there are none. */
export const whyHeld = ({ stopped_reason, pause }: ListedSchedule): string => stopped_reason ?? pause?.note ?? '';

/** How a row of the list of schedules is drawn. */
export const scheduleColumns = ({ hold, lacks }: Ways): readonly VirtualColumn<ListedSchedule>[] => [
  {
    id: 'state',
    head: t('column.state'),
    width: 104,
    cell: (schedule) => (
      <span class="flex flex-col">
        <ScheduleState state={schedule.state} />
        <Show when={schedule.pause?.until}>
          <span class="truncate text-meta text-muted">
            {t('state.until')} <Timestamp at={schedule.pause?.until} />
          </span>
        </Show>
      </span>
    ),
  },
  {
    id: 'schedule',
    head: t('column.schedule_job'),
    width: 220,
    grow: 3,
    cell: (schedule, tab) => (
      <span class="flex min-w-0 flex-col">
        <A class="truncate font-semibold after:absolute after:inset-0" href={scheduleHref(schedule.name)} tabindex={tab()}>
          {schedule.name}
        </A>
        <span class="truncate text-meta text-muted" title={schedule.words}>
          <A class="quiet-link relative z-10" href={`/jobs/${encodeURIComponent(schedule.job)}`} tabindex={tab()}>
            {schedule.job}
          </A>{' '}
          {plainWords(schedule)}
        </span>
      </span>
    ),
  },
  {
    id: 'next',
    head: t('column.next_zone'),
    width: 196,
    cell: (schedule) => (
      <span class="flex flex-col">
        <span class="truncate">
          <ZoneClock at={schedule.next_at} local={schedule.next_local} zone={schedule.timezone} />
        </span>
        <span class="truncate text-meta text-muted">{schedule.timezone}</span>
      </span>
    ),
  },
  {
    id: 'mine',
    head: t('column.next_mine'),
    width: 148,
    cell: (schedule) => <MyClock at={schedule.next_at} zone={schedule.timezone} />,
  },
  {
    id: 'last',
    head: t('column.last'),
    width: 160,
    cell: (schedule, tab) => (
      <Show when={schedule.last_status} fallback="–">
        {(status) => (
          <A class="quiet-link relative z-10 flex flex-col" href={`/runs/${schedule.last_run}`} tabindex={tab()}>
            <StatusBadge status={status()} />
            <span class="truncate text-meta text-muted">
              <Timestamp at={schedule.last_fire_at} zone={schedule.timezone} />
            </span>
          </A>
        )}
      </Show>
    ),
  },
  {
    id: 'missed',
    head: t('column.missed'),
    width: 84,
    cell: (schedule, tab) => (
      <Show when={schedule.missed_last_day > 0} fallback={<span class="text-muted">–</span>}>
        <A
          class="tone-missed relative z-10 inline-flex min-h-6 items-center gap-1 text-(--tone) hover:underline"
          href={`${scheduleHref(schedule.name)}/fires?status=missed`}
          aria-label={t('missed.show', schedule.name, schedule.missed_last_day)}
          tabindex={tab()}
        >
          <CalendarX size={16} />
          {t('missed.some', schedule.missed_last_day)}
        </A>
      </Show>
    ),
  },
  {
    id: 'act',
    head: t('column.act'),
    quiet: true,
    width: 32,
    align: 'right',
    cell: (schedule, tab) => {
      const word = () => t(schedule.pause ? 'pause.resume_of' : 'pause.of', schedule.name);
      return (
        <IconButton
          class="relative z-10"
          label={word()}
          off={lacks() && shared('denied.control', lacks() ?? '')}
          tab={tab()}
          press={() => hold({ ...schedule })}
        >
          <Show when={schedule.pause} fallback={<CirclePause size={16} />}>
            <CirclePlay size={16} />
          </Show>
        </IconButton>
      );
    },
  },
];
