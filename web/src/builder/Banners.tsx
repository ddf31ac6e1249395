import { Show } from 'solid-js';
import { Banner } from '../components/Banner.tsx';
import type { Draft } from './draft/draft.ts';
import { t } from './words.ts';

interface BannersProps {
  readonly draft: Draft;
  /** Whether the browser keeps what is typed. */
  readonly isKept: boolean;
  readonly isRestored: boolean;
  /** The version that the job has become since a restored draft was begun. */
  readonly newer: number | null;
  readonly discard: () => void;
}

/** What must be known before going on: a part that has stopped, a change that was not made, a draft from before. */
export const Banners = (props: BannersProps) => (
  <>
    <Show when={props.draft.isUnread()}>
      <Banner tone="failure">
        <span class="min-w-0 flex-1">{t('builder.unread')}</span>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t('builder.reload')}
        </button>
      </Banner>
    </Show>
    <Show when={props.draft.refusal()}>{(why) => <Banner tone="warning">{`${t('form.refused')} ${why()}`}</Banner>}</Show>
    <Show when={!props.isKept}>
      <Banner tone="warning">{t('builder.not_kept')}</Banner>
    </Show>
    <Show when={props.isRestored}>
      <Banner tone="info">
        <span class="min-w-0 flex-1">
          {t('builder.restored')} {props.newer === null ? '' : t('builder.changed_since', props.newer)}
        </span>
        <button type="button" class="button" onClick={() => props.discard()}>
          {t('builder.discard')}
        </button>
      </Banner>
    </Show>
  </>
);
