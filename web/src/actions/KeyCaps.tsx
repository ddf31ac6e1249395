import { For } from 'solid-js';
import { keyCaps } from './press.ts';

/** The keys of an action. */
export const KeyCaps = (props: { keys: string }) => (
  <span class="flex shrink-0 gap-1">
    <For each={keyCaps(props.keys)}>
      {(cap) => <kbd class="min-w-5 rounded-control border border-control px-1 text-center font-sans text-meta text-muted">{cap}</kbd>}
    </For>
  </span>
);
