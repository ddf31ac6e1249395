import { For, type JSX } from 'solid-js';

/** One column of a table: its head and what stands in it. */
export interface Column<T> {
  readonly head: string;
  readonly cell: (item: T) => JSX.Element;
  /** Extra classes for head and cells, e.g. to leave it out on narrow pages. */
  readonly class?: string;
}

/** A short list as a table; it scrolls sideways in its own box where the page is narrow. */
export const Table = <T,>(props: { caption: string; columns: readonly Column<T>[]; items: readonly T[] }) => (
  <div class="-mx-4 overflow-x-auto md:-mx-6">
    <table class="w-full text-table">
      <caption class="sr-only">{props.caption}</caption>
      <thead>
        <tr class="h-8 border-b border-hairline bg-bg1 text-left text-meta text-muted">
          <For each={props.columns}>
            {(column) => (
              <th class={`px-3 font-normal whitespace-nowrap first:pl-4 last:pr-4 md:first:pl-6 md:last:pr-6 ${column.class ?? ''}`}>
                {column.head}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.items}>
          {(item) => (
            <tr class="relative border-b border-hairline hover:bg-bg1">
              <For each={props.columns}>
                {(column) => (
                  <td class={`h-8 px-3 py-1.5 first:pl-4 last:pr-4 md:first:pl-6 md:last:pr-6 ${column.class ?? ''}`}>
                    {column.cell(item)}
                  </td>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  </div>
);
