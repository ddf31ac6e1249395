import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import type { JSX, ParentProps } from 'solid-js';

/** A button that opens a list of actions under a heading; arrow keys, typing ahead and Escape work as menus do. */
export const Menu = (props: ParentProps<{ label: string; heading: string; trigger: JSX.Element }>) => (
  <DropdownMenu placement="bottom-end" gutter={4} modal={false}>
    <DropdownMenu.Trigger class="icon-button shrink-0" aria-label={props.label} title={props.label}>
      {props.trigger}
    </DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content class="layer z-50 min-w-44 p-1 outline-none">
        <DropdownMenu.Group>
          <DropdownMenu.GroupLabel class="block px-3 py-2 text-meta text-muted">{props.heading}</DropdownMenu.GroupLabel>
          {props.children}
        </DropdownMenu.Group>
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu>
);

/** One action of a menu. */
export const MenuItem = (props: ParentProps<{ onSelect: () => void }>) => (
  <DropdownMenu.Item
    class="flex min-h-8 items-center gap-3 rounded-control px-3 outline-none data-highlighted:bg-bg2"
    onSelect={() => props.onSelect()}
  >
    {props.children}
  </DropdownMenu.Item>
);
