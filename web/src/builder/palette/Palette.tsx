import Trash2 from 'lucide-solid/icons/trash';
import { createSignal, For, Show } from 'solid-js';
import type { StepActions } from '../steps/actions.ts';
import { dragType, dropBin } from '../steps/drag.ts';
import type { StepTypeView } from '../views.ts';
import { t } from '../words.ts';

/** Every step type there is, found by words, added behind the chosen step by a press or dragged to a place. */
export const Palette = (props: { types: readonly StepTypeView[]; actions: StepActions }) => {
  const [words, setWords] = createSignal('');
  const [bin, setBin] = createSignal<'away' | 'dragged' | 'over'>('away');
  const found = () => {
    const wanted = words().toLowerCase().split(/\s+/);
    return props.types.filter(({ type, title }) => wanted.every((word) => `${type} ${title}`.toLowerCase().includes(word)));
  };
  return (
    <div ref={(element) => dropBin(element, props.actions, setBin)} class="relative flex min-h-0 flex-1 flex-col gap-2">
      <Show when={bin() !== 'away'}>
        <div
          class={`absolute inset-0 z-10 flex flex-col items-center justify-center gap-2 rounded-control border-2 border-dashed bg-bg1 p-4 text-center ${bin() === 'over' ? 'border-accent font-semibold' : 'border-control text-muted'}`}
        >
          <Trash2 size={16} aria-hidden="true" />
          {t('palette.bin')}
        </div>
      </Show>
      <input
        type="search"
        class="input"
        data-palette-filter
        aria-label={t('palette.filter')}
        placeholder={t('palette.filter')}
        value={words()}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = found()[0];
          if (event.key !== 'Enter' || !first) return;
          event.preventDefault();
          props.actions.add(first);
        }}
      />
      <ul class="min-h-0 flex-1 overflow-y-auto pb-4">
        <For each={found()} fallback={<li class="py-1 text-muted">{t('palette.none')}</li>}>
          {(type) => (
            <li ref={(element) => dragType(element, () => type)}>
              <button
                type="button"
                class="flex w-full flex-col rounded-control px-2 py-1 text-left hover:bg-bg2"
                title={t('palette.add', type.title)}
                onClick={() => props.actions.add(type)}
              >
                <span class="w-full truncate font-mono text-table">{type.type}</span>
                <Show when={type.title !== type.type}>
                  <span class="w-full truncate text-meta text-muted">{type.title}</span>
                </Show>
              </button>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
};
