import { createMemo, createSignal, type JSX, Show } from 'solid-js';
import { type VirtualColumn, VirtualTable } from '../../components/VirtualTable.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { t } from './words.ts';

const HEIGHTS = {
  one: { comfortable: 40, compact: 32, dense: 24 },
  two: { comfortable: 56, compact: 48, dense: 44 },
} as const;
const HEAD = 34;
// Room for the bar that moves the table sideways.
const BAR = 16;
const UNDER = 24;

/** As much of an infinite query as a list is drawn from. */
interface Pages<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly isPlaceholderData: boolean;
  readonly isFetching: boolean;
  readonly isFetchNextPageError: boolean;
  readonly isFetchPreviousPageError: boolean;
  fetchNextPage(): unknown;
  fetchPreviousPage(): unknown;
}

interface LongListProps<T> {
  readonly caption: string;
  readonly columns: readonly VirtualColumn<T>[];
  readonly query: Pages<T>;
  /** Names the list whose scroll position is kept; another name begins anew. */
  readonly place: string;
  readonly keyOf: (item: T) => string;
  /** Lines of a row. */
  readonly lines: keyof typeof HEIGHTS;
  readonly under?: (item: T) => JSX.Element;
  readonly hasUnder?: (item: T) => boolean;
  /** Says how many are here, and whether there are more. */
  readonly counted: (count: number, more: boolean) => string;
  /** What stands beside the count. */
  readonly children?: JSX.Element;
}

/** A list of any length: only the rows on screen are drawn, further pages are read as the reader comes to them. It is mounted once there are rows. */
export const LongList = <T extends object>(props: LongListProps<T>) => {
  const { now } = usePreferences();
  const [active, setActive] = createSignal<string | null>(null);
  const rows = createMemo(() => (props.query.data?.pages ?? []).flatMap(({ items }) => items));
  const rowHeight = () => HEIGHTS[props.lines][now().density];
  // Of rows that are left from before nobody says what is beyond them.
  const isCut = () => props.query.hasNextPage || props.query.hasPreviousPage || props.query.isPlaceholderData;
  const height = () => HEAD + BAR + rows().reduce((sum, row) => sum + rowHeight() + (props.hasUnder?.(row) ? UNDER : 0), 0);
  return (
    <>
      <div class="-mx-4 flex max-h-[max(24rem,calc(100dvh-18rem))] flex-col md:-mx-6" style={{ height: `${height()}px` }}>
        <VirtualTable
          caption={props.caption}
          columns={props.columns}
          rows={rows()}
          keyOf={props.keyOf}
          rowHeight={rowHeight()}
          underHeight={UNDER}
          {...(props.hasUnder && { hasUnder: props.hasUnder })}
          {...(props.under && { under: props.under })}
          total={isCut() ? null : rows().length}
          place={props.place}
          active={active()}
          onActive={setActive}
          nearEnd={() => {
            if (props.query.hasNextPage && !props.query.isFetching && !props.query.isFetchNextPageError) props.query.fetchNextPage();
          }}
          nearStart={() => {
            if (props.query.hasPreviousPage && !props.query.isFetching && !props.query.isFetchPreviousPageError)
              props.query.fetchPreviousPage();
          }}
        />
      </div>
      <div class="mt-2 flex min-h-8 flex-wrap items-center gap-3 text-muted">
        <span>{props.counted(rows().length, isCut())}</span>
        <Show when={props.query.isFetchNextPageError || props.query.isFetchPreviousPageError}>
          <span class="tone-failed text-(--tone)">{t('list.more_failed')}</span>
          <button
            type="button"
            class="button text-text"
            onClick={() => (props.query.isFetchNextPageError ? props.query.fetchNextPage() : props.query.fetchPreviousPage())}
          >
            {t('list.again')}
          </button>
        </Show>
        {props.children}
      </div>
    </>
  );
};
