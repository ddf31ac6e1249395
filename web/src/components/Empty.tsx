import type { ParentProps } from 'solid-js';

/** Nothing here: one sentence why, one action. */
export const Empty = (props: ParentProps<{ says: string }>) => (
  <div class="flex max-w-column flex-col items-start gap-4 py-8">
    <p class="text-muted">{props.says}</p>
    {props.children}
  </div>
);
