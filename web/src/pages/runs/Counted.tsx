import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { useQuery } from '../../api/use-query.ts';
import { useNow } from '../../time/clock.ts';
import { countQuery } from './queries.ts';
import { t } from './words.ts';

/** How many runs match, and how old the count is. */
export const useCount = (search: () => string) => {
  const query = useQuery(() => countQuery(search()));
  return () => query.data;
};

/** The count in words; its place is kept while it is counted. */
export const Counted = (props: { count: { readonly count: number; readonly more: boolean; readonly at: string } | undefined }) => {
  const now = useNow();
  const age = (at: string) => {
    const seconds = Math.floor((now() - Date.parse(at)) / 1000);
    return seconds < 1 ? t('runs.counted_now') : t('runs.counted', formatDuration(seconds * 1000));
  };
  return (
    <p class="min-h-4 shrink-0 text-meta text-muted">
      <Show when={props.count}>
        {(counted) => (
          <>
            <span class="font-semibold text-text">{t('runs.count', counted().count, counted().more)}</span>
            {' · '}
            {age(counted().at)}
          </>
        )}
      </Show>
    </p>
  );
};
