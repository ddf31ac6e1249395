import { Show } from 'solid-js';
import { t } from '../words.ts';

/** Tells in a dialog what somebody else made of the job meanwhile. */
export const News = (props: { news: string | undefined }) => (
  <Show when={props.news}>
    {(says) => (
      <p role="status" class="mt-3 rounded-control bg-warning px-3 py-2 break-words text-text">
        {says()} {t('changed.again')}
      </p>
    )}
  </Show>
);
