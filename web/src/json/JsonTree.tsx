import { createVirtualizer } from '@tanstack/solid-virtual';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { PlainText } from '../components/PlainText.tsx';
import { attached, rangeWith } from '../components/virtual-rows.ts';
import { type TreeLine, treeLines } from './tree.ts';
import { t } from './words.ts';

const ROW = 24;
const MOST_HEIGHT = 480;
const INDENT = 16;
const DEEPEST = 20;
/** Levels that are open at first, as long as they are few. */
const OPEN_LEVELS = 2;
const FEW = 60;

const COLOURS = { text: 'text-(--ansi-2)', number: 'text-(--ansi-4)', yes_no: 'text-(--ansi-5)' } as const;
const colourOf = (kind: TreeLine['kind']): string => (Object.hasOwn(COLOURS, kind) ? COLOURS[kind as keyof typeof COLOURS] : 'text-muted');

/** A JSON value that opens and closes place by place; only what is on screen exists, and a long text stands below when it is chosen. */
export const JsonTree = (props: { value: Json; label: string }) => {
  let box: HTMLDivElement | undefined;
  const startsOpen = createMemo(() => {
    for (let levels = OPEN_LEVELS; levels > 0; levels -= 1)
      if (treeLines(props.value, (_, depth) => depth < levels).length <= FEW) return levels;
    return 1;
  });
  const [turned, setTurned] = createSignal<ReadonlySet<string>>(new Set<string>());
  const isOpen = (path: string, depth: number) => depth < startsOpen() !== turned().has(path);
  const lines = createMemo(() => treeLines(props.value, isOpen));
  const places = createMemo(() => new Map(lines().map(({ path }, index) => [path, index] as const)));
  const [active, setActive] = createSignal('');
  const at = () => places().get(active()) ?? 0;
  const whole = () => lines()[at()]?.whole ?? null;

  const rows = createVirtualizer({
    get count() {
      return lines().length;
    },
    getScrollElement: () => attached(box),
    estimateSize: () => ROW,
    overscan: 10,
    // The row that has the focus stays wherever the reader scrolls, so that keys go on from it.
    rangeExtractor: (range) => rangeWith(range, at()),
    initialRect: { width: 600, height: MOST_HEIGHT },
  });
  const shown = createMemo(() => rows.getVirtualItems().flatMap(({ index }) => lines()[index]?.path ?? []));
  const turn = (path: string) => {
    const next = new Set(turned());
    if (!next.delete(path)) next.add(path);
    setTurned(next);
  };
  const go = (index: number) => {
    const line = lines()[Math.max(0, Math.min(lines().length - 1, index))];
    if (!line) return;
    setActive(line.path);
    rows.scrollToIndex(at(), { align: 'auto' });
    queueMicrotask(() => box?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines()[at()];
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const parent = () => lines().findLastIndex((one, index) => index < at() && one.depth < line.depth);
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(at() + 1),
      ArrowUp: () => go(at() - 1),
      Home: () => go(0),
      End: () => go(lines().length - 1),
      ArrowRight: () => (line.open === false ? turn(line.path) : go(at() + 1)),
      ArrowLeft: () => (line.open === true ? turn(line.path) : go(parent())),
      Enter: () => line.open !== null && turn(line.path),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  const height = () => Math.min(MOST_HEIGHT, lines().length * ROW);

  return (
    <div class="relative rounded-control bg-log">
      <div ref={box} class="max-h-120 overflow-auto py-2 pr-10">
        <div
          role="tree"
          aria-label={props.label}
          onKeyDown={onKeyDown}
          class="relative w-max min-w-full font-mono text-table"
          style={{ height: `${Math.max(height(), rows.getTotalSize())}px` }}
        >
          <For each={shown()}>
            {(path) => (
              <Show when={lines()[places().get(path) ?? -1]}>
                {(line) => (
                  <Line
                    line={line()}
                    top={(places().get(path) ?? 0) * ROW}
                    isActive={lines()[at()]?.path === path}
                    choose={() => setActive(path)}
                    turn={() => turn(path)}
                  />
                )}
              </Show>
            )}
          </For>
        </div>
      </div>
      <CopyButton text={JSON.stringify(props.value, null, 2)} class="absolute top-1 right-1" />
      <Show when={whole()}>
        {(text) => (
          <div
            class="max-h-60 overflow-auto border-t border-hairline p-3 font-mono text-table"
            role="region"
            aria-label={t('json.whole')}
            tabindex="0"
          >
            <PlainText text={text()} />
          </div>
        )}
      </Show>
    </div>
  );
};

interface LineProps {
  readonly line: TreeLine;
  readonly top: number;
  readonly isActive: boolean;
  readonly choose: () => void;
  readonly turn: () => void;
}

const Line = (props: LineProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys.
  <div
    role="treeitem"
    aria-level={props.line.depth + 1}
    aria-posinset={props.line.place}
    aria-setsize={props.line.of}
    aria-expanded={props.line.open ?? undefined}
    aria-selected={props.isActive}
    tabindex={props.isActive ? 0 : -1}
    class={`absolute top-0 left-0 flex h-6 w-full items-center gap-1 pr-2 whitespace-pre -outline-offset-2 hover:bg-bg2 focus:bg-bg2 ${props.line.open === null ? '' : 'cursor-pointer'}`}
    style={{ transform: `translateY(${props.top}px)`, 'padding-left': `${8 + Math.min(props.line.depth, DEEPEST) * INDENT}px` }}
    onFocus={() => props.choose()}
    onClick={() => {
      props.choose();
      if (props.line.open !== null) props.turn();
    }}
  >
    <ChevronRight
      size={16}
      aria-hidden="true"
      class={`shrink-0 text-muted ${props.line.open === null ? 'invisible' : ''} ${props.line.open ? 'rotate-90' : ''}`}
    />
    <Show when={props.line.name !== null}>
      <span>
        <bdi>{props.line.name}</bdi>
        <span class="text-muted">:</span>
      </span>
    </Show>
    <bdi class={colourOf(props.line.kind)}>{props.line.kind === 'more' ? t('json.more', props.line.says) : props.line.says}</bdi>
  </div>
);
