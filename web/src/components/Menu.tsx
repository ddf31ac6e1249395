import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { createContext, createSignal, type JSX, type ParentProps, Show, useContext } from 'solid-js';
import { onMount } from '../solid.ts';
import { t } from '../words.ts';
import type { Opening } from './LateButton.tsx';

interface MenuProps {
  readonly label?: string | undefined;
  readonly title?: string | undefined;
  readonly heading?: string;
  readonly trigger: JSX.Element;
  /** The button shows words instead of an icon. */
  readonly worded?: boolean;
  /** The looks of the button, where they are others. */
  readonly class?: string;
  /** It is open from the first, as a button was pressed whose place it takes. */
  readonly opening?: Opening;
  readonly placement?: 'bottom-start' | 'bottom-end';
  /** It does not open now, which its `title` says why. */
  readonly barred?: boolean;
  readonly busy?: boolean;
  readonly isFilter?: boolean;
}

/** Does something once the menu around has closed and its button has the focus again, which a dialog opened earlier would lose to it. */
const AfterClosing = createContext<(act: () => void) => void>((act) => act());

/** A button that opens a list of actions, under a heading where there is one; arrow keys, typing ahead and Escape work as menus do. */
export const Menu = (props: ParentProps<MenuProps>) => {
  let trigger: HTMLButtonElement | undefined;
  let chosen: (() => void) | undefined;
  const [open, setOpen] = createSignal(props.opening === 'pointer');
  const go = () => {
    const act = chosen;
    chosen = undefined;
    // The focus is given back after this is told.
    if (act) queueMicrotask(act);
  };
  onMount(() => {
    const { opening } = props;
    // As if the key had been pressed on it: the menu itself knows where it then begins.
    if (opening && opening !== 'pointer')
      trigger?.dispatchEvent(new KeyboardEvent('keydown', { key: opening, bubbles: true, cancelable: true }));
  });
  return (
    <DropdownMenu
      placement={props.placement ?? 'bottom-end'}
      gutter={4}
      modal={false}
      open={open()}
      onOpenChange={(next) => setOpen(next && !props.barred)}
    >
      <DropdownMenu.Trigger
        ref={trigger}
        class={props.class ?? (props.worded ? 'button' : 'icon-button shrink-0')}
        aria-label={props.worded ? undefined : props.label}
        aria-disabled={props.barred ? 'true' : undefined}
        aria-busy={props.busy ? 'true' : undefined}
        title={props.title ?? props.label}
        data-filter={props.isFilter ? '' : undefined}
      >
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="layer z-50 min-w-44 p-1 outline-none" onCloseAutoFocus={go}>
          <AfterClosing.Provider
            value={(act) => {
              chosen = act;
            }}
          >
            <Show when={props.heading} fallback={props.children}>
              <DropdownMenu.Group>
                <DropdownMenu.GroupLabel class="block px-3 py-2 text-meta text-muted">{props.heading}</DropdownMenu.GroupLabel>
                {props.children}
              </DropdownMenu.Group>
            </Show>
          </AfterClosing.Provider>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
};

/** One action of a menu; who lacks the permission for it reads which one. */
export const MenuItem = (props: ParentProps<{ onSelect: () => void; lacks?: string | undefined }>) => {
  const afterClosing = useContext(AfterClosing);
  return (
    <DropdownMenu.Item
      class="flex min-h-8 items-center gap-3 rounded-control px-3 py-1 outline-none data-highlighted:bg-bg2 data-disabled:text-muted"
      disabled={props.lacks !== undefined}
      onSelect={() => afterClosing(() => props.onSelect())}
    >
      {props.children}
      <Show when={props.lacks}>
        {(permission) => (
          <DropdownMenu.ItemDescription class="ml-auto text-meta">{t('denied.short', permission())}</DropdownMenu.ItemDescription>
        )}
      </Show>
    </DropdownMenu.Item>
  );
};
