import { createSignal } from 'solid-js';
import { createEffect } from '../../solid.ts';

/** The panes of the builder that can be folded and made wider; the steps take what is left. */
const PANES = ['palette', 'form', 'yaml'] as const;
export type Pane = (typeof PANES)[number];
/** What has a width: the panes, and the place that form and text share where there is no room for both. */
const SIZED = [...PANES, 'shared'] as const;
export type Sized = (typeof SIZED)[number];

/** How wide each is, and which are folded away. */
interface Widths {
  readonly width: { readonly [S in Sized]: number };
  readonly folded: readonly Pane[];
}

export const LEAST = 160;
export const MOST = 900;
const NARROW = 1500;
const STACKED = 768;
const STANDARD: Widths = {
  width: innerWidth < NARROW ? { palette: 160, form: 280, yaml: 304, shared: 320 } : { palette: 200, form: 380, yaml: 480, shared: 480 },
  // Where the panes stand one below the other, what is there comes before what could be.
  folded: innerWidth < STACKED ? ['palette'] : [],
};
const KEY = 'capstan.builder.panes';

/** The widths this browser had last. */
const readWidths = (): Widths => {
  try {
    const { width = {}, folded = STANDARD.folded } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const known = SIZED.map((pane) => [pane, Number.isFinite(width[pane]) ? clamped(width[pane]) : STANDARD.width[pane]]);
    return { width: Object.fromEntries(known) as Widths['width'], folded: PANES.filter((pane) => folded.includes(pane)) };
  } catch {
    return STANDARD;
  }
};

/** Keeps them for the next visit, where the browser lets it. */
const keepWidths = (widths: Widths): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify(widths));
  } catch {
    // Storage is blocked or full: the panes have their widths until the page is left.
  }
};

/** A width that leaves something to see of it and of its neighbours. */
export const clamped = (width: number): number => Math.min(Math.max(Math.round(width), LEAST), MOST);

/** How the panes stand, which this browser keeps. */
export interface PanesState {
  readonly width: (of: Sized) => number;
  readonly size: (of: Sized, width: number) => void;
  readonly isFolded: (pane: Pane) => boolean;
  readonly fold: (pane: Pane, isFolded: boolean) => void;
}

/** The panes as they stood last. */
export const createPanes = (): PanesState => {
  const [widths, setWidths] = createSignal(readWidths());
  createEffect(() => keepWidths(widths()));
  return {
    width: (of) => widths().width[of],
    size: (of, width) => setWidths((now) => ({ ...now, width: { ...now.width, [of]: width } })),
    isFolded: (pane) => widths().folded.includes(pane),
    fold: (pane, isFolded) =>
      setWidths((now) => ({ ...now, folded: [...now.folded.filter((one) => one !== pane), ...(isFolded ? [pane] : [])] })),
  };
};
