import { createVirtualizer, type Range } from '@tanstack/solid-virtual';
import { createMemo, For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { keepFocus } from '../../../components/keep-focus.ts';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { attached, rangeWith } from '../../../components/virtual-rows.ts';
import { whenChanged } from '../../../solid.ts';
import { type Cell, type Column, countsWords, type HostRow, totalOf } from './matrix.ts';
import { t } from './words.ts';

const ROW = 28;
const HEAD = 128;
const TOTALS = 28;
/** As `--name` of the box. */
const NAME = 200;
/** Steps whose names fit beside each other are written across. */
const FEW = 8;
const WIDE = 112;
const NARROW = 28;

interface HostGridProps {
  readonly columns: readonly Column[];
  readonly hosts: readonly HostRow[];
  readonly chosen: string | undefined;
  readonly choose: (key: string) => void;
  readonly open: (key: string) => void;
  readonly touched: () => void;
}

/** Hosts × steps as cells of one icon each, of which only those on screen exist; the cell with the focus stays. It must be mounted once there are hosts. */
export const HostGrid = (props: HostGridProps) => {
  let box: HTMLDivElement | undefined;
  const isWide = () => props.columns.length <= FEW;
  const width = () => (isWide() ? WIDE : NARROW);
  const headHeight = () => (isWide() ? ROW : HEAD);
  const focus = keepFocus(
    () => box,
    () => [shownRows(), shownColumns()],
  );
  const focusedAt = createMemo(() => placeOf(focus.focused()));
  const chosenAt = createMemo(() => {
    const row = props.hosts.findIndex(({ cells }) => cells.some((cell) => cell?.row && cell.row.key === props.chosen));
    const column = props.hosts[row]?.cells.findIndex((cell) => cell?.row && cell.row.key === props.chosen) ?? -1;
    return row < 0 ? { row: 0, column: 0 } : { row, column };
  });

  const rows = createVirtualizer({
    get count() {
      return props.hosts.length;
    },
    getScrollElement: () => attached(box),
    estimateSize: () => ROW,
    overscan: 4,
    get scrollPaddingEnd() {
      return headHeight() + TOTALS;
    },
    get rangeExtractor() {
      const kept = focusedAt()?.row ?? -1;
      return (range: Range) => rangeWith(range, kept);
    },
  });
  const columns = createVirtualizer({
    horizontal: true,
    get count() {
      return props.columns.length;
    },
    getScrollElement: () => attached(box),
    estimateSize: () => width(),
    overscan: 2,
    scrollPaddingEnd: NAME,
    get rangeExtractor() {
      const kept = focusedAt()?.column ?? -1;
      return (range: Range) => rangeWith(range, kept);
    },
  });
  whenChanged(width, () => columns.measure(), 'later');
  const shownRows = createMemo(() => rows.getVirtualItems().map(({ index }) => index));
  const shownColumns = createMemo(() => columns.getVirtualItems().map(({ index }) => index));

  const move = (row: number, column: number) => {
    const at = {
      row: Math.max(0, Math.min(props.hosts.length - 1, row)),
      column: Math.max(0, Math.min(props.columns.length - 1, column)),
    };
    rows.scrollToIndex(at.row, { align: 'auto' });
    columns.scrollToIndex(at.column, { align: 'auto' });
    queueMicrotask(() =>
      requestAnimationFrame(() => box?.querySelector<HTMLElement>(`[data-id="${at.row} ${at.column}"]`)?.focus({ preventScroll: true })),
    );
    choose(keyAt(at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = placeOf((event.target as HTMLElement).dataset.id ?? null);
    if (!at || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(((box?.clientHeight ?? 0) - headHeight() - TOTALS) / ROW) - 1);
    const [lastRow, lastColumn] = [props.hosts.length - 1, props.columns.length - 1];
    const moves: { readonly [key: string]: () => void } = {
      ArrowDown: () => move(at.row + 1, at.column),
      ArrowUp: () => move(at.row - 1, at.column),
      ArrowRight: () => move(at.row, at.column + 1),
      ArrowLeft: () => move(at.row, at.column - 1),
      PageDown: () => move(at.row + page, at.column),
      PageUp: () => move(at.row - page, at.column),
      Home: () => move(event.ctrlKey ? 0 : at.row, 0),
      End: () => move(event.ctrlKey ? lastRow : at.row, lastColumn),
      Enter: () => open(keyAt(at)),
      ' ': () => choose(keyAt(at)),
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const choose = (key: string | null | undefined) => typeof key === 'string' && props.choose(key);
  const open = (key: string | null | undefined) => typeof key === 'string' && props.open(key);
  const keyAt = (place: Place | null) => place && props.hosts[place.row]?.cells[place.column]?.row?.key;

  return (
    <div
      ref={box}
      role="grid"
      aria-label={t('hosts.caption')}
      aria-description={t('hosts.hint')}
      aria-rowcount={props.hosts.length + 2}
      aria-colcount={props.columns.length + 1}
      class="max-h-(--view) overflow-auto border-b border-hairline [--name:200px]"
      style={{ '--cells': `${columns.getTotalSize()}px` }}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        choose(keyAt(placeOf(idOf(event))));
      }}
      onDblClick={(event) => {
        open(keyAt(placeOf(idOf(event))));
      }}
      onFocusIn={focus.onFocusIn}
      onFocusOut={focus.onFocusOut}
      onWheel={() => props.touched()}
      onPointerDown={() => props.touched()}
    >
      <div class="w-[calc(var(--name)+var(--cells))] min-w-full">
        <div role="rowgroup" class="sticky top-0 z-20 border-b border-hairline bg-bg1 text-meta text-muted">
          <div role="row" aria-rowindex={1} class="relative" style={{ height: `${headHeight()}px` }}>
            <span role="columnheader" aria-colindex={1} class="sticky left-0 z-10 flex h-full w-(--name) items-end bg-bg1 px-3 pb-1.5">
              {t('hosts.host')}
            </span>
            <For each={shownColumns()}>
              {(at) => (
                <span
                  role="columnheader"
                  aria-colindex={at + 2}
                  class={`absolute bottom-0 truncate ${isWide() ? 'px-1.5 pb-1.5 leading-4' : 'max-h-full rotate-180 px-1.5 py-1.5 leading-4 [writing-mode:vertical-rl]'}`}
                  style={{ left: `${NAME + at * width()}px`, width: `${width()}px` }}
                  title={props.columns[at]?.name}
                >
                  {props.columns[at]?.name}
                </span>
              )}
            </For>
          </div>
          <div role="row" aria-rowindex={2} class="relative h-7">
            <span role="rowheader" aria-colindex={1} class="sticky left-0 z-10 flex h-full w-(--name) items-center bg-bg1 px-3">
              {t('hosts.totals')}
            </span>
            <For each={shownColumns()}>
              {(at) => (
                <span
                  role="gridcell"
                  aria-colindex={at + 2}
                  class="absolute top-0 flex h-full items-center px-1.5"
                  style={{ left: `${NAME + at * width()}px`, width: `${width()}px` }}
                  title={countsWords(props.columns[at]?.counts ?? {})}
                >
                  <Total counts={props.columns[at]?.counts ?? {}} isWide={isWide()} />
                </span>
              )}
            </For>
          </div>
        </div>
        <div role="rowgroup" class="relative" style={{ height: `${rows.getTotalSize()}px` }}>
          <For each={shownRows()}>
            {(row) => (
              <div
                role="row"
                aria-rowindex={row + 3}
                class="absolute top-0 left-0 h-7 w-full hover:bg-bg1"
                style={{ transform: `translateY(${row * ROW}px)` }}
              >
                <span
                  role="rowheader"
                  aria-colindex={1}
                  class="sticky left-0 z-10 flex h-full w-(--name) items-center gap-2 bg-bg0 px-3 text-table"
                >
                  <bdi class="min-w-0 flex-1 truncate" title={props.hosts[row]?.host}>
                    {props.hosts[row]?.host}
                  </bdi>
                  <span class="text-meta text-muted">{t('hosts.done', props.hosts[row]?.ended ?? 0, props.hosts[row]?.all ?? 0)}</span>
                </span>
                <For each={shownColumns()}>
                  {(column) => (
                    <CellView
                      cell={props.hosts[row]?.cells[column] ?? null}
                      place={{ row, column }}
                      name={props.columns[column]?.name ?? ''}
                      host={props.hosts[row]?.host ?? ''}
                      left={NAME + column * width()}
                      isChosen={props.chosen !== undefined && props.hosts[row]?.cells[column]?.row?.key === props.chosen}
                      isStop={(focusedAt() ?? chosenAt()).row === row && (focusedAt() ?? chosenAt()).column === column}
                    />
                  )}
                </For>
              </div>
            )}
          </For>
        </div>
      </div>
    </div>
  );
};

interface Place {
  readonly row: number;
  readonly column: number;
}

const idOf = ({ target }: Event): string | null =>
  (target as Element).closest<HTMLElement>('[role="gridcell"][data-id]')?.dataset.id ?? null;

const placeOf = (id: string | null): Place | null => {
  const [row, column] = id?.split(' ').map(Number) ?? [];
  return row === undefined || column === undefined ? null : { row, column };
};

const Total = (props: { counts: Column['counts']; isWide: boolean }) => (
  <Show when={totalOf(props.counts)}>
    {(total) => (
      <span class={`tone-${total().status} flex items-center gap-1 whitespace-nowrap text-(--tone)`}>
        <Show when={props.isWide}>
          <StatusIcon status={total().status} />
        </Show>
        {props.isWide ? total().count.toLocaleString() : short(total().count)}
        <span class="sr-only">{countsWords(props.counts)}</span>
      </span>
    )}
  </Show>
);

/** A count in the room of a cell. */
const short = (count: number): string => (count < 1000 ? String(count) : `${Math.floor(count / 1000)}k`);

interface CellViewProps {
  readonly cell: Cell | null;
  readonly place: Place;
  readonly name: string;
  readonly host: string;
  readonly left: number;
  readonly isChosen: boolean;
  /** Where Tab stops. */
  readonly isStop: boolean;
}

const CellView = (props: CellViewProps) => {
  const says = createMemo(() => {
    const { cell, name, host } = props;
    if (!cell) return t('hosts.absent', name, host);
    const step = cell.row?.step;
    return [
      t('hosts.cell', name, host, STATUS_LOOK[cell.status].word),
      ...(step?.duration_ms ? [formatDuration(step.duration_ms)] : []),
      ...(step && step.attempt > 1 ? [t('hosts.attempt', step.attempt)] : []),
      ...(cell.count > 1 ? [t('hosts.of_several', cell.count)] : []),
      ...(step?.kept_from ? [t('hosts.carried')] : []),
    ].join(', ');
  });
  return (
    <div
      role="gridcell"
      data-id={`${props.place.row} ${props.place.column}`}
      aria-colindex={props.place.column + 2}
      aria-selected={props.isChosen}
      aria-label={says()}
      title={says()}
      tabindex={props.isStop ? 0 : -1}
      class={`absolute top-0.5 flex size-6 items-center justify-center rounded-control outline-offset-[-2px] hover:bg-bg2 ${
        props.isChosen ? 'bg-selected ring-1 ring-accent' : ''
      } ${props.cell?.row?.step?.kept_from ? 'border border-dashed border-control' : ''}`}
      style={{ left: `${props.left + 2}px` }}
    >
      <Show when={props.cell} fallback={<span class="text-muted">·</span>}>
        {(cell) => (
          <span aria-hidden="true" class="flex">
            <StatusIcon status={cell().status} waitingFor={cell().row?.step?.waiting_for ?? null} />
          </span>
        )}
      </Show>
    </div>
  );
};
