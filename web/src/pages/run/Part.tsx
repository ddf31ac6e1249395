import ChevronRight from 'lucide-solid/icons/chevron-right';
import type { ParentProps } from 'solid-js';

/** A part of the step panel that folds under its title. */
export const Part = (props: ParentProps<{ title: string; open?: boolean }>) => (
  <details open={props.open ?? true} class="group/part min-w-0">
    <summary class="flex h-8 items-center gap-1 text-table font-semibold">
      <ChevronRight size={16} class="text-muted group-open/part:rotate-90" />
      {props.title}
    </summary>
    {props.children}
  </details>
);
