import { createSignal, onCleanup } from 'solid-js';
import { createEffect } from '../solid.ts';

/**
 * Remembers which row of a virtual list has the focus, by its `data-id`, so that the list can keep it, and gives the focus back to it when drawing
 * the rows around it took it away: the browser lets go of what is moved within the page.
 */
export const keepFocus = (box: () => HTMLElement | undefined, drawn: () => unknown) => {
  const [focused, setFocused] = createSignal<string | null>(null);
  const rowOf = (target: EventTarget | null) => (target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null);
  createEffect(() => {
    drawn();
    const id = focused();
    if (id === null || document.activeElement !== document.body) return;
    const row = box()?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
    const inside = row?.matches('[tabindex]') ? row : row?.querySelector<HTMLElement>('a, button');
    inside?.focus({ preventScroll: true });
  });
  // The reader presses somewhere else, and wants nothing back.
  const letGo = (event: Event) => rowOf(event.target)?.dataset.id === focused() || setFocused(null);
  document.addEventListener('pointerdown', letGo);
  onCleanup(() => document.removeEventListener('pointerdown', letGo));
  return {
    focused,
    onFocusIn: (event: FocusEvent) => setFocused(rowOf(event.target)?.dataset.id ?? null),
    onFocusOut: (event: FocusEvent) => {
      if (event.relatedTarget !== null && !box()?.contains(event.relatedTarget as Node)) setFocused(null);
    },
  };
};
