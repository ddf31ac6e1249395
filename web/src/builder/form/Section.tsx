import { createSignal, type ParentProps, Show } from 'solid-js';
import { whenChanged } from '../../solid.ts';

/** A part of a form under a heading that opens and closes; it opens by itself when there comes to be a need, and closes by hand only. */
export const Section = (props: ParentProps<{ title: string; detail?: string; open: boolean }>) => {
  const [isOpen, setOpen] = createSignal(false);
  whenChanged(
    () => props.open,
    (isNeeded) => isNeeded && setOpen(true),
  );
  return (
    <details class="group border-t border-hairline pt-3" open={isOpen()} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="items-baseline gap-2 font-semibold">
        {props.title}
        <Show when={props.detail}>
          {(detail) => <bdi class="min-w-0 truncate font-mono text-meta font-normal text-muted">{detail()}</bdi>}
        </Show>
      </summary>
      <div class="mt-3">{props.children}</div>
    </details>
  );
};
