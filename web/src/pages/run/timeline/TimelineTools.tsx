import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import ZoomIn from 'lucide-solid/icons/zoom-in';
import ZoomOut from 'lucide-solid/icons/zoom-out';
import { For, type JSX, Show } from 'solid-js';
import type { StepsSearch } from '../steps/search.ts';
import { type Line, pan, zoomBy } from './line.ts';
import { t } from './words.ts';

interface TimelineToolsProps {
  readonly search: StepsSearch;
  readonly line: Line;
  /** The most attempts of any step. */
  readonly attempts: number;
  readonly change: (part: Partial<StepsSearch>) => void;
}

const Tool = (props: { words: string; run: () => void; off: false | string; children: JSX.Element }) => (
  <button
    type="button"
    class="icon-button"
    aria-label={props.words}
    title={props.off || props.words}
    disabled={props.off !== false}
    onClick={() => props.run()}
  >
    {props.children}
  </button>
);

/** What of the time is looked at: how close, where, which attempts, and whether time without work is squeezed. */
export const TimelineTools = (props: TimelineToolsProps) => {
  const isZoomed = () => props.search.zoom !== null;
  const whole = () => !isZoomed() && t('line.whole');
  return (
    <>
      <span class="flex items-center">
        <Tool words={t('line.earlier')} off={whole()} run={() => props.change({ zoom: pan(props.line, -0.5) })}>
          <ChevronLeft size={16} />
        </Tool>
        <Tool words={t('line.zoom_out')} off={whole()} run={() => props.change({ zoom: zoomBy(props.line, 2) })}>
          <ZoomOut size={16} />
        </Tool>
        <Tool
          words={t('line.zoom_in')}
          off={props.line.shown.to - props.line.shown.from < 4 && t('line.closest')}
          run={() => props.change({ zoom: zoomBy(props.line, 0.5) })}
        >
          <ZoomIn size={16} />
        </Tool>
        <Tool words={t('line.later')} off={whole()} run={() => props.change({ zoom: pan(props.line, 0.5) })}>
          <ChevronRight size={16} />
        </Tool>
        <button
          type="button"
          class="button"
          disabled={!isZoomed()}
          title={whole() || undefined}
          onClick={() => props.change({ zoom: null })}
        >
          {t('line.fit')}
        </button>
      </span>
      <label class="flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          class="size-4 accent-accent"
          checked={props.search.squeeze}
          onChange={(event) => props.change({ squeeze: event.currentTarget.checked })}
        />
        {t('line.squeeze')}
      </label>
      <Show when={props.attempts > 1 || props.search.attempt !== null}>
        <label class="flex items-center gap-2">
          <span class="sr-only">{t('line.attempts')}</span>
          <select
            class="input w-auto"
            onChange={(event) => props.change({ attempt: Number(event.currentTarget.value) || null, zoom: null })}
          >
            <option value="" selected={props.search.attempt === null}>
              {t('line.all_attempts')}
            </option>
            <For each={Array.from({ length: Math.max(props.attempts, props.search.attempt ?? 0) }, (_, n) => n + 1)}>
              {(number) => (
                <option value={number} selected={props.search.attempt === number}>
                  {t('line.attempt', number)}
                </option>
              )}
            </For>
          </select>
        </label>
      </Show>
    </>
  );
};
