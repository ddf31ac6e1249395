import { createVirtualizer } from '@tanstack/solid-virtual';
import { For, Show } from 'solid-js';
import type { LogLine } from '../api/views.ts';
import { createEffect, whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { LogRow } from './LogRow.tsx';
import { partOf } from './window.ts';

const LINE = 20;

/** Where to go in a log: a line, and where on the screen it should stand. */
export interface Jump {
  readonly line: number;
  readonly align: 'start' | 'center' | 'end';
}

interface LogLinesProps {
  readonly step: string;
  readonly total: number;
  readonly lineAt: (n: number) => LogLine | undefined;
  /** Says which lines are on screen, so that they are loaded. */
  readonly show: (from: number, to: number) => void;
  readonly wrap: boolean;
  /** The line to stand out. */
  readonly target: number;
  readonly jump: Jump;
  readonly goTo: (jump: Jump) => void;
  /** Called when the reader leaves the end, or comes back to it. */
  readonly setFollow: (follow: boolean) => void;
}

/** The lines themselves, of which only those on screen exist; it must be mounted once there are lines, as it measures its box on mounting. */
export const LogLines = (props: LogLinesProps) => {
  let box: HTMLDivElement | undefined;
  const part = () => partOf(props.jump.line, props.total);
  const rows = createVirtualizer({
    get count() {
      return part().last - part().first + 1;
    },
    getScrollElement: () => box ?? null,
    estimateSize: () => LINE,
    overscan: 20,
  });

  whenChanged(
    () => props.jump,
    ({ line, align }) => queueMicrotask(() => rows.scrollToIndex(line - part().first, { align })),
  );
  whenChanged(
    () => props.wrap,
    () => rows.measure(),
    'later',
  );
  createEffect(() => {
    const shown = rows.getVirtualItems();
    const [first, last] = [shown[0], shown.at(-1)];
    if (first && last) props.show(part().first + first.index, part().first + last.index);
  });

  let top = 0;
  const onScroll = (element: HTMLDivElement) => {
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < LINE;
    if (element.scrollTop < top && !atEnd) props.setFollow(false);
    else if (atEnd && part().last === props.total) props.setFollow(true);
    top = element.scrollTop;
  };

  return (
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label={t('log.label', props.step)}
      tabindex="0"
      class="min-h-0 flex-1 overflow-auto py-1 font-mono text-table -outline-offset-2"
      style={{ '--gutter': `${props.total.toLocaleString().length + 1}ch` }}
      onScroll={(event) => onScroll(event.currentTarget)}
    >
      <Show when={part().first > 1}>
        <button type="button" class="link px-4 py-1" onClick={() => props.goTo({ line: part().first, align: 'start' })}>
          {t('log.earlier')}
        </button>
      </Show>
      <div class="relative" style={{ height: `${rows.getTotalSize()}px` }}>
        {/* Rows measure themselves when they are made, so another way of wrapping makes them anew. */}
        <Show when={props.wrap ? 'wrapped' : 'plain'} keyed>
          {(_) => (
            <For each={rows.getVirtualItems()}>
              {(item) => {
                const n = () => part().first + item.index;
                const attempt = (line: number) => props.lineAt(line)?.attempt;
                return (
                  <div
                    data-index={item.index}
                    ref={(row) => queueMicrotask(() => props.wrap && rows.measureElement(row))}
                    class={`absolute top-0 left-0 ${props.wrap ? 'w-full' : 'h-5 w-max min-w-full'}`}
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <LogRow
                      n={n()}
                      line={props.lineAt(n())}
                      wrap={props.wrap}
                      target={props.target === n()}
                      newAttempt={attempt(n() - 1) !== undefined && attempt(n()) !== undefined && attempt(n() - 1) !== attempt(n())}
                    />
                  </div>
                );
              }}
            </For>
          )}
        </Show>
      </div>
      <Show when={part().last < props.total}>
        <button type="button" class="link px-4 py-1" onClick={() => props.goTo({ line: part().last, align: 'end' })}>
          {t('log.later')}
        </button>
      </Show>
    </div>
  );
};
