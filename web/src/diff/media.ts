import { createSignal, onCleanup } from 'solid-js';

/** Whether a media query holds, now and whenever it changes. */
export const createMediaQuery = (query: string): (() => boolean) => {
  const list = matchMedia(query);
  const [holds, setHolds] = createSignal(list.matches);
  const listen = () => setHolds(list.matches);
  list.addEventListener('change', listen);
  onCleanup(() => list.removeEventListener('change', listen));
  return holds;
};
