import type { JSX } from 'solid-js';

interface IconButtonProps {
  readonly label: string;
  readonly press: () => void;
  /** For one that stays down. */
  readonly pressed?: boolean;
  /** Why it does nothing now. */
  readonly off?: false | string | undefined;
  /** What it is doing since it was pressed. */
  readonly busy?: false | string | undefined;
  /** Among text, not in a toolbar. */
  readonly small?: boolean;
  /** Classes of its place. */
  readonly class?: string;
  /** For one of many rows, of which Tab meets one only. */
  readonly tab?: 0 | -1;
  readonly children: JSX.Element;
}

/** A button that shows an icon and is called by its words; while it is off or busy it keeps the focus, says why and does nothing. */
export const IconButton = (props: IconButtonProps) => (
  <button
    type="button"
    class={`icon-button shrink-0 ${props.small ? 'size-6' : ''} ${props.pressed ? 'bg-selected text-text' : ''} ${props.class ?? ''}`}
    title={props.off || props.busy || props.label}
    aria-label={props.label}
    aria-pressed={props.pressed}
    aria-disabled={props.off || props.busy ? 'true' : undefined}
    aria-busy={props.busy ? 'true' : undefined}
    tabindex={props.tab}
    onClick={() => props.off || props.busy || props.press()}
  >
    {props.children}
  </button>
);
