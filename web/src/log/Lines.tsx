import { createMemo, createSignal, For, type JSX, onCleanup } from 'solid-js';
import { createEffect, onMount, whenChanged } from '../solid.ts';
import { Heights, LINE } from './heights.ts';
import { barOf, drawnHeight, scrolled, type View } from './scale.ts';

/** Where to go: a row, and where on the screen it should stand; `near` moves only as far as needed. */
export interface Jump {
  readonly row: number;
  readonly align: 'start' | 'center' | 'end' | 'near';
}

/** Rows from 0: those drawn, and the first and the last that can be seen. */
export interface ShownRows {
  readonly first: number;
  readonly last: number;
  readonly top: number;
  readonly bottom: number;
}

interface LinesProps {
  readonly label: string;
  readonly count: number;
  /** Draws a row, from 0. */
  readonly row: (row: number) => JSX.Element;
  /** Rows are as tall as their text; else each is one line. */
  readonly wrap: boolean;
  /** Another text is another list: what was found of heights is forgotten. */
  readonly of: string;
  readonly jump: Jump;
  readonly follow: boolean;
  /** Called when the reader leaves the end, or comes back to it. */
  readonly setFollow: (follow: boolean) => void;
  /** Says which rows are drawn, and which of them stand at the top and at the bottom of the box. */
  readonly shown: (rows: ShownRows) => void;
  /** Rows to keep although they are not on screen, as something of them is selected. */
  readonly kept: readonly number[];
  readonly ref: (box: HTMLDivElement) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onCopy: (event: ClipboardEvent) => void;
}

const OVERSCAN = 20 * LINE;

/** Any number of rows, of which only those on screen exist. It must be mounted once there are rows. */
export const Lines = (props: LinesProps) => {
  let box!: HTMLDivElement;
  const heights = new Heights();
  const [measured, setMeasured] = createSignal(0);
  const [view, setView] = createSignal<View>({ y: 0, size: 0, shift: 0 });
  const topOf = (row: number): number => {
    measured();
    return heights.offsetOf(row);
  };
  const total = createMemo(() => topOf(props.count));

  // Where the page itself put the bar: that it moved there says nothing about what the reader wants.
  let own: number | null = null;
  const moveTo = (y: number) => {
    const size = box.clientHeight;
    const goal = Math.max(0, Math.min(y, total() - size));
    box.scrollTop = barOf(goal, total(), size);
    own = box.scrollTop;
    setView({ y: goal, size, shift: goal - box.scrollTop });
  };
  /** Takes over news of heights; what stands at the top stays there. */
  const remeasure = (change: () => boolean) => {
    const row = heights.rowAt(view().y, props.count);
    const into = view().y - heights.offsetOf(row);
    if (!change()) return;
    setMeasured((times) => times + 1);
    moveTo(props.follow ? total() : heights.offsetOf(row) + into);
  };

  const goTo = ({ row, align }: Jump) => {
    const [top, bottom, size] = [heights.offsetOf(row), heights.offsetOf(row + 1), box.clientHeight];
    if (align === 'start') moveTo(top);
    else if (align === 'end') moveTo(bottom - size);
    else if (align === 'center') moveTo(top - (size - LINE) / 2);
    else if (top < view().y) moveTo(top - LINE);
    else if (bottom > view().y + size) moveTo(bottom - size + LINE);
  };

  const onScroll = () => {
    const was = view().y;
    const isOwn = box.scrollTop === own;
    if (!isOwn) own = null;
    const { astray, ...next } = scrolled({ ...view(), size: box.clientHeight }, box.scrollTop, total());
    if (astray) moveTo(next.y);
    else setView(next);
    if (isOwn) return;
    const atEnd = total() - next.y - next.size < LINE;
    if (atEnd) props.setFollow(true);
    else if (next.y < was - 1) props.setFollow(false);
  };

  const span = createMemo(
    () => {
      measured();
      const { y, size } = view();
      return { first: heights.rowAt(y - OVERSCAN, props.count), last: heights.rowAt(y + size + OVERSCAN, props.count) };
    },
    undefined,
    { equals: (one, other) => one.first === other.first && one.last === other.last },
  );
  const drawn = createMemo(() => {
    const { first, last } = span();
    const rows = Array.from({ length: Math.min(last, props.count - 1) - first + 1 }, (_, at) => first + at);
    const kept = props.kept.filter((row) => row < props.count && (row < first || row > last));
    return kept.length === 0 ? rows : [...kept, ...rows].toSorted((one, other) => one - other);
  });
  const seen = createMemo(
    () => {
      measured();
      const { y, size } = view();
      return { top: heights.rowAt(y + LINE - 1, props.count), bottom: heights.rowAt(y + size - LINE, props.count) };
    },
    undefined,
    { equals: (one, other) => one.top === other.top && one.bottom === other.bottom },
  );
  createEffect(() => props.shown({ first: span().first, last: Math.min(span().last, props.count - 1), ...seen() }));

  const ofRows = new ResizeObserver((entries) => {
    if (!props.wrap) return;
    remeasure(() => {
      let isNews = false;
      for (const { target } of entries) {
        const row = target as HTMLElement;
        if (row.isConnected && heights.set(Number(row.dataset.row), row.offsetHeight)) isNews = true;
      }
      return isNews;
    });
  });
  const ofBox = new ResizeObserver(() => {
    setView((now) => ({ ...now, size: box.clientHeight }));
    if (props.follow) moveTo(total());
  });
  onMount(() => {
    props.ref(box);
    setView((now) => ({ ...now, size: box.clientHeight }));
    ofBox.observe(box);
  });
  onCleanup(() => {
    ofRows.disconnect();
    ofBox.disconnect();
  });

  whenChanged(
    () => `${props.wrap} ${props.of}`,
    () =>
      remeasure(() => {
        heights.clear();
        return true;
      }),
    'later',
  );
  whenChanged(() => props.jump, goTo);
  whenChanged(
    () => props.count,
    () => (props.follow ? moveTo(total()) : view().y > total() - view().size && moveTo(view().y)),
    'later',
  );

  return (
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label={props.label}
      tabindex="0"
      class="min-h-0 flex-1 overflow-auto font-mono text-table -outline-offset-2 [overflow-anchor:none]"
      onScroll={onScroll}
      onKeyDown={(event) => props.onKeyDown(event)}
      onCopy={(event) => props.onCopy(event)}
    >
      <div class="relative overflow-y-clip" style={{ height: `${drawnHeight(total())}px` }}>
        <For each={drawn()}>
          {(row) => (
            <div
              data-row={row}
              ref={(element) => {
                ofRows.observe(element);
                onCleanup(() => ofRows.unobserve(element));
              }}
              class={`absolute top-0 left-0 ${props.wrap ? 'w-full' : 'h-5 w-max min-w-full'}`}
              style={{ transform: `translateY(${topOf(row) - view().shift}px)` }}
            >
              {props.row(row)}
            </div>
          )}
        </For>
      </div>
    </div>
  );
};
