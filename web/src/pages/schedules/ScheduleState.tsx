import Ban from 'lucide-solid/icons/ban';
import CalendarClock from 'lucide-solid/icons/calendar-clock';
import CalendarOff from 'lucide-solid/icons/calendar-off';
import CircleDashed from 'lucide-solid/icons/circle-dashed';
import CirclePause from 'lucide-solid/icons/circle-pause';
import { Dynamic } from 'solid-js/web';
import type { ScheduleState as State } from '#jobs/schedules/fire-state.ts';
import { t } from './words.ts';

const LOOKS = {
  active: { icon: CalendarClock, tone: '' },
  not_armed: { icon: CircleDashed, tone: 'tone-pending text-(--tone)' },
  paused: { icon: CirclePause, tone: 'tone-paused text-(--tone)' },
  stopped: { icon: Ban, tone: 'tone-cancelled text-(--tone)' },
  over: { icon: CalendarOff, tone: 'text-muted' },
} as const;

/** Whether a schedule starts anything by itself, as icon and word. */
export const ScheduleState = (props: { state: State }) => (
  <span class={`inline-flex items-center gap-2 align-top whitespace-nowrap ${LOOKS[props.state].tone}`}>
    <Dynamic component={LOOKS[props.state].icon} size={16} class="shrink-0" />
    {t(`state.${props.state}`)}
  </span>
);
