import { createMemo, type JSX } from 'solid-js';

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
export const IconButton = (props: IconButtonProps) => {
  // Kept here: a condition within what it is given, read while it is pressed, would outlive it.
  const why = createMemo(() => props.off || props.busy);
  return (
    <button
      type="button"
      class={`icon-button shrink-0 ${props.small ? 'size-6' : ''} ${props.pressed ? 'bg-selected text-text' : ''} ${props.class ?? ''}`}
      title={why() || props.label}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-disabled={why() ? 'true' : undefined}
      aria-busy={props.busy ? 'true' : undefined}
      tabindex={props.tab}
      onClick={() => why() || props.press()}
    >
      {props.children}
    </button>
  );
};
