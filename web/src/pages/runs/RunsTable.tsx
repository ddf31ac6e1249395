import { createVirtualizer } from '@tanstack/solid-virtual';
import { For, Show } from 'solid-js';
import type { RunSummary } from '../../api/views.ts';
import { createEffect, onMount } from '../../solid.ts';
import { t } from '../../words.ts';
import { RunRow, RunsHead } from './RunRow.tsx';

const ROW = 32;
const NEAR_END = 15;

// Where the reader was in each list, so that going back to it from a run returns there.
const offsets = new Map<string, number>();

interface RunsTableProps {
  /** Names the list whose scroll position is kept. */
  readonly place: string;
  readonly runs: readonly RunSummary[];
  /** True while there are older runs than the last one here. */
  readonly hasMore: boolean;
  /** Called when the reader comes near the end. */
  readonly nearEnd: () => void;
}

/** A table of runs of which only the rows on screen exist; it must be mounted once there are rows, as it measures its box on mounting. */
export const RunsTable = (props: RunsTableProps) => {
  let box: HTMLDivElement | undefined;
  const rows = createVirtualizer({
    get count() {
      return props.runs.length;
    },
    getScrollElement: () => box ?? null,
    estimateSize: () => ROW,
    getItemKey: (at) => props.runs[at]?.id ?? at,
    overscan: 12,
    initialOffset: () => offsets.get(props.place) ?? 0,
  });
  createEffect(() => {
    const last = rows.getVirtualItems().at(-1);
    if (props.hasMore && last && last.index >= props.runs.length - NEAR_END) props.nearEnd();
  });
  onMount(() => box?.scrollTo({ top: offsets.get(props.place) ?? 0 }));
  return (
    <div
      ref={box}
      onScroll={(event) => offsets.set(props.place, event.currentTarget.scrollTop)}
      class="min-h-0 flex-1 overflow-auto"
      role="table"
      aria-label={t('runs.caption')}
      aria-rowcount={props.hasMore ? -1 : props.runs.length + 1}
    >
      <RunsHead />
      <div role="rowgroup" class="relative" style={{ height: `${rows.getTotalSize()}px` }}>
        <For each={rows.getVirtualItems()}>
          {(item) => (
            <Show when={props.runs[item.index]}>
              {(run) => (
                <div
                  role="row"
                  aria-rowindex={item.index + 2}
                  data-index={item.index}
                  ref={(row) => queueMicrotask(() => rows.measureElement(row))}
                  class="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <RunRow run={run()} />
                </div>
              )}
            </Show>
          )}
        </For>
      </div>
      <p class="px-4 py-2 text-meta text-muted md:px-6">{props.hasMore ? t('runs.more') : t('runs.end', props.runs.length)}</p>
    </div>
  );
};
