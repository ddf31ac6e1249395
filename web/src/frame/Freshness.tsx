import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { Banner } from '../components/Banner.tsx';
import { useLive } from '../live/Live.tsx';
import { useNow, zone } from '../time/clock.ts';
import { clockTime } from '../time/instant.ts';
import { t } from '../words.ts';

const useAge = () => {
  const live = useLive();
  const now = useNow();
  return () => {
    const freshness = live.freshness();
    return freshness.kind === 'stale' ? formatDuration(Math.max(1000, Math.floor((now() - freshness.since) / 1000) * 1000)) : '';
  };
};

/** `● Live`, or `◌ Stale 40 s` when the page no longer hears the server. */
export const FreshnessMark = () => {
  const live = useLive();
  const age = useAge();
  return (
    <span
      class={`flex items-center gap-2 px-2 text-meta whitespace-nowrap text-muted ${live.freshness().kind === 'connecting' ? 'invisible' : ''}`}
      title={live.freshness().kind === 'live' ? t('live.live_hint') : ''}
    >
      <Show
        when={live.freshness().kind === 'live'}
        fallback={<span class="size-2.5 shrink-0 rounded-full border border-dashed border-current" />}
      >
        <span class="tone-completed size-2.5 shrink-0 rounded-full bg-(--tone)" />
      </Show>
      <span class="max-md:sr-only">{live.freshness().kind === 'stale' ? t('live.stale', age()) : t('live.live')}</span>
    </span>
  );
};

/** Says that what is shown may be old, since when, and offers to try again. */
export const StaleBanner = () => {
  const live = useLive();
  const age = useAge();
  const at = () => {
    const freshness = live.freshness();
    return freshness.kind === 'stale' ? clockTime(new Date(freshness.since), zone()) : '';
  };
  return (
    <Show when={live.freshness().kind === 'stale'}>
      <Banner tone="warning">
        {/* The age grows each second; it is told once. */}
        <span class="sr-only">{t('live.banner_once', at())}</span>
        <span class="min-w-0 flex-1 basis-52" aria-hidden="true">
          {t('live.banner', age(), at())}
        </span>
        <button type="button" class="button" onClick={() => live.reconnect()}>
          {t('live.reconnect')}
        </button>
      </Banner>
    </Show>
  );
};
