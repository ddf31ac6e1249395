import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { onMount } from '../../../solid.ts';
import { type Span, withRoom } from './axis.ts';
import type { Line } from './line.ts';
import { GRID } from './TimelineRow.tsx';
import { percent } from './Track.tsx';
import { t } from './words.ts';

const tickText = (ms: number): string => (ms === 0 || (ms >= 1000 && ms < 60_000) ? `${ms / 1000} s` : formatDuration(ms));

/** A shorter drag is a click. */
const SHORTEST_DRAG = 0.005;

/** The times above the line; dragging over them zooms in. The zoom buttons do the same without a pointer. */
export const TimelineHead = (props: { line: Line; zoomTo: (span: Span) => void }) => {
  let track: HTMLSpanElement | undefined;
  const [wide, setWide] = createSignal(0);
  onMount(() => {
    const observer = new ResizeObserver(() => setWide(track?.clientWidth ?? 0));
    if (track) observer.observe(track);
    onCleanup(() => observer.disconnect());
  });
  const worded = createMemo(() => {
    const from = props.line.whole.from;
    return withRoom(
      props.line.ticks.map(({ at, place }) => ({ place, words: tickText(Math.round(at - from)) })),
      wide(),
    );
  });
  const [drag, setDrag] = createSignal<{ readonly from: number; readonly to: number } | null>(null);
  const placeOf = (event: PointerEvent): number => {
    const box = track?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 0;
  };
  const end = () => {
    const marked = drag();
    setDrag(null);
    if (!marked || Math.abs(marked.to - marked.from) < SHORTEST_DRAG) return;
    const [from, to] = [Math.min(marked.from, marked.to), Math.max(marked.from, marked.to)];
    props.zoomTo({ from: props.line.timeAt(from), to: props.line.timeAt(to) });
  };
  return (
    <div class={`${GRID} sticky top-0 z-10 h-7 border-b border-hairline bg-bg1 text-meta text-muted max-md:hidden`} aria-hidden="true">
      <span />
      <span
        ref={track}
        class="relative h-7 cursor-crosshair touch-none overflow-hidden select-none"
        title={t('line.drag')}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: placeOf(event), to: placeOf(event) });
        }}
        onPointerMove={(event) => setDrag((at) => at && { ...at, to: placeOf(event) })}
        onPointerUp={end}
        onPointerCancel={() => setDrag(null)}
      >
        <For each={worded()}>
          {(tick) => (
            <span class="absolute top-1.5 border-l border-control pl-1 whitespace-nowrap" style={{ left: percent(tick.place) }}>
              {tick.words}
            </span>
          )}
        </For>
        <For each={props.line.gaps}>
          {(gap) => (
            <span
              class="absolute inset-y-0 overflow-hidden border-x border-dashed border-control bg-bg1 pt-1.5 text-center whitespace-nowrap"
              style={{ left: percent(gap.place), width: percent(gap.width) }}
              title={t('line.gap', formatDuration(gap.to - gap.from))}
            >
              ⫽
            </span>
          )}
        </For>
        <Show when={drag()}>
          {(marked) => (
            <span
              class="absolute inset-y-0 border-x border-accent bg-selected opacity-70"
              style={{ left: percent(Math.min(marked().from, marked().to)), width: percent(Math.abs(marked().to - marked().from)) }}
            />
          )}
        </Show>
      </span>
      <span />
    </div>
  );
};
