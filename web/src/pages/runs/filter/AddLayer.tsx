import { For } from 'solid-js';
import type { LateLayerProps } from '../../../components/LateButton.tsx';
import { Menu, MenuItem } from '../../../components/Menu.tsx';
import { t } from '../words.ts';
import type { ChipName } from './kinds.ts';

interface AddLayerProps extends LateLayerProps {
  readonly chips: readonly ChipName[];
  readonly add: (chip: ChipName) => void;
}

/** The chips that can be added. */
export const AddLayer = (props: AddLayerProps) => (
  <Menu class={props.class} worded trigger={props.face} opening={props.opening} placement="bottom-start" isFilter>
    <For each={props.chips}>{(chip) => <MenuItem onSelect={() => props.add(chip)}>{t(`filter.${chip}`)}</MenuItem>}</For>
  </Menu>
);
