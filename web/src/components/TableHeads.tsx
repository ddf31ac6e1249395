import { createSignal, For } from 'solid-js';
import { ColumnHead, type HeadColumn } from './ColumnHead.tsx';

/** By which column the rows are sorted, and what a head sorts by when it is pressed. */
export interface Sorting {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

interface TableHeadsProps {
  readonly columns: readonly HeadColumn[];
  readonly sorting: Sorting | undefined;
  readonly sortable: readonly string[];
  readonly onSort: ((column: string) => void) | undefined;
  readonly onResize: ((column: string, width: number) => void) | undefined;
}

/** The heads of a table's columns: one stop of Tab, from which arrows go to the next. */
export const TableHeads = (props: TableHeadsProps) => {
  let row: HTMLDivElement | undefined;
  const [last, setLast] = createSignal('');
  const heads = () =>
    props.columns.filter(({ id, headControl }) => !headControl && (props.onResize || props.sortable.includes(id))).map(({ id }) => id);
  const stop = () => (heads().includes(last()) ? last() : heads()[0]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = heads()[heads().indexOf(stop() ?? '') + by];
    event.preventDefault();
    const cell = next === undefined ? undefined : row?.querySelector<HTMLElement>(`[data-head="${CSS.escape(next)}"]`);
    (cell?.matches('[data-head-stop]') ? cell : cell?.querySelector<HTMLElement>('[data-head-stop]'))?.focus();
  };
  return (
    <div
      ref={row}
      role="row"
      aria-rowindex={1}
      onFocusIn={(event) => setLast((event.target as HTMLElement).closest<HTMLElement>('[data-head]')?.dataset.head ?? last())}
      onKeyDown={onKeyDown}
      class="grid h-8 grid-cols-(--columns) items-center gap-x-3 px-4 text-meta text-muted md:px-6"
    >
      <For each={props.columns}>
        {(column, at) => (
          <ColumnHead
            column={column}
            at={at() + 1}
            sorted={props.sorting?.column === column.id ? props.sorting.direction : undefined}
            sort={props.sortable.includes(column.id) ? props.onSort : undefined}
            resize={props.onResize}
            tab={column.id === stop() ? 0 : -1}
          />
        )}
      </For>
    </div>
  );
};
