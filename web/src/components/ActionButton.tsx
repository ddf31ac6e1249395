import { createMemo, type JSX, Show } from 'solid-js';
import { t } from '../words.ts';

const LOOKS = { plain: '', main: 'button-main', danger: 'button-danger' } as const;

interface ActionButtonProps {
  readonly words: string;
  readonly run: () => void;
  readonly look?: keyof typeof LOOKS;
  readonly icon?: JSX.Element;
  /** What it does beyond what its words say. */
  readonly hint?: string;
  /** The permission that the reader lacks for it. */
  readonly lacks?: string | undefined;
  /** Why it cannot be done just now. */
  readonly barred?: string | undefined;
  /** Said instead of its words while it is being done; the width stays that of the longer one. */
  readonly busyWords?: string;
  readonly busy?: boolean;
  readonly focusFirst?: boolean;
}

/** A button for something that changes the world: who may not still reaches it and is told which permission is missing. */
export const ActionButton = (props: ActionButtonProps) => {
  const why = createMemo(() => (props.lacks ? t('denied.control', props.lacks) : props.barred));
  const isOff = createMemo(() => props.busy === true || why() !== undefined);
  return (
    <button
      type="button"
      class={`button ${LOOKS[props.look ?? 'plain']}`}
      aria-disabled={isOff() ? 'true' : undefined}
      aria-busy={props.busy ? 'true' : undefined}
      title={why() ?? props.hint}
      data-focus-first={props.focusFirst ? '' : undefined}
      onClick={() => isOff() || props.run()}
    >
      {props.icon}
      <SameWidth words={props.words} busyWords={props.busyWords} busy={props.busy ?? false} />
    </button>
  );
};

/** One of two wordings in the room of the longer one, so that nothing moves when they change. */
export const SameWidth = (props: { words: string; busyWords?: string | undefined; busy: boolean }) => (
  <Show when={props.busyWords} fallback={props.words}>
    {(busyWords) => (
      <span class="grid">
        <span class={`col-start-1 row-start-1 ${props.busy ? 'invisible' : ''}`}>{props.words}</span>
        <span class={`col-start-1 row-start-1 ${props.busy ? '' : 'invisible'}`} aria-live="off">
          {busyWords()}
        </span>
      </span>
    )}
  </Show>
);
