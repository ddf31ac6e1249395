import { createVirtualizer, type Range } from '@tanstack/solid-virtual';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createMemo, createSignal, For, Match, onCleanup, Switch } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import type { RunView } from '../../../api/views.ts';
import { keepFocus } from '../../../components/keep-focus.ts';
import { attached, followAnchor, rangeWith } from '../../../components/virtual-rows.ts';
import { createEffect, onMount, whenChanged } from '../../../solid.ts';
import { useNow } from '../../../time/clock.ts';
import type { StepRow } from '../rows.ts';
import { t as shared } from '../words.ts';
import type { Span } from './axis.ts';
import type { Attempts } from './bars.ts';
import { criticalPath, readyTimes } from './critical-path.ts';
import type { Entry } from './entries.ts';
import { Legend } from './Legend.tsx';
import type { Line } from './line.ts';
import { TimelineHead } from './TimelineHead.tsx';
import { heightOf, TimelineRow } from './TimelineRow.tsx';
import { t } from './words.ts';

const NARROW = '(max-width: 767px)';
const HEAD = 28;
const PHASE_HEIGHT = 40;
const FOLD_HEIGHT = 28;
const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

interface TimelineProps {
  readonly run: Pick<RunView, 'status' | 'created_at' | 'started_at'>;
  /** All rows, of which the entries show some. */
  readonly rows: readonly StepRow[];
  readonly entries: readonly Entry[];
  readonly line: Line;
  readonly attempts: Attempts;
  readonly chosen: string | undefined;
  readonly hrefOf: (key: string) => string;
  readonly toggle: (fold: string) => void;
  readonly zoomTo: (span: Span) => void;
  /** The reader looks around, and the page stops going along with what happens. */
  readonly touched: () => void;
}

