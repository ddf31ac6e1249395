import type { JSX } from 'solid-js';

/** Something that is so or not, the whole line being the target. */
export const Checkbox = (props: { label: JSX.Element; checked: boolean; change: (checked: boolean) => void }) => (
  <label class="flex min-h-6 items-start gap-2">
    <input
      type="checkbox"
      class="mt-0.5 size-4 shrink-0 accent-accent"
      checked={props.checked}
      onChange={(event) => props.change(event.currentTarget.checked)}
    />
    <span class="min-w-0">{props.label}</span>
  </label>
);
