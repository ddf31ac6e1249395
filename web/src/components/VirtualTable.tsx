import { createVirtualizer, type Range } from '@tanstack/solid-virtual';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { batch, createEffect, following, onMount, whenChanged } from '../solid.ts';
import type { HeadColumn } from './ColumnHead.tsx';
import { keepOffset, keptOffset } from './kept-offset.ts';
import { type Sorting, TableHeads } from './TableHeads.tsx';
import { attached, followAnchor, type Place, rangeWith } from './virtual-rows.ts';

/** One column of a virtual table. */
export interface VirtualColumn<T> extends HeadColumn {
  /** Pixels it takes at least; what is left of the box goes to those that `grow`. */
  readonly width: number;
  readonly grow?: number;
  /** What stands in it; a control or link inside takes `tabindex={tab()}`, so that Tab meets those of one row only. */
  readonly cell: (row: T, tab: () => 0 | -1) => JSX.Element;
}

export interface VirtualTableProps<T> {
  readonly caption: string;
  readonly columns: readonly VirtualColumn<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Pixels of a row, and of the line under it where a row has one. */
  readonly rowHeight: number;
  readonly underHeight?: number;
  readonly under?: (row: T) => JSX.Element | null;
  readonly hasUnder?: (row: T) => boolean;
  /** Extra classes of a row that depend on it. */
  readonly rowClass?: (row: T) => string;
  /** How many rows there are on the server, and how many of them stand before the first one here; null while nobody knows. */
  readonly total?: number | null;
  readonly first?: number | null;
  /** Names the list whose scroll position is kept while the page lives; another name begins anew. */
  readonly place: string;
  /** Where a list that was not seen before begins. */
  readonly begin?: 'start' | 'end';
  /** Called when the reader comes near the end or the begin of what is here. */
  readonly nearEnd?: (() => void) | undefined;
  readonly nearStart?: (() => void) | undefined;
  /** Told which rows are on screen and around it, by the first and the last of them. */
  readonly onSeen?: ((first: string, last: string) => void) | undefined;
  /** The row that the keys act on; it has the focus when the table has it. */
  readonly active: string | null;
  readonly onActive: (key: string) => void;
  readonly onOpen?: (row: T) => void;
  /** Goes to an end of all rows where those here are not all there are; absent: to that of the rows here. */
  readonly onEnd?: ((at: 'start' | 'end') => void) | undefined;
  readonly chosen?: (key: string) => boolean;
  /** Heads that sort, by column; absent: none do. */
  readonly sorting?: Sorting | undefined;
  readonly sortable?: readonly string[];
  readonly onSort?: (column: string) => void;
  /** Widths that the reader has set, by column, and setting them. */
  readonly widths?: { readonly [column: string]: number };
  readonly onResize?: ((column: string, width: number) => void) | undefined;
  readonly foot?: JSX.Element;
  /** Receives what moves the table from outside. */
  readonly steer?: (steer: TableSteer) => void;
}

/** Moves the active row, as keys of the page do. */
export interface TableSteer {
  readonly move: (by: number) => void;
  readonly to: (at: 'start' | 'end') => void;
  readonly focus: () => void;
}

const NEAR = 15;
const OVERSCAN = 12;
const UNDER = 20;

/** The columns as a grid: widths the reader set are kept, others share what is left. */
const template = <T,>(props: Pick<VirtualTableProps<T>, 'columns' | 'widths'>): string =>
  props.columns
    .map(({ id, width, grow }) => {
      const set = props.widths?.[id];
      if (set !== undefined) return `${set}px`;
      return grow ? `minmax(${width}px,${grow}fr)` : `${width}px`;
    })
    .join(' ');

/**
 * A table of which only the rows on screen exist, and the one that has the focus; rows may be added at either end, or fall away, and what the
 * reader looks at stays where it is. It must be mounted once there are rows, as it measures its box on mounting.
 */
