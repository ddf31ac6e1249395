import { type Component, createMemo, createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { onMount } from '../solid.ts';

/** How a layer was asked for: by a key it begins at its first or last entry. */
export type Opening = 'pointer' | 'ArrowDown' | 'ArrowUp';

/** What every layer is given by the button it takes the place of. */
export interface LateLayerProps {
  /** The looks and the inside of the button. */
  readonly class: string;
  readonly face: JSX.Element;
  readonly opening: Opening;
}

interface LateButtonProps<P extends LateLayerProps> {
  readonly load: () => Promise<Component<P>>;
  /** Draws the layer, open, with a button of its own. */
  readonly children: (Layer: Component<P>, opening: Opening) => JSX.Element;
  readonly opens: 'menu' | 'dialog';
  readonly class: string;
  readonly face: JSX.Element;
  readonly label?: string | undefined;
  readonly title?: string | undefined;
  /** Where `/` leads. */
  readonly isFilter?: boolean;
  readonly barred?: boolean;
  /** It opens without being asked. */
  readonly opened?: boolean;
}

/** So long a page is left to show itself before what it may open is brought. */
const AFTER_MS = 1500;

const whenIdle = (act: () => void): (() => void) => {
  const timer = setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(act), AFTER_MS);
  return () => clearTimeout(timer);
};

/** A button whose layer's code comes after the page: while nobody waits for it, or once a pointer or the focus is on it. Opened for the first time, the layer with its own button takes its place. */
export const LateButton = <P extends LateLayerProps>(props: LateButtonProps<P>) => {
  const [asked, setAsked] = createSignal<Opening | null>(null);
  const [came, setCame] = createSignal<{ readonly layer: Component<P> } | { readonly failure: unknown }>();
  // That its code could not be had is for the boundary around the page to tell.
  const layer = createMemo(() => {
    const now = came();
    if (now && 'failure' in now) throw now.failure;
    return now?.layer;
  });
  /** What could not be brought ahead is asked for again when it is wanted. */
  const bring = () => void props.load().catch(() => undefined);
  const open = (opening: Opening) => {
    if (props.barred || asked()) return;
    setAsked(opening);
    props.load().then(
      (loaded) => setCame({ layer: loaded }),
      (failure: unknown) => setCame({ failure }),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    const isArrow = key === 'ArrowDown' || key === 'ArrowUp';
    if (props.opens === 'dialog' || !(isArrow || key === 'Enter' || key === ' ')) return;
    event.preventDefault();
    event.stopPropagation();
    open(key === 'ArrowUp' ? key : 'ArrowDown');
  };
  onMount(() => (props.opened ? open('pointer') : onCleanup(whenIdle(bring))));
  return (
    <Show
      when={layer()}
      fallback={
        <button
          type="button"
          class={props.class}
          aria-haspopup={props.opens}
          aria-expanded="false"
          aria-busy={asked() ? 'true' : undefined}
          aria-disabled={props.barred ? 'true' : undefined}
          aria-label={props.label}
          title={props.title}
          data-filter={props.isFilter ? '' : undefined}
          onPointerEnter={bring}
          onFocus={bring}
          onKeyDown={onKeyDown}
          onClick={() => open('pointer')}
        >
          {props.face}
        </button>
      }
    >
      {(Layer) => props.children(Layer(), asked() ?? 'pointer')}
    </Show>
  );
};
