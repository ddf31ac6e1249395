import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import type { JSX, ParentProps } from 'solid-js';

/** A button that opens a list of actions; arrow keys, typing ahead and Escape work as menus do. */
export const Menu = (props: ParentProps<{ label: string; trigger: JSX.Element; class?: string; heading?: string }>) => (
  <DropdownMenu placement="bottom-end" gutter={4}>
    <DropdownMenu.Trigger class={props.class ?? 'icon-button'} aria-label={props.label} title={props.label}>
      {props.trigger}
    </DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content class="layer z-50 min-w-44 p-1 outline-none">{props.children}</DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu>
);

/** One action of a menu. */
export const MenuItem = (props: ParentProps<{ onSelect: () => void; disabled?: boolean }>) => (
  <DropdownMenu.Item
    class="flex min-h-8 items-center gap-3 rounded-control px-3 outline-none data-disabled:opacity-55 data-highlighted:bg-bg2"
    disabled={props.disabled ?? false}
    onSelect={() => props.onSelect()}
  >
    {props.children}
  </DropdownMenu.Item>
);