export const VirtualTable = <T extends object>(props: VirtualTableProps<T>) => {
  let box: HTMLDivElement | undefined;
  const [hasFocus, setHasFocus] = createSignal(false);
  const keys = createMemo(() => props.rows.map((row) => props.keyOf(row)));
  const indexes = createMemo(() => new Map(keys().map((key, at) => [key, at] as const)));
  const activeAt = createMemo(() => (props.active === null ? -1 : (indexes().get(props.active) ?? -1)));
  const heightOf = (row: T | undefined): number =>
    props.rowHeight + (row !== undefined && props.hasUnder?.(row) ? (props.underHeight ?? UNDER) : 0);
  // A row that gains or loses its second line moves those below it.
  const heights = createMemo(() => props.rows.map((row) => heightOf(row)).join());

  const rows = createVirtualizer({
    get count() {
      return props.rows.length;
    },
    getScrollElement: () => attached(box),
    estimateSize: (at) => heightOf(props.rows[at]),
    // Another function for other rows or heights: as many of them would else be taken for those that were measured.
    get getItemKey() {
      const all = keys();
      heights();
      return (at: number) => all[at] ?? at;
    },
    overscan: OVERSCAN,
    initialOffset: () => keptOffset(props.place) ?? 0,
    // The row with the focus stays, also while it is scrolled away.
    get rangeExtractor() {
      const kept = hasFocus() ? activeAt() : -1;
      return (range: Range) => rangeWith(range, kept);
    },
  });

  const places = createMemo(
    () => new Map(rows.getVirtualItems().map((item): [string, Place] => [String(item.key), { index: item.index, start: item.start }])),
  );
  const shown = createMemo(() => [...places().keys()]);

  const anchor = followAnchor(() => box, rows, indexes);
  createEffect(() => {
    keys();
    anchor.keep();
  });
  createEffect(() => {
    const seen = rows.getVirtualItems();
    const on = seen.filter(({ index }) => index !== activeAt() || seen.length === 1);
    if (on.length === 0) return;
    props.onSeen?.(String(on[0]?.key), String(on.at(-1)?.key));
    if ((on.at(-1)?.index ?? 0) >= props.rows.length - NEAR) props.nearEnd?.();
    // Rows that have just come before the first one are not yet what the reader is near to.
    const isNear = (box?.scrollTop ?? 0) < (NEAR + OVERSCAN) * (props.rowHeight + (props.underHeight ?? UNDER));
    if (isNear && (on[0]?.index ?? 0) < NEAR) props.nearStart?.();
  });
  onMount(() => {
    const known = keptOffset(props.place);
    box?.scrollTo({ top: known ?? (props.begin === 'end' ? box.scrollHeight : 0) });
    anchor.note();
    props.steer?.({ move, to, focus: () => move(0) });
  });

  // A row that is moved to gets the focus once it is drawn, which it may not be while this reacts.
  let owed = false;
  const giveFocus = () => {
    const { active } = props;
    const row = owed && active !== null && box?.querySelector<HTMLElement>(`[data-row="${CSS.escape(active)}"]`);
    if (!row) return;
    owed = false;
    row.focus({ preventScroll: true });
  };
  whenChanged(
    () => [shown(), props.active],
    () => queueMicrotask(giveFocus),
  );
  const moveTo = (at: number) => {
    const index = Math.max(0, Math.min(props.rows.length - 1, at));
    const key = keys()[index];
    if (key === undefined) return;
    owed = true;
    rows.scrollToIndex(index, { align: 'auto' });
    batch(() => {
      setHasFocus(true);
      props.onActive(key);
    });
  };
  const move = (by: number) => moveTo(activeAt() < 0 ? (places().get(shown()[0] ?? '')?.index ?? 0) : activeAt() + by);
  const to = (at: 'start' | 'end') => moveTo(at === 'start' ? 0 : props.rows.length - 1);

  const toEnd = (at: 'start' | 'end') => (props.onEnd ? props.onEnd(at) : to(at));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target as HTMLElement).matches('[data-row]')) return;
    const page = Math.max(1, Math.floor((box?.clientHeight ?? 0) / props.rowHeight) - 2);
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(page),
      PageUp: () => move(-page),
      Home: () => toEnd('start'),
      End: () => toEnd('end'),
    };
    const act = moves[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
    const row = props.rows[activeAt()];
    if (event.key === 'Enter' && row !== undefined && props.onOpen) {
      event.preventDefault();
      props.onOpen(row);
    }
  };

  return (
    <div
      ref={box}
      class="min-h-0 flex-1 overflow-auto"
      role="grid"
      aria-label={props.caption}
      aria-rowcount={props.total === undefined || props.total === null ? -1 : props.total + 1}
      aria-colcount={props.columns.length}
      aria-multiselectable={props.chosen ? 'true' : undefined}
      onScroll={(event) => {
        keepOffset(props.place, event.currentTarget.scrollTop);
        anchor.note();
      }}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        setHasFocus(true);
        const key = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row;
        if (key !== undefined && key !== props.active) props.onActive(key);
      }}
      onFocusOut={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || setHasFocus(false)}
    >
      <div class="w-min min-w-full" style={{ '--columns': template(props) }}>
        <div role="rowgroup" class="sticky top-0 z-10 border-b border-hairline bg-bg1">
          <TableHeads
            columns={props.columns}
            sorting={props.sorting}
            sortable={props.sortable ?? []}
            onSort={props.onSort}
            onResize={props.onResize}
          />
        </div>
        <div role="rowgroup" class="relative" style={{ height: `${rows.getTotalSize()}px` }}>
          <For each={shown()}>
            {(key) => {
              const start = createMemo((known: number) => places().get(key)?.start ?? known, 0);
              const index = () => indexes().get(key) ?? -1;
              const tab = () => (props.active === key ? 0 : -1);
              // A row that changes changes what of it is shown, and nothing that has the focus is made anew.
              const live = following(() => props.rows[index()] ?? ({} as T));
              return (
                <Show when={props.rows[index()]}>
                  {(row) => (
                    <div
                      role="row"
                      data-row={key}
                      aria-rowindex={props.first === null ? undefined : (props.first ?? 0) + index() + 2}
                      aria-selected={props.chosen ? props.chosen(key) : undefined}
                      tabindex={tab() === 0 || (activeAt() < 0 && index() === 0) ? 0 : -1}
                      class={`absolute top-0 left-0 w-full border-b border-hairline outline-offset-[-2px] hover:bg-bg1 ${props.chosen?.(key) ? 'bg-selected' : ''} ${props.rowClass?.(row()) ?? ''}`}
                      style={{ transform: `translateY(${start()}px)`, height: `${heightOf(row())}px` }}
                    >
                      <div
                        class="grid grid-cols-(--columns) items-center gap-x-3 px-4 text-table md:px-6"
                        style={{ height: `${props.rowHeight - 1}px` }}
                      >
                        <For each={props.columns}>
                          {(column, at) => (
                            <div
                              role="gridcell"
                              aria-colindex={at() + 1}
                              class={`min-w-0 truncate ${column.align === 'right' ? 'text-right' : ''}`}
                            >
                              {column.cell(live, tab)}
                            </div>
                          )}
                        </For>
                      </div>
                      <Show when={props.hasUnder?.(row())}>
                        <div role="gridcell" aria-colindex={1} aria-colspan={props.columns.length} class="truncate px-4 text-table md:px-6">
                          {props.under?.(live)}
                        </div>
                      </Show>
                    </div>
                  )}
                </Show>
              );
            }}
          </For>
        </div>
        {props.foot}
      </div>
    </div>
  );
};
