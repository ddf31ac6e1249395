import { createSignal, For, type JSX, onCleanup } from 'solid-js';
import { onMount } from '../solid.ts';

/** One column of a table: its head and what stands in it. */
export interface Column<T> {
  readonly head: string;
  /** The head is only spoken, as the cells say it themselves. */
  readonly quiet?: boolean;
  readonly cell: (item: T) => JSX.Element;
  /** Extra classes for head and cells, e.g. to leave it out on narrow pages. */
  readonly class?: string;
}

// What a row is called keeps room for words; the rest is reached by scrolling.
const EDGES = 'px-3 first:pl-4 last:pr-4 max-md:first:min-w-32 md:first:pl-6 md:last:pr-6';

/** What is not there is said, so that nobody waits for it. */
const EMPTY = "empty:before:text-muted empty:before:content-['–']";

/** A short list as a table; where the page is narrow it scrolls sideways in its own box, which the keyboard then reaches. */
export const Table = <T,>(props: { caption: string; columns: readonly Column<T>[]; items: readonly T[] }) => {
  let box: HTMLDivElement | undefined;
  const [scrolls, setScrolls] = createSignal(false);
  onMount(() => {
    const observer = new ResizeObserver(() => setScrolls(box !== undefined && box.scrollWidth > box.clientWidth));
    if (box) observer.observe(box);
    onCleanup(() => observer.disconnect());
  });
  return (
    <div
      ref={box}
      class="relative -mx-4 overflow-x-auto md:-mx-6"
      {...(scrolls() ? { tabindex: 0, role: 'region', 'aria-label': props.caption } : {})}
    >
      <table class="w-full text-table">
        <caption class="sr-only">{props.caption}</caption>
        <thead>
          <tr class="h-8 border-b border-hairline bg-bg1 text-left text-meta text-muted">
            <For each={props.columns}>
              {(column) => (
                <th class={`${EDGES} font-normal whitespace-nowrap ${column.class ?? ''}`}>
                  <span class={column.quiet ? 'sr-only' : ''}>{column.head}</span>
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
                    <td
                      class={`${EDGES} h-8 py-1.5 align-top in-[tr:has(.button)]:align-middle ${column.quiet ? '' : EMPTY} ${column.class ?? ''}`}
                    >
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
};