/** Steps in plan order on one time axis, of which only those on screen exist; it must be mounted once there are entries, as it measures its box on mounting. */
export const Timeline = (props: TimelineProps) => {
  let box: HTMLDivElement | undefined;
  const now = useNow();
  const isNarrow = createNarrow();
  const runs = () => !hasEnded(props.run.status);
  const critical = createMemo(() => criticalPath(props.rows));
  const readyAt = createMemo(() => readyTimes(props.rows, Date.parse(props.run.started_at ?? props.run.created_at)));
  const indexes = createMemo(() => new Map(props.entries.map(({ id }, at) => [id, at] as const)));
  const heights = createMemo(() => props.entries.map((entry) => sizeOf(entry, isNarrow())), [], { equals: same });

  const focus = keepFocus(
    () => box,
    () => shown(),
  );

  const lines = createVirtualizer({
    get count() {
      return props.entries.length;
    },
    getScrollElement: () => attached(box),
    estimateSize: (at) => heights()[at] ?? FOLD_HEIGHT,
    // Another function for other lines or heights: as many of them would else be taken for those that were measured.
    get getItemKey() {
      const { entries } = props;
      heights();
      return (at: number) => entries[at]?.id ?? at;
    },
    overscan: 10,
    // The times above the lines stay in the box.
    scrollPaddingEnd: HEAD,
    // The line with the focus stays, also while it is scrolled away.
    get rangeExtractor() {
      const kept = indexes().get(focus.focused() ?? '') ?? -1;
      return (range: Range) => rangeWith(range, kept);
    },
  });

  const anchor = followAnchor(() => box, lines, indexes);
  createEffect(() => {
    indexes();
    anchor.keep();
  });
  const reveal = (key: string | undefined) => {
    const at = key === undefined ? undefined : indexes().get(key);
    if (at !== undefined) lines.scrollToIndex(at, { align: 'auto' });
  };
  onMount(() => reveal(props.chosen));
  whenChanged(
    () => props.chosen,
    (key) => reveal(key),
    'later',
  );

  const places = createMemo(() => new Map(lines.getVirtualItems().map((item) => [String(item.key), item.start] as const)));
  const shown = createMemo(() => [...places().keys()]);
  const positions = createMemo(() => {
    const rows = props.entries.filter(({ kind }) => kind === 'row');
    return new Map(rows.map(({ id }, at) => [id, at + 1] as const));
  });

  return (
    <>
      <div
        ref={box}
        class="max-h-(--view) overflow-y-auto border-b border-hairline"
        onScroll={() => anchor.note()}
        onWheel={() => props.touched()}
        onPointerDown={() => props.touched()}
        onFocusIn={focus.onFocusIn}
        onFocusOut={focus.onFocusOut}
      >
        <TimelineHead line={props.line} zoomTo={props.zoomTo} />
        <ol class="relative" aria-label={shared('phase.main')} style={{ height: `${lines.getTotalSize()}px` }}>
          <For each={shown()}>
            {(id) => {
              const start = createMemo((known: number) => places().get(id) ?? known, 0);
              const entry = createMemo((known: Entry | undefined) => props.entries[indexes().get(id) ?? -1] ?? known, undefined);
              return (
                <li
                  data-id={id}
                  class="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${start()}px)`, height: `${heights()[indexes().get(id) ?? -1] ?? FOLD_HEIGHT}px` }}
                  aria-setsize={positions().size}
                  aria-posinset={positions().get(id)}
                >
                  <Switch>
                    <Match when={rowOf(entry())}>
                      {(row) => (
                        <TimelineRow
                          row={row()}
                          line={props.line}
                          now={now}
                          runs={runs()}
                          attempts={props.attempts}
                          readyAt={readyAt()(row())}
                          isChosen={props.chosen === id}
                          isCritical={critical().has(id)}
                          href={props.hrefOf(id)}
                        />
                      )}
                    </Match>
                    <Match when={foldOf(entry())}>{(fold) => <Fold fold={fold()} toggle={() => props.toggle(id)} />}</Match>
                    <Match when={phaseOf(entry())}>
                      {(phase) => (
                        <h2 class="border-b border-hairline px-2 pt-4 text-table font-semibold text-muted md:px-3">
                          {shared(`phase.${phase()}`)}
                        </h2>
                      )}
                    </Match>
                  </Switch>
                </li>
              );
            }}
          </For>
        </ol>
      </div>
      <Legend />
    </>
  );
};

const sizeOf = (entry: Entry, isNarrow: boolean): number => {
  if (entry.kind === 'row') return heightOf(entry.row, isNarrow);
  return entry.kind === 'fold' ? FOLD_HEIGHT : PHASE_HEIGHT;
};
const rowOf = (entry: Entry | undefined) => (entry?.kind === 'row' ? entry.row : null);
const foldOf = (entry: Entry | undefined) => (entry?.kind === 'fold' ? entry : null);
const phaseOf = (entry: Entry | undefined) => (entry?.kind === 'phase' ? entry.phase : null);

const Fold = (props: { fold: Extract<Entry, { kind: 'fold' }>; toggle: () => void }) => (
  <button
    type="button"
    class={`flex h-7 w-full items-center gap-2 px-2 text-left text-table text-muted -outline-offset-2 hover:bg-bg2 md:px-3 ${props.fold.isPart ? 'pl-8 md:pl-9' : ''}`}
    aria-expanded={props.fold.isOpen}
    onClick={() => props.toggle()}
  >
    <ChevronRight size={16} class={`shrink-0 ${props.fold.isOpen ? 'rotate-90' : ''}`} />
    {t('line.folded', props.fold.count)}
  </button>
);

/** Whether the page is so narrow that a row is two lines. */
const createNarrow = (): (() => boolean) => {
  const media = matchMedia(NARROW);
  const [isNarrow, setNarrow] = createSignal(media.matches);
  const listen = () => setNarrow(media.matches);
  media.addEventListener('change', listen);
  onCleanup(() => media.removeEventListener('change', listen));
  return isNarrow;
};
