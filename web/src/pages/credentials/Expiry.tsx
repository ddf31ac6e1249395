import { Show } from 'solid-js';
import { Timestamp } from '../../components/Timestamp.tsx';
import { useNow } from '../../time/clock.ts';
import { t } from './words.ts';

const SOON_MS = 14 * 86_400_000;

/** When a secret ends; says so where it has, and stands out where that is soon. */
export const Expiry = (props: { at: string | null }) => {
  const now = useNow();
  const left = (at: string) => Date.parse(at) - now();
  return (
    <Show when={props.at} fallback={<span class="text-muted">{t('credentials.no_end')}</span>}>
      {(at) => (
        <span class={left(at()) <= 0 ? 'tone-failed text-(--tone)' : left(at()) < SOON_MS ? 'tone-retrying text-(--tone)' : ''}>
          <Show when={left(at()) <= 0}>{t('credentials.expired')} </Show>
          <Timestamp at={at()} />
        </span>
      )}
    </Show>
  );
};
