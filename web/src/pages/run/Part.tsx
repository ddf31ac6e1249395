import type { ParentProps } from 'solid-js';

/** A part of the step panel that folds under its title. */
export const Part = (props: ParentProps<{ title: string; open?: boolean }>) => (
  <details open={props.open ?? true} class="min-w-0">
    <summary class="h-8 text-table font-semibold">{props.title}</summary>
    {props.children}
  </details>
);
