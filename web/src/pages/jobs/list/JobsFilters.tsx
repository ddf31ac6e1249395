import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import { useActions } from '../../../actions/actions.tsx';
import { useQuery } from '../../../api/use-query.ts';
import { IconButton } from '../../../components/IconButton.tsx';
import type { HistoryEntry } from '../../../url/use-search-state.ts';
import { categoriesQuery } from '../queries.ts';
import { t } from '../words.ts';
import { HEALTH_FILTERS, type JobsFilter, STATE_FILTERS } from './filter.ts';

/** What narrows the list of jobs; each choice is in the address. */
export const JobsFilters = (props: { filter: JobsFilter; change: (part: Partial<JobsFilter>, entry?: HistoryEntry) => void }) => {
  let search: HTMLInputElement | undefined;
  const categories = useQuery(() => categoriesQuery());
  const known = () => categories.data?.items ?? [];
  useActions(() => [{ id: 'jobs.search', words: t('filter.search'), key: '/', run: () => search?.focus() }]);
  return (
    <search class="mt-4 flex flex-wrap items-center gap-2">
      <input
        ref={search}
        type="search"
        class="input w-64 max-md:w-full"
        aria-label={t('filter.search')}
        placeholder={t('filter.search_hint')}
        maxlength={200}
        value={props.filter.q}
        onInput={(event) => props.change({ q: event.currentTarget.value }, 'typing')}
      />
      <Show when={known().length > 0 || props.filter.category !== ''}>
        <select
          class="input w-auto max-w-56"
          aria-label={t('filter.category')}
          onChange={(event) => props.change({ category: event.currentTarget.value })}
        >
          <option value="" selected={props.filter.category === ''}>
            {t('filter.category_any')}
          </option>
          <Show when={props.filter.category !== '' && !known().some(({ path }) => path === props.filter.category)}>
            <option value={props.filter.category} selected>
              {props.filter.category}
            </option>
          </Show>
          <For each={known()}>
            {({ path, name, depth, total }) => (
              <option value={path} selected={props.filter.category === path}>
                {`${'\u00a0\u00a0'.repeat(depth)}${name} (${total})`}
              </option>
            )}
          </For>
        </select>
      </Show>
      <select
        class="input w-auto"
        aria-label={t('filter.health')}
        onChange={(event) => props.change({ health: HEALTH_FILTERS[event.currentTarget.selectedIndex] ?? 'any' })}
      >
        <For each={HEALTH_FILTERS}>
          {(one) => (
            <option value={one} selected={props.filter.health === one}>
              {t(`filter.health_${one}`)}
            </option>
          )}
        </For>
      </select>
      <select
        class="input w-auto"
        aria-label={t('filter.state')}
        onChange={(event) => props.change({ state: STATE_FILTERS[event.currentTarget.selectedIndex] ?? 'any' })}
      >
        <For each={STATE_FILTERS}>
          {(one) => (
            <option value={one} selected={props.filter.state === one}>
              {t(`filter.state_${one}`)}
            </option>
          )}
        </For>
      </select>
      <Show when={props.filter.tag}>
        {(tag) => (
          <span class="inline-flex h-8 max-w-64 items-center rounded-control bg-selected pl-3">
            <span class="truncate">{t('filter.tag', tag())}</span>
            <IconButton label={t('filter.tag_remove', tag())} press={() => props.change({ tag: '' })}>
              <X size={16} />
            </IconButton>
          </span>
        )}
      </Show>
    </search>
  );
};
