import CircleAlert from 'lucide-solid/icons/circle-alert';
import { Show } from 'solid-js';
import type { Trouble } from '../draft/selection.ts';
import { t } from '../words.ts';

/** How many problems an item has; nothing where it has none. */
export const TroubleMark = (props: { trouble: Trouble | undefined }) => (
  <Show when={props.trouble}>
    {(trouble) => (
      <span class={`${trouble().isError ? 'tone-failed' : 'tone-paused'} flex shrink-0 items-center gap-1 text-meta text-(--tone)`}>
        <CircleAlert size={14} aria-hidden="true" />
        {trouble().count}
        <span class="sr-only">{t('steps.problems', trouble().count)}</span>
      </span>
    )}
  </Show>
);
