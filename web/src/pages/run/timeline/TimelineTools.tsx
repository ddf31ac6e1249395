import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import ZoomIn from 'lucide-solid/icons/zoom-in';
import ZoomOut from 'lucide-solid/icons/zoom-out';
import { For, Show } from 'solid-js';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { IconButton } from '../../../components/IconButton.tsx';
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

/** What of the time is looked at: how close, where, which attempts, and whether time without work is squeezed. */
export const TimelineTools = (props: TimelineToolsProps) => {
  const isZoomed = () => props.search.zoom !== null;
  const whole = () => !isZoomed() && t('line.whole');
  return (
    <>
      <span class="flex items-center">
        <IconButton label={t('line.earlier')} off={whole()} press={() => props.change({ zoom: pan(props.line, -0.5) })}>
          <ChevronLeft size={16} />
        </IconButton>
        <IconButton label={t('line.zoom_out')} off={whole()} press={() => props.change({ zoom: zoomBy(props.line, 2) })}>
          <ZoomOut size={16} />
        </IconButton>
        <IconButton
          label={t('line.zoom_in')}
          off={props.line.shown.to - props.line.shown.from < 4 && t('line.closest')}
          press={() => props.change({ zoom: zoomBy(props.line, 0.5) })}
        >
          <ZoomIn size={16} />
        </IconButton>
        <IconButton label={t('line.later')} off={whole()} press={() => props.change({ zoom: pan(props.line, 0.5) })}>
          <ChevronRight size={16} />
        </IconButton>
        <ActionButton words={t('line.fit')} barred={whole() || undefined} run={() => props.change({ zoom: null })} />
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
