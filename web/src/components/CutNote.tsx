import { Show } from 'solid-js';
import { t } from '../words.ts';

/** Says below a list that there is more than it shows. */
export const CutNote = (props: { of: { readonly items: readonly unknown[]; readonly isCut: boolean } }) => (
  <Show when={props.of.isCut}>
    <p class="mt-3 rounded-control bg-warning px-3 py-2">{t('list.cut', props.of.items.length)}</p>
  </Show>
);
