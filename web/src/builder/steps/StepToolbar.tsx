import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Copy from 'lucide-solid/icons/copy';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import Trash2 from 'lucide-solid/icons/trash';
import { For, type JSX, Show } from 'solid-js';
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
      <Tool words={t('steps.up')} off={still(-1)} run={() => props.actions.move(-1)} icon={<ArrowUp size={16} />} />
      <Tool words={t('steps.down')} off={still(1)} run={() => props.actions.move(1)} icon={<ArrowDown size={16} />} />
      <Tool words={t('steps.duplicate')} off={off()} run={() => props.actions.duplicate()} icon={<Copy size={16} />} />
      <Tool words={t('steps.delete')} off={off()} run={() => props.actions.remove()} icon={<Trash2 size={16} />} />
      <Show when={step()} fallback={<Tool words={t('steps.more')} off={off()} run={() => undefined} icon={<Ellipsis size={16} />} />}>
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

const Tool = (props: { words: string; off: false | string; run: () => void; icon: JSX.Element }) => (
  <button
    type="button"
    class="icon-button"
    disabled={props.off !== false}
    aria-label={props.words}
    title={props.off || props.words}
    onClick={() => props.run()}
  >
    {props.icon}
  </button>
);
