import { createMemo, createSignal, onCleanup } from 'solid-js';
import type { Action } from './action.ts';

export type { Action } from './action.ts';

type Source = () => readonly Action[];

const [sources, setSources] = createSignal<readonly Source[]>([]);

/** Declares what can be done on a page for as long as the component lives; where two claim a key, the one mounted last has it. */
export const useActions = (actions: Source): void => {
  const source = createMemo(actions);
  setSources((all) => [...all, source]);
  onCleanup(() => setSources((all) => all.filter((one) => one !== source)));
};

/** What can be done now, the innermost part's first; what the reader may not do is absent. */
export const actionsNow = (): readonly Action[] => {
  const seen = new Set<string>();
  return sources()
    .toReversed()
    .flatMap((source) => source())
    .filter(({ id, denied }) => !denied && !seen.has(id) && seen.add(id));
};
