import { t } from './words.ts';

/** What the patterns of the time line mean. */
export const Legend = () => (
  <p class="flex flex-wrap items-center gap-x-4 gap-y-1 px-2 pt-2 text-meta text-muted md:px-3">
    <span class="tone-queued flex items-center gap-2">
      <span class="dotted inline-block h-2 w-6" />
      {t('line.legend_queue')}
    </span>
    <span class="tone-completed flex items-center gap-2">
      <span class="inline-block h-2 w-6 rounded-[2px] bg-(--tone)" />
      {t('line.legend_attempt')}
    </span>
    <span class="tone-retrying flex items-center gap-2">
      <span class="hatched inline-block h-2 w-6" />
      {t('line.legend_pause')}
    </span>
    <span class="font-semibold">{t('line.legend_critical')}</span>
  </p>
);
