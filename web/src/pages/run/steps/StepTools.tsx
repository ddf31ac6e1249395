import type { ParentProps } from 'solid-js';
import { useActions } from '../../../actions/actions.tsx';
import type { HistoryEntry } from '../../../url/use-search-state.ts';
import type { StepsSearch } from './search.ts';
import { t } from './words.ts';

interface StepToolsProps {
  readonly search: StepsSearch;
  readonly change: (part: Partial<StepsSearch>, entry?: HistoryEntry) => void;
}

/** What narrows the steps of a view, what the view adds to that, and the way to its table. */
export const StepTools = (props: ParentProps<StepToolsProps>) => {
  let filter: HTMLInputElement | undefined;
  useActions(() => [{ id: 'steps.filter', words: t('steps.filter'), key: '/', run: () => filter?.focus() }]);
  return (
    <div class="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2" role="group" aria-label={t('steps.tools')}>
      <label class="flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          class="size-4 accent-accent"
          checked={props.search.problems}
          onChange={(event) => props.change({ problems: event.currentTarget.checked })}
        />
        {t('steps.problems')}
      </label>
      <input
        ref={filter}
        type="search"
        class="input w-44"
        aria-label={t('steps.filter')}
        placeholder={`${t('steps.filter')} /`}
        maxlength={200}
        value={props.search.filter}
        onInput={(event) => props.change({ filter: event.currentTarget.value }, 'typing')}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (props.search.filter === '') event.currentTarget.blur();
          else props.change({ filter: '' }, 'typing');
        }}
      />
      {props.children}
      <label class="ml-auto flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          class="size-4 accent-accent"
          checked={props.search.table}
          onChange={(event) => props.change({ table: event.currentTarget.checked })}
        />
        {t('steps.as_table')}
      </label>
    </div>
  );
};
