import { Show } from 'solid-js';
import { t } from './words.ts';

/** Says that a form shows what was typed earlier and not saved, with the way to begin anew. */
export const KeptNote = (props: { isKept: boolean; startOver: () => void }) => (
  <Show when={props.isKept}>
    <p class="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control bg-selected px-3 py-2" role="status">
      <span class="min-w-0 flex-1">{t('kept.still')}</span>
      <button type="button" class="link min-h-6" onClick={() => props.startOver()}>
        {t('kept.anew')}
      </button>
    </p>
  </Show>
);
