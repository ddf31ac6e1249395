import { createSignal } from 'solid-js';

type Layer = 'palette' | 'keys' | null;
const [layer, setLayer] = createSignal<Layer>(null);
const [sought, setSought] = createSignal('');

/** Which layer of the keyboard is open, and what its palette began with. */
export const openLayer = layer;
export const soughtWords = sought;

/** Opens the palette of pages, jobs, runs and actions, with words already typed. */
export const openPalette = (words = ''): void => {
  setSought(words);
  setLayer('palette');
};

/** Shows every key that does something now. */
export const openKeys = (): void => {
  setLayer('keys');
};

/** Closes either. */
export const closeLayer = (): void => {
  setLayer(null);
};
