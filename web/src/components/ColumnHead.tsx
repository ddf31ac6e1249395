import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import { type JSX, Show } from 'solid-js';
import { t } from '../words.ts';

/** Narrowest and widest a column can be made. */
export const COLUMN_PIXELS = { least: 40, most: 800 } as const;
const STEP = 16;

/** What a head is drawn from. */
export interface HeadColumn {
  readonly id: string;
  readonly head: string;
  /** What the head means, where it is short. */
  readonly title?: string;
  /** The head is only spoken, as the cells say it themselves. */
  readonly quiet?: boolean;
  readonly align?: 'right';
  /** A control in place of the head's words. */
  readonly headControl?: () => JSX.Element;
}

interface ColumnHeadProps {
  readonly column: HeadColumn;
  /** Its number, from 1. */
  readonly at: number;
  /** 0 for the one head that Tab stops at. */
  readonly tab: 0 | -1;
  readonly sorted: 'ascending' | 'descending' | undefined;
  readonly sort: ((column: string) => void) | undefined;
  readonly resize: ((column: string, width: number) => void) | undefined;
}

const bounded = (width: number) => Math.round(Math.max(COLUMN_PIXELS.least, Math.min(COLUMN_PIXELS.most, width)));

/** The head of a column: says by what and which way the rows are sorted, sorts when pressed; its edge is drawn, or moved by Shift and arrow keys. */
export const ColumnHead = (props: ColumnHeadProps) => {
  let cell: HTMLDivElement | undefined;
  const resize = () => (props.column.headControl ? undefined : props.resize);
  const key = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by === undefined || !event.shiftKey || !resize()) return;
    event.preventDefault();
    resize()?.(props.column.id, bounded((cell?.clientWidth ?? 0) + by));
  };
  const hint = () => (resize() ? t('table.width_hint') : undefined);
  // Without a button of its own the head is what the keys stop at.
  const own = () => !props.sort && resize() !== undefined;
  return (
    <div
      ref={cell}
      role="columnheader"
      data-head={props.column.id}
      data-head-stop={own() ? '' : undefined}
      tabindex={own() ? props.tab : undefined}
      aria-colindex={props.at}
      aria-sort={props.sorted ?? (props.sort ? 'none' : undefined)}
      aria-description={own() ? hint() : undefined}
      title={props.column.title}
      class={`relative flex h-8 min-w-0 items-center ${props.column.align === 'right' ? 'justify-end' : ''}`}
      onKeyDown={key}
    >
      <Show
        when={props.sort}
        fallback={props.column.headControl?.() ?? <span class={props.column.quiet ? 'sr-only' : 'truncate'}>{props.column.head}</span>}
      >
        {(sort) => (
          <button
            type="button"
            data-head-stop=""
            tabindex={props.tab}
            aria-description={hint()}
            class={`flex min-h-6 min-w-0 items-center gap-1 rounded-control hover:text-text ${props.sorted ? 'font-semibold text-text' : ''}`}
            onClick={() => sort()(props.column.id)}
          >
            <span class="truncate">{props.column.head}</span>
            <Show when={props.sorted}>
              {(sorted) => (sorted() === 'ascending' ? <ArrowUp size={12} class="shrink-0" /> : <ArrowDown size={12} class="shrink-0" />)}
            </Show>
          </button>
        )}
      </Show>
      <Show when={resize()}>{(resize) => <Edge cell={() => cell} resize={(width) => resize()(props.column.id, bounded(width))} />}</Show>
    </div>
  );
};

/** Drawn by a pointer; the width is told, and kept, once it is let go. */
const Edge = (props: { cell: () => HTMLElement | undefined; resize: (width: number) => void }) => {
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const edge = event.currentTarget;
    const width = props.cell()?.clientWidth ?? 0;
    let by = 0;
    edge.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => {
      by = moved.clientX - event.clientX;
      edge.style.transform = `translateX(${bounded(width + by) - width}px)`;
    };
    const drop = () => {
      edge.removeEventListener('pointermove', move);
      edge.style.transform = '';
      if (by !== 0) props.resize(width + by);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', drop, { once: true });
  };
  return (
    <div
      aria-hidden="true"
      data-edge=""
      class="absolute -right-4.5 z-20 flex h-8 w-6 cursor-col-resize touch-none justify-center after:h-6 after:w-px hover:after:bg-control"
      onPointerDown={drag}
    />
  );
};
