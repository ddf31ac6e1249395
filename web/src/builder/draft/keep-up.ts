import { createSignal, onCleanup } from 'solid-js';
import { whenChanged } from '../../solid.ts';
import type { Draft } from './draft.ts';
import type { Keeping, KeptDraft } from './kept.ts';

const KEEP_MS = 1000;

/** Keeps what a draft has become: every second while it changes, and at once when it is left. Tells whether the browser does keep it. */
export function keepUp(draft: Draft, keeping: Keeping, state: () => KeptDraft | null): () => boolean {
  const [isKept, setKept] = createSignal(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle = 0;
  const store = () => {
    clearTimeout(timer);
    cancelIdleCallback(idle);
    timer = undefined;
    setKept(keeping.keep(state()));
  };
  // Typing that never pauses is kept too, so the wait is not begun anew.
  whenChanged(
    draft.version,
    () => {
      // Storing is slow where the text is long: it waits for a moment between two keys, but not for ever.
      timer ??= setTimeout(() => {
        idle = requestIdleCallback(store, { timeout: KEEP_MS });
      }, KEEP_MS);
    },
    'later',
  );
  addEventListener('pagehide', store);
  onCleanup(() => {
    removeEventListener('pagehide', store);
    store();
  });
  return isKept;
}
