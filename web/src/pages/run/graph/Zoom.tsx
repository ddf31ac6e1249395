import ZoomIn from 'lucide-solid/icons/zoom-in';
import ZoomOut from 'lucide-solid/icons/zoom-out';
import { createSignal } from 'solid-js';
import { IconButton } from '../../../components/IconButton.tsx';
import type { Layout } from './layout.ts';
import { t } from './words.ts';

const SCALES = [0.25, 0.5, 0.75, 1, 1.25, 1.5] as const;
const LARGEST = 1.5;
/** At a smaller scale names are hard to read; nobody is shown one without asking for it. */
const LEAST_AT_FIRST = 0.75;

/** How large a graph is drawn. */
export interface Zoom {
  readonly scale: () => number;
  readonly by: (direction: 1 | -1) => void;
  /** Makes all of it seen, where that is not too small. */
  readonly fit: () => void;
  /** Takes how large the box is; a graph that has room at a size one can read begins at that. */
  readonly box: (size: { readonly width: number; readonly height: number }) => void;
}

/** The scale of a graph, which begins with all of it in view where its names can then be read, and stays as the reader chooses it. */
export const createZoom = (layout: () => Layout | null): Zoom => {
  const [scale, setScale] = createSignal(1);
  let isChosen = false;
  let box = { width: 0, height: 0 };
  const fitting = (): number => {
    const size = layout();
    return size && box.width > 0 ? Math.min(1, box.width / size.width, box.height / size.height) : 1;
  };
  return {
    scale,
    by: (direction) => {
      isChosen = true;
      const next = direction === 1 ? SCALES.find((one) => one > scale()) : SCALES.findLast((one) => one < scale());
      if (next !== undefined) setScale(next);
    },
    fit: () => {
      isChosen = true;
      setScale(Math.max(SCALES[0], fitting()));
    },
    box: (size) => {
      box = size;
      if (!isChosen && fitting() >= LEAST_AT_FIRST) setScale(fitting());
    },
  };
};

/** Smaller, larger, and all of it. */
export const ZoomTools = (props: { zoom: Zoom }) => {
  const scale = () => props.zoom.scale();
  return (
    <span class="flex items-center">
      <IconButton label={t('graph.zoom_out')} off={scale() <= SCALES[0] && t('graph.no_further')} press={() => props.zoom.by(-1)}>
        <ZoomOut size={16} />
      </IconButton>
      <IconButton label={t('graph.zoom_in')} off={scale() >= LARGEST && t('graph.no_further')} press={() => props.zoom.by(1)}>
        <ZoomIn size={16} />
      </IconButton>
      <button type="button" class="button" onClick={() => props.zoom.fit()}>
        {t('graph.fit')}
      </button>
    </span>
  );
};
