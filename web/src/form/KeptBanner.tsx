import { Show } from 'solid-js';
import { Banner } from '../components/Banner.tsx';
import { t } from './words.ts';

/** Says above the form of a page that it shows what was typed earlier and not saved, and whether somebody has saved since, with the way to begin anew. */
export const KeptBanner = (props: { isKept: boolean; isOlder: boolean; startOver: () => void }) => (
  <Show when={props.isKept}>
    <div class="-mx-4 mt-3 md:-mx-6">
      <Banner tone="info">
        <span class="flex-1">{t(props.isOlder ? 'kept.older' : 'kept.still')}</span>
        <button type="button" class="button" onClick={() => props.startOver()}>
          {t('kept.anew')}
        </button>
      </Banner>
    </div>
  </Show>
);
