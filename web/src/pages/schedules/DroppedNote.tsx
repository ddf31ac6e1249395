import { Show } from 'solid-js';
import { Banner } from '../../components/Banner.tsx';
import { t } from './words.ts';

/** Says what an address asked for that nobody understands. */
export const DroppedNote = (props: { dropped: readonly string[] }) => (
  <Show when={props.dropped.length > 0}>
    <div class="-mx-4 my-3 md:-mx-6">
      <Banner tone="info">{t('schedules.dropped', props.dropped.join(', '))}</Banner>
    </div>
  </Show>
);
