import Ban from 'lucide-solid/icons/ban';
import CalendarClock from 'lucide-solid/icons/calendar-clock';
import CalendarX from 'lucide-solid/icons/calendar-x';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleDashed from 'lucide-solid/icons/circle-dashed';
import CirclePause from 'lucide-solid/icons/circle-pause';
import CircleQuestionMark from 'lucide-solid/icons/circle-question-mark';
import CircleX from 'lucide-solid/icons/circle-x';
import Hand from 'lucide-solid/icons/hand';
import Layers from 'lucide-solid/icons/layers';
import LoaderCircle from 'lucide-solid/icons/loader-circle';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import SkipForward from 'lucide-solid/icons/skip-forward';
import TimerOff from 'lucide-solid/icons/timer-off';
import type { Component } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { STATUS_LOOK, type StepStatus, type WaitingFor } from '#jobs/run-state.ts';

type Icon = Component<{ class?: string; size?: number; role?: 'img'; 'aria-label'?: string }>;

const ICONS = {
  'circle-dashed': CircleDashed,
  'calendar-clock': CalendarClock,
  layers: Layers,
  'loader-circle': LoaderCircle,
  'rotate-cw': RotateCw,
  hand: Hand,
  'circle-pause': CirclePause,
  'circle-check': CircleCheck,
  'circle-x': CircleX,
  'timer-off': TimerOff,
  ban: Ban,
  'calendar-x': CalendarX,
  'circle-question-mark': CircleQuestionMark,
  'skip-forward': SkipForward,
} as const satisfies Record<(typeof STATUS_LOOK)[StepStatus]['icon'], Icon>;

interface StatusProps {
  readonly status: StepStatus;
  readonly waitingFor?: WaitingFor | null;
  readonly attempt?: number | undefined;
  readonly attemptsAllowed?: number | undefined;
}

/** `Lost`, for `Lost: outcome unknown`. */
const briefly = (word: string): string => word.split(':', 1)[0] ?? word;

/** A status in words, with what it waits for and which attempt it is at. */
export const statusWords = (props: StatusProps): string => {
  const { word } = STATUS_LOOK[props.status];
  if (props.status === 'waiting' && props.waitingFor) return `${word}: ${props.waitingFor}`;
  if (props.status === 'retrying' && props.attempt && props.attemptsAllowed) return `${word} ${props.attempt}/${props.attemptsAllowed}`;
  return word;
};

const Shape = (props: { status: StepStatus; label?: string }) => (
  <Dynamic
    component={ICONS[STATUS_LOOK[props.status].icon] as Icon}
    size={16}
    class={`shrink-0 ${props.status === 'running' ? 'motion-safe:animate-turn' : ''}`}
    {...(props.label ? { role: 'img' as const, 'aria-label': props.label } : {})}
  />
);

/** A status as icon and word in its colour; no pill. Where what it means stands beside it, `brief` leaves only its name. */
export const StatusBadge = (props: StatusProps & { readonly brief?: boolean }) => (
  <span
    class={`tone-${props.status} inline-flex min-w-0 items-center align-top gap-2 whitespace-nowrap text-(--tone)`}
    title={statusWords(props)}
  >
    <Shape status={props.status} />
    <span class="truncate">{props.brief ? briefly(statusWords(props)) : statusWords(props)}</span>
  </span>
);

/** A status where only its icon fits; the word is its name and tooltip. */
export const StatusIcon = (props: StatusProps) => (
  <span class={`tone-${props.status} inline-flex text-(--tone)`} title={statusWords(props)}>
    <Shape status={props.status} label={statusWords(props)} />
  </span>
);
