import { A } from '@solidjs/router';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { onMount, whenChanged } from '../../../solid.ts';
import { zone } from '../../../time/clock.ts';
import { instantText } from '../../../time/instant.ts';
import type { GridCell, GridRun } from '../views.ts';
import { t } from '../words.ts';
import { beginsVersion, cellsOf, rowsOf, spansOf, type VersionSpan } from './rows.ts';

/** Rows drawn at first, and with each wish for more. */
const STEP = 60;
/** Pixels of a column. */
const COLUMN = 24;

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const runTitle = (run: GridRun): string =>
  [
    t('grid.run', run.number),
    run.trigger === 'test' ? t('grid.is_test') : t('grid.version', run.version),
    instantText(run.created_at, new Date(), zone()),
  ].join(', ');

const headOf = ({ version, isTest }: VersionSpan): string => {
  if (isTest) return t('grid.test');
  return version === null ? '' : t('job.version', version);
};

/** Steps by runs, oldest first: each cell is a status and leads to the step in that run; a line marks where another version begins. Arrow keys move between cells. */
export const Grid = (props: { job: string; runs: readonly GridRun[] }) => {
  let box: HTMLDivElement | undefined;
  const [shown, setShown] = createSignal(STEP);
  // By what they are, as runs come at either end and steps in between; null: the whole run, and the newest.
  const [place, setPlace] = createSignal<{ readonly step: string | null; readonly run: string | null }>({ step: null, run: null });
  const rows = createMemo(() => rowsOf(props.runs.toReversed()));
  const spans = createMemo(() => spansOf(props.runs));
  const cells = createMemo(() => new Map(props.runs.map((run) => [run.id, cellsOf(run)])));
  const drawn = createMemo(() => rows().slice(0, shown()));
  // Drawn by what they are: what is read anew changes in its place, and the focus stays.
  const runIds = createMemo(() => props.runs.map(({ id }) => id));
  const rowIds = createMemo(() => drawn().map(({ id }) => id));
  const runOf = createMemo(() => new Map(props.runs.map((run) => [run.id, run])));
  const nameOf = createMemo(() => new Map(drawn().map(({ id, name }) => [id, name])));
  // The whole run is the row above the steps.
  const active = createMemo((): readonly [number, number] => {
    const column = props.runs.findIndex(({ id }) => id === place().run);
    return [drawn().findIndex(({ id }) => id === place().step) + 1, column < 0 ? props.runs.length - 1 : column];
  });
  const moveTo = (row: number, column: number) => setPlace({ step: drawn()[row - 1]?.id ?? null, run: props.runs[column]?.id ?? null });
  const tab = (row: number, column: number): 0 | -1 => (active()[0] === row && active()[1] === column ? 0 : -1);
  const lineBefore = (at: number) => (beginsVersion(props.runs, at) ? 'border-l-2 border-l-text' : 'border-l border-l-transparent');

  // Who looks at the newest goes on doing so; who looks at earlier ones stays where they are, whatever comes or goes at either end.
  let seen: { readonly isEnd: boolean; readonly run: string | undefined; readonly left: number } = { isEnd: true, run: undefined, left: 0 };
  const leftOf = (column: number) => box?.querySelector(`[data-cell="0 ${column}"]`)?.getBoundingClientRect().left ?? 0;
  const note = () => {
    if (!box) return;
    const column = Math.floor(box.scrollLeft / COLUMN);
    seen = { isEnd: box.scrollLeft + box.clientWidth > box.scrollWidth - COLUMN, run: props.runs[column]?.id, left: leftOf(column) };
  };
  const settle = () => {
    if (!box) return;
    const column = props.runs.findIndex(({ id }) => id === seen.run);
    if (seen.isEnd) box.scrollLeft = box.scrollWidth;
    else if (column >= 0) box.scrollLeft += leftOf(column) - seen.left;
    note();
  };
  onMount(settle);
  whenChanged(() => `${props.runs[0]?.id} ${props.runs.at(-1)?.id}`, settle, 'later');

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = active();
    const move = MOVES[event.key];
    const last = props.runs.length - 1;
    const to: readonly [number, number] | undefined = move
      ? [row + move[0], column + move[1]]
      : event.key === 'Home'
        ? [row, 0]
        : event.key === 'End'
          ? [row, last]
          : undefined;
    if (!to) return;
    event.preventDefault();
    moveTo(Math.max(0, Math.min(drawn().length, to[0])), Math.max(0, Math.min(last, to[1])));
    box?.querySelector<HTMLElement>('[data-cell][tabindex="0"]')?.focus();
  };

  return (
    <>
      <div ref={box} onScroll={note} class="-mx-4 max-h-[70vh] overflow-auto md:-mx-6">
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys move between its cells.
          role="grid"
          class="border-separate border-spacing-0 text-table"
          aria-label={t('grid.caption', props.job)}
          aria-rowcount={rows().length + 2}
          aria-colcount={props.runs.length + 1}
          onKeyDown={onKeyDown}
          onFocusIn={(event) => {
            const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]')?.dataset.cell?.split(' ').map(Number);
            if (cell) moveTo(cell[0] ?? 0, cell[1] ?? 0);
          }}
        >
          <thead class="sticky top-0 z-20 bg-bg1">
            <tr>
              <Head>
                <span class="text-meta font-normal text-muted">{t('grid.step')}</span>
              </Head>
              <For each={spans()}>
                {(span, at) => (
                  <th
                    colspan={span.runs}
                    class={`h-6 max-w-6 bg-bg1 px-0.5 text-left text-meta font-normal whitespace-nowrap text-muted ${at() > 0 ? 'border-l-2 border-l-text' : 'border-l border-l-transparent'}`}
                    title={span.isTest ? t('grid.is_test') : t('grid.version', span.version)}
                  >
                    <span class="block truncate">{headOf(span)}</span>
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <tr aria-rowindex={2}>
              <Head>{t('grid.whole')}</Head>
              <For each={runIds()}>
                {(id, at) => (
                  <Cell line={lineBefore(at())} class="border-b border-b-hairline bg-bg1">
                    <Show when={runOf().get(id)}>{(run) => <Whole run={run()} at={`0 ${at()}`} tab={tab(0, at())} />}</Show>
                  </Cell>
                )}
              </For>
            </tr>
            <For each={rowIds()}>
              {(row, index) => (
                <tr aria-rowindex={index() + 3} class="group">
                  <Head title={nameOf().get(row) ?? row}>{row}</Head>
                  <For each={runIds()}>
                    {(id, at) => (
                      <Cell line={lineBefore(at())} class="group-hover:bg-bg1">
                        <Show when={runOf().get(id)}>
                          {(run) => (
                            <Step
                              run={run()}
                              id={row}
                              cell={cells().get(id)?.get(row)}
                              at={`${index() + 1} ${at()}`}
                              tab={tab(index() + 1, at())}
                            />
                          )}
                        </Show>
                      </Cell>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={rows().length > shown()}>
        <button type="button" class="button mt-3" onClick={() => setShown((count) => count + STEP)}>
          {t('grid.more_steps', rows().length - shown())}
        </button>
      </Show>
    </>
  );
};

const Head = (props: { children: JSX.Element; title?: string }) => (
  <th
    scope="row"
    title={props.title}
    class="sticky left-0 z-10 h-6 max-w-64 min-w-40 truncate border-r max-md:max-w-36 max-md:min-w-28 border-r-hairline bg-bg0 pr-3 pl-4 text-left font-normal md:pl-6"
  >
    {props.children}
  </th>
);

const Cell = (props: { line: string; class: string; children: JSX.Element }) => (
  <td class={`h-6 w-6 p-0 ${props.line} ${props.class}`}>{props.children}</td>
);

const says = (run: GridRun, id: string, cell: GridCell | undefined): string =>
  t(
    'grid.cell',
    id,
    run.number,
    cell ? STATUS_LOOK[cell.status].word : t('grid.not_reached'),
    cell?.duration_ms ? formatDuration(cell.duration_ms) : '',
  );

const Whole = (props: { run: GridRun; at: string; tab: 0 | -1 }) => (
  <A
    href={`/runs/${props.run.id}`}
    data-cell={props.at}
    tabindex={props.tab}
    title={runTitle(props.run)}
    aria-label={`${runTitle(props.run)}: ${STATUS_LOOK[props.run.status].word}`}
    class="flex size-6 items-center justify-center -outline-offset-2 hover:bg-bg2"
  >
    <StatusIcon status={props.run.status} waitingFor={props.run.waiting_for} />
  </A>
);

const Step = (props: { run: GridRun; id: string; cell: GridCell | undefined; at: string; tab: 0 | -1 }) => (
  <A
    href={`/runs/${props.run.id}?step=${encodeURIComponent(props.id)}`}
    data-cell={props.at}
    tabindex={props.tab}
    title={says(props.run, props.id, props.cell)}
    aria-label={says(props.run, props.id, props.cell)}
    class="flex size-6 items-center justify-center -outline-offset-2 hover:bg-bg2"
  >
    <Show when={props.cell} fallback={<span class="size-1 rounded-control bg-hairline" />}>
      {(cell) => <StatusIcon status={cell().status} waitingFor={cell().waiting_for} />}
    </Show>
  </A>
);
