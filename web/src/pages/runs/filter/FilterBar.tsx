import ChevronDown from 'lucide-solid/icons/chevron-down';
import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createSignal, For, type JSX, Show } from 'solid-js';
import { IconButton } from '../../../components/IconButton.tsx';
import { LateButton } from '../../../components/LateButton.tsx';
import { visible } from '../../../components/visible.ts';
import { NO_FILTER, namesIn, type RunsFilter } from '../../../url/runs-filter.ts';
import { layers } from '../late-parts.ts';
import { t } from '../words.ts';
import { chipWords } from './chip-words.ts';
import { ADDED_CHIPS, CHIP_KINDS, CHIPS, type ChipName, fieldsOf, STANDING_CHIPS } from './kinds.ts';

interface FilterBarProps {
  readonly filter: RunsFilter;
  readonly change: (part: Partial<RunsFilter>, how?: 'typing') => void;
  /** What stands after the chips. */
  readonly after?: JSX.Element;
}

const ADD = 'link flex h-8 items-center gap-1 rounded-control px-2 text-table';

/** The chips that narrow the list; each says what it does, can be changed and taken away, and further ones are added. */
export const FilterBar = (props: FilterBarProps) => {
  const [adding, setAdding] = createSignal<ChipName | null>(null);
  const shown = () => CHIPS.filter((chip) => STANDING_CHIPS.includes(chip) || chip === adding() || chipWords(chip, props.filter) !== '');
  let box: HTMLDivElement | undefined;
  /** Where nothing is left of what had the focus, it goes on at the way to further chips. */
  const keepFocus = () =>
    setTimeout(() => document.activeElement === document.body && box?.querySelector<HTMLElement>('[data-filter]')?.focus());
  const face = () => (
    <>
      <Plus size={16} />
      {t('filter.add')}
    </>
  );
  const addable = () => ADDED_CHIPS.filter((chip) => !shown().includes(chip));
  const clear = () => {
    props.change(NO_FILTER);
    keepFocus();
  };
  return (
    <div ref={box} class="flex flex-wrap items-center gap-2 py-3" role="group" aria-label={t('filter.label')}>
      <For each={shown()}>
        {(chip) => (
          <Chip
            chip={chip}
            filter={props.filter}
            change={props.change}
            opened={adding() === chip}
            closed={() => {
              if (adding() === chip) setAdding(null);
              keepFocus();
            }}
          />
        )}
      </For>
      <LateButton opens="menu" class={ADD} face={face()} isFilter load={async () => (await layers()).AddLayer}>
        {(Layer, opening) => <Layer class={ADD} face={face()} opening={opening} chips={addable()} add={setAdding} />}
      </LateButton>
      <Show when={namesIn(props.filter).length > 0}>
        <button type="button" class="link h-8 px-2 text-table" onClick={clear}>
          {t('runs.clear')}
        </button>
      </Show>
      {props.after}
    </div>
  );
};

interface ChipProps {
  readonly chip: ChipName;
  readonly filter: RunsFilter;
  readonly change: FilterBarProps['change'];
  /** It was added just now and opens at once. */
  readonly opened: boolean;
  readonly closed: () => void;
}

const Chip = (props: ChipProps) => {
  const words = () => visible(chipWords(props.chip, props.filter).slice(0, 120));
  const label = () => t(`filter.${props.chip}`);
  const remove = () => {
    props.change(Object.fromEntries(fieldsOf(props.chip).map((name) => [name, NO_FILTER[name]])));
    props.closed();
  };
  const text = () => (
    <>
      <span class={words() ? 'shrink-0 text-muted' : 'text-muted'}>{label()}</span>
      <Show when={words()}>
        <bdi class="truncate font-semibold" title={words()}>
          {words()}
        </bdi>
      </Show>
    </>
  );
  const face = () => (
    <>
      {text()}
      <ChevronDown size={16} class="shrink-0 text-muted" />
    </>
  );
  const look = () =>
    `flex h-8 max-w-72 min-w-0 items-center gap-1 text-table ${words() ? 'pl-2 rounded-l-control' : 'rounded-control px-2'}`;
  return (
    <div
      class={`flex max-w-full min-w-0 items-center rounded-control border ${words() ? 'border-accent bg-selected' : 'border-control hover:bg-bg2'}`}
    >
      <Show when={CHIP_KINDS[props.chip] !== 'given'} fallback={<span class={look()}>{text()}</span>}>
        <LateButton opens="dialog" class={look()} face={face()} opened={props.opened} load={async () => (await layers()).ChipLayer}>
          {(Layer, opening) => (
            <Layer
              class={look()}
              face={face()}
              opening={opening}
              chip={props.chip}
              filter={props.filter}
              change={props.change}
              closed={props.closed}
            />
          )}
        </LateButton>
      </Show>
      <Show when={words()}>
        <IconButton class="size-7" label={t('filter.remove', label())} press={remove}>
          <X size={16} />
        </IconButton>
      </Show>
    </div>
  );
};
