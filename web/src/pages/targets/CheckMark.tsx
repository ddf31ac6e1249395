import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleX from 'lucide-solid/icons/circle-x';
import { Show } from 'solid-js';
import { t } from './words.ts';

/** How a look at a target went, or with `passed` one stage of it: icon and word. */
export const CheckMark = (props: { check: { readonly healthy: boolean; readonly stage: string | null }; passed?: boolean }) => (
  <span class={`flex items-center gap-2 text-(--tone) ${props.check.healthy ? 'tone-completed' : 'tone-failed'}`}>
    <Show when={props.check.healthy} fallback={<CircleX size={16} class="shrink-0" aria-hidden="true" />}>
      <CircleCheck size={16} class="shrink-0" aria-hidden="true" />
    </Show>
    {props.passed
      ? t(props.check.healthy ? 'targets.passed' : 'targets.not_passed')
      : props.check.healthy
        ? t('targets.healthy')
        : t('targets.unhealthy', props.check.stage ?? '?')}
  </span>
);
