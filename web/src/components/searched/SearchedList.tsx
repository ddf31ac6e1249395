import { type JSX, Show } from 'solid-js';
import { useActions } from '../../actions/actions.tsx';
import type { Whole } from '../../api/all-pages.ts';
import { Banner } from '../Banner.tsx';
import { Empty } from '../Empty.tsx';
import { Fetched, type Fetching } from '../Fetched.tsx';
import type { Searched } from './use-searched.ts';
import { t } from './words.ts';

interface SearchedListProps<T> {
  readonly list: Searched & { readonly query: Fetching<Whole<T>>; readonly items: () => readonly T[] };
  /** What the field looks for. */
  readonly label: string;
  readonly skeleton: string;
  /** What is said, and offered, where there is nothing at all. */
  readonly empty?: JSX.Element;
  /** Said beside the count. */
  readonly aside?: JSX.Element;
  readonly children: (items: () => readonly T[]) => JSX.Element;
}

/** A list in all its states, with the field that narrows it, how many it shows, and a word where there are more than were read. */
export const SearchedList = <T,>(props: SearchedListProps<T>) => {
  let field: HTMLInputElement | undefined;
  useActions(() => [{ id: 'list.filter', words: props.label, key: '/', run: () => field?.focus() }]);
  return (
    <>
      <Show when={props.list.dropped().length > 0}>
        <div class="-mx-4 mb-3 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1 break-words">{t('searched.dropped', props.list.dropped().join(', '))}</span>
          </Banner>
        </div>
      </Show>
      <Show when={!props.list.isNothing()}>
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
          <input
            type="search"
            class="input w-60"
            aria-label={props.label}
            placeholder={props.label}
            maxlength={100}
            autocomplete="off"
            spellcheck={false}
            ref={field}
            value={props.list.text()}
            onInput={(event) => props.list.type(event.currentTarget.value)}
          />
          <p class="text-meta text-muted" role="status">
            <Show when={props.list.query.dataUpdatedAt > 0}>
              <Show when={props.list.isCut()} fallback={t('searched.counted', props.list.items().length)}>
                <span class="inline-block rounded-control bg-warning px-2 py-1 text-text">
                  {t('searched.cut', props.list.items().length)}
                </span>
              </Show>
              {props.aside}
            </Show>
          </p>
        </div>
      </Show>
      <Fetched
        query={props.list.query}
        skeleton={props.skeleton}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Show when={!props.list.isNothing()} fallback={props.empty}>
            <Empty says={t('searched.none')}>
              <button type="button" class="button" onClick={() => props.list.clear()}>
                {t('searched.clear')}
              </button>
            </Empty>
          </Show>
        }
      >
        {(all) => props.children(() => all().items)}
      </Fetched>
    </>
  );
};
