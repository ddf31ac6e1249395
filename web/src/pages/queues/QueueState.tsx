import CircleDashed from 'lucide-solid/icons/circle-dashed';
import CirclePause from 'lucide-solid/icons/circle-pause';
import CircleX from 'lucide-solid/icons/circle-x';
import Layers from 'lucide-solid/icons/layers';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Dynamic } from 'solid-js/web';
import type { QueueState as State } from '#jobs/queues/state.ts';
import { t } from './words.ts';

const LOOKS = {
  open: { icon: Layers, tone: '' },
  paused: { icon: CirclePause, tone: 'tone-paused text-(--tone)' },
  stalled: { icon: CircleX, tone: 'tone-failed text-(--tone)' },
  unserved: { icon: TriangleAlert, tone: 'tone-retrying text-(--tone)' },
  idle: { icon: CircleDashed, tone: 'text-muted' },
} as const;

/** What a queue is doing, as icon and word. */
export const QueueState = (props: { state: State }) => (
  <span class={`inline-flex items-center gap-2 whitespace-nowrap ${LOOKS[props.state].tone}`}>
    <Dynamic component={LOOKS[props.state].icon} size={16} class="shrink-0" />
    {t(`state.${props.state}`)}
  </span>
);
