import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import { createSignal, For, Show } from 'solid-js';
import { IconButton } from '../../components/IconButton.tsx';
import type { LateLayerProps } from '../../components/LateButton.tsx';
import { PopoverLayer } from '../../components/PopoverLayer.tsx';
import { useChosenColumns } from './chosen-columns.ts';
import { COLUMNS, RUN_COLUMNS, type RunColumn } from './columns.tsx';
import { t } from './words.ts';

/** Which columns are shown, and in which order. */
export const ColumnsLayer = (props: LateLayerProps) => {
  const columns = useChosenColumns();
  const [told, setTold] = createSignal('');
  const isShown = (column: RunColumn) => columns.shown().includes(column);
  const ordered = () => [...columns.shown(), ...RUN_COLUMNS.filter((column) => !isShown(column))];
  const move = (column: RunColumn, by: 1 | -1) => {
    const place = columns.move(column, by);
    setTold(t('columns.moved', COLUMNS[column].head, place + 1, columns.shown().length));
  };
  return (
    <PopoverLayer {...props} label={t('columns.button')} box="w-72" placement="bottom-end">
      {() => (
        <>
          <p class="sr-only" role="status">
            {told()}
          </p>
          <ul class="max-h-96 overflow-y-auto">
            <For each={ordered()}>
              {(column) => (
                <li class="flex items-center gap-1 rounded-control pl-2 hover:bg-bg2">
                  <label class="flex min-h-8 min-w-0 flex-1 items-center gap-2">
                    <input
                      type="checkbox"
                      class="size-4 shrink-0 accent-accent"
                      checked={isShown(column)}
                      disabled={column === 'job'}
                      title={column === 'job' ? t('columns.always') : undefined}
                      onChange={() => columns.toggle(column)}
                    />
                    <span class="truncate">{column === 'priority' ? t('filter.priority') : COLUMNS[column].head}</span>
                  </label>
                  <Show when={isShown(column)}>
                    <IconButton
                      small
                      label={t('columns.earlier', COLUMNS[column].head)}
                      off={columns.shown()[0] === column && t('columns.at_start')}
                      press={() => move(column, -1)}
                    >
                      <ArrowUp size={16} />
                    </IconButton>
                    <IconButton
                      small
                      label={t('columns.later', COLUMNS[column].head)}
                      off={columns.shown().at(-1) === column && t('columns.at_end')}
                      press={() => move(column, 1)}
                    >
                      <ArrowDown size={16} />
                    </IconButton>
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <button type="button" class="link mt-1 min-h-8 px-2" onClick={() => columns.reset()}>
            {t('columns.reset')}
          </button>
        </>
      )}
    </PopoverLayer>
  );
};
