import { For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { grouped } from '../../words/counted.ts';
import type { QueueView } from './views.ts';
import { t } from './words.ts';

/** How many steps wait, by priority as bars, of which the longest fills the room. */
export const DepthBars = (props: { depth: QueueView['depth'] }) => {
  const most = () => Math.max(1, ...(props.depth?.by_priority ?? []).map(({ steps }) => steps));
  return (
    <Show when={props.depth} fallback={<span class="text-muted">{t('queue.unknown')}</span>}>
      {(depth) => (
        <Show when={depth().total > 0} fallback={<span class="text-muted">{t('queue.empty')}</span>}>
          <ul class="flex min-w-48 flex-col">
            <For each={depth().by_priority}>
              {({ priority, steps, oldest_seconds }) => {
                const words = t('queue.priority', priority, steps, formatDuration(oldest_seconds * 1000));
                return (
                  <li class="grid grid-cols-[28px_1fr_auto] items-center gap-2" title={words}>
                    <span class="text-meta text-muted" aria-hidden="true">
                      {t('queue.short_priority', priority)}
                    </span>
                    <span class="h-2 bg-bg2" aria-hidden="true">
                      <span class="tone-queued block h-2 bg-(--tone)" style={{ width: `${(100 * steps) / most()}%` }} />
                    </span>
                    <span class="min-w-8 text-right">
                      <span aria-hidden="true">{grouped(steps)}</span>
                      <span class="sr-only">{words}</span>
                    </span>
                  </li>
                );
              }}
            </For>
          </ul>
        </Show>
      )}
    </Show>
  );
};
