import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Copy from 'lucide-solid/icons/copy';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import Trash2 from 'lucide-solid/icons/trash';
import { For, Show } from 'solid-js';
import { IconButton } from '../../components/IconButton.tsx';
import { Menu, MenuItem } from '../../components/Menu.tsx';
import { type Chosen, nameOf } from '../draft/selection.ts';
import { LISTS } from '../reading/messages.ts';
import { t } from '../words.ts';
import type { StepActions } from './actions.ts';

/** What can be done with the chosen step, without dragging it. */
export const StepToolbar = (props: { actions: StepActions; chosen: Chosen }) => {
  const step = () => props.actions.step();
  const off = () => step() === undefined && t('steps.choose_first');
  const still = (by: -1 | 1) => off() || (!props.actions.canMove(by) && t('steps.at_edge'));
  return (
    <div role="toolbar" aria-label={t('steps.more')} class="flex items-center">
      <IconButton label={t('steps.up')} off={still(-1)} press={() => props.actions.move(-1)}>
        <ArrowUp size={16} />
      </IconButton>
      <IconButton label={t('steps.down')} off={still(1)} press={() => props.actions.move(1)}>
        <ArrowDown size={16} />
      </IconButton>
      <IconButton label={t('steps.duplicate')} off={off()} press={() => props.actions.duplicate()}>
        <Copy size={16} />
      </IconButton>
      <IconButton label={t('steps.delete')} off={off()} press={() => props.actions.remove()}>
        <Trash2 size={16} />
      </IconButton>
      <Show
        when={step()}
        fallback={
          <IconButton label={t('steps.more')} off={off()} press={() => undefined}>
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        {(now) => (
          <Menu label={t('steps.more')} heading={t('steps.menu', nameOf(now(), t('steps.no_id')))} trigger={<Ellipsis size={16} />}>
            <For each={LISTS.filter((list) => list !== props.chosen.list)}>
              {(list) => <MenuItem onSelect={() => props.actions.moveTo(list)}>{t('steps.to', t(`steps.${list}`))}</MenuItem>}
            </For>
            <Show when={now().compensate}>
              {(undoing) => <MenuItem onSelect={() => props.actions.free()}>{t('steps.free', undoing().type)}</MenuItem>}
            </Show>
            <For each={props.actions.nestable()}>
              {({ index, step: into }) => (
                <MenuItem onSelect={() => props.actions.nest(index)}>{t('steps.undo_of', nameOf(into, t('steps.no_id')))}</MenuItem>
              )}
            </For>
          </Menu>
        )}
      </Show>
    </div>
  );
};
