import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { Popover } from '@kobalte/core/popover';
import Check from 'lucide-solid/icons/check';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import X from 'lucide-solid/icons/x';
import { createSignal, For, type JSX, Show } from 'solid-js';
import { RUN_STATUSES, STATUS_LOOK } from '#jobs/run-state.ts';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { NO_FILTER, type RunsFilter, runsSearch } from '../../url/runs-filter.ts';
import { t } from '../../words.ts';

interface FilterProps {
  readonly filter: RunsFilter;
  readonly change: (filter: RunsFilter) => void;
}

/** The chips that narrow the list; each says what it does, can be changed and taken away. */
export const FilterBar = (props: FilterProps) => (
  <div class="flex flex-wrap items-center gap-2 py-3" role="group" aria-label={t('runs.filter')}>
    <StatusChip {...props} />
    <TextChip {...props} name="job" label={t('runs.job')} />
    <TextChip {...props} name="client" label={t('runs.client')} />
    <TextChip {...props} name="ref_num" label={t('runs.ref')} />
    <Show when={runsSearch(props.filter) !== ''}>
      <button type="button" class="link h-8 px-2" onClick={() => props.change(NO_FILTER)}>
        {t('runs.clear')}
      </button>
    </Show>
  </div>
);

const chip = 'flex h-8 max-w-60 items-center gap-1 rounded-control border px-2 text-table hover:bg-bg2';

const ChipText = (props: { label: string; value: string }): JSX.Element => (
  <>
    <span class={props.value ? 'text-text' : 'text-muted'}>{props.label}</span>
    <Show when={props.value}>
      <span class="truncate font-semibold">{props.value}</span>
    </Show>
    <ChevronDown size={16} class="shrink-0 text-muted" />
  </>
);

const Remove = (props: { label: string; remove: () => void }) => (
  <button
    type="button"
    class="icon-button -ml-1"
    title={t('runs.filter_remove', props.label)}
    aria-label={t('runs.filter_remove', props.label)}
    onClick={() => props.remove()}
  >
    <X size={16} />
  </button>
);

const StatusChip = (props: FilterProps) => {
  const value = () => props.filter.status.map((status) => STATUS_LOOK[status].word).join(', ');
  return (
    <div class="flex items-center">
      <DropdownMenu gutter={4} placement="bottom-start" modal={false}>
        <DropdownMenu.Trigger class={`${chip} ${value() ? 'border-accent bg-selected' : 'border-control'}`}>
          <ChipText label={t('runs.filter_status')} value={value()} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content class="layer z-40 max-h-[448px] overflow-y-auto p-1 outline-none">
            <For each={RUN_STATUSES}>
              {(status) => (
                <DropdownMenu.CheckboxItem
                  class="flex min-h-8 items-center gap-3 rounded-control px-2 outline-none data-highlighted:bg-bg2"
                  checked={props.filter.status.includes(status)}
                  closeOnSelect={false}
                  onChange={(on) =>
                    props.change({
                      ...props.filter,
                      status: RUN_STATUSES.filter((one) => (one === status ? on : props.filter.status.includes(one))),
                    })
                  }
                >
                  <span class="w-4">
                    <DropdownMenu.ItemIndicator>
                      <Check size={16} />
                    </DropdownMenu.ItemIndicator>
                  </span>
                  <StatusBadge status={status} />
                </DropdownMenu.CheckboxItem>
              )}
            </For>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu>
      <Show when={value()}>
        <Remove label={t('runs.filter_status')} remove={() => props.change({ ...props.filter, status: [] })} />
      </Show>
    </div>
  );
};

const TextChip = (props: FilterProps & { name: 'job' | 'client' | 'ref_num'; label: string }) => {
  const [open, setOpen] = createSignal(false);
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('text') ?? '').trim();
    setOpen(false);
    props.change({ ...props.filter, [props.name]: text });
  };
  return (
    <div class="flex items-center">
      <Popover open={open()} onOpenChange={setOpen} gutter={4} placement="bottom-start">
        <Popover.Trigger class={`${chip} ${props.filter[props.name] ? 'border-accent bg-selected' : 'border-control'}`}>
          <ChipText label={props.label} value={props.filter[props.name]} />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content class="layer z-40 p-2 outline-none" aria-label={props.label}>
            <form class="flex gap-2" onSubmit={apply}>
              <input
                class="input w-48"
                name="text"
                value={props.filter[props.name]}
                aria-label={props.label}
                maxlength={200}
                autocomplete="off"
              />
              <button type="submit" class="button">
                {t('runs.filter_apply')}
              </button>
            </form>
          </Popover.Content>
        </Popover.Portal>
      </Popover>
      <Show when={props.filter[props.name]}>
        <Remove label={props.label} remove={() => props.change({ ...props.filter, [props.name]: '' })} />
      </Show>
    </div>
  );
};
