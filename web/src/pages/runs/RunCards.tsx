import { createVirtualizer, type Range } from '@tanstack/solid-virtual';
import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { Elapsed } from '../../components/Elapsed.tsx';
import { keepOffset, keptOffset } from '../../components/kept-offset.ts';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { attached, followAnchor, rangeWith } from '../../components/virtual-rows.ts';
import { createEffect, following, onMount, whenChanged } from '../../solid.ts';
import type { RunsChoice } from './chosen-runs.ts';
import { ChooseBox, Line, RetryButton, RunName, whyOf } from './RunParts.tsx';
import type { ShownRuns } from './RunsTable.tsx';
import type { ListedRun } from './views.ts';
import { t } from './words.ts';

const WIDTH = 320;
const GAP = 12;
const HEIGHT = 148;
const NEAR = 4;

interface RunCardsProps extends ShownRuns {
  readonly onSeen: (first: string, last: string) => void;
}

/** The runs as cards, as many side by side as fit; it must be mounted once there are runs. */
export const RunCards = (props: RunCardsProps) => {
  let box: HTMLDivElement | undefined;
  let list: HTMLUListElement | undefined;
  const sideBySide = () => Math.max(1, Math.floor(((list?.clientWidth ?? 0) + GAP) / (WIDTH + GAP)));
  const [across, setAcross] = createSignal(1);
  const indexes = createMemo(() => new Map(props.runs.map((run, at) => [run.id, at] as const)));
  const lineOf = (id: string | null) => (id === null || !indexes().has(id) ? -1 : Math.floor((indexes().get(id) ?? 0) / across()));
  const ids = (line: number) => props.runs.slice(line * across(), (line + 1) * across()).map(({ id }) => id);
  const rows = createVirtualizer({
    get count() {
      return Math.ceil(props.runs.length / across());
    },
    getScrollElement: () => attached(box),
    estimateSize: () => HEIGHT + GAP,
    // Another function for other cards: as many of them would else be taken for those that were measured.
    get getItemKey() {
      const [all, side] = [props.runs, across()];
      return (at: number) => all[at * side]?.id ?? at;
    },
    overscan: NEAR,
    initialOffset: () => keptOffset(props.place) ?? 0,
    // The card with the focus stays, also while it is scrolled away.
    get rangeExtractor() {
      const kept = lineOf(props.active);
      return (range: Range) => rangeWith(range, kept);
    },
  });
  const anchor = followAnchor(
    () => box,
    rows,
    createMemo(() => new Map(props.runs.map((run, at) => [run.id, Math.floor(at / across())] as const))),
  );
  createEffect(() => {
    indexes();
    across();
    anchor.keep();
  });
  // Until it stands where it begins, no end of what is here was come near to.
  const [placed, setPlaced] = createSignal(false);
  createEffect(() => {
    const seen = rows.getVirtualItems().filter(({ index }) => index !== lineOf(props.active) || rows.options.count === 1);
    if (!placed() || seen.length === 0) return;
    props.onSeen(ids(seen[0]?.index ?? 0)[0] ?? '', ids(seen.at(-1)?.index ?? 0).at(-1) ?? '');
    if ((seen.at(-1)?.index ?? 0) >= rows.options.count - NEAR) props.nearEnd();
    // Cards that have just come before the first one are not yet what the reader is near to.
    const isNear = (box?.scrollTop ?? 0) < 2 * NEAR * (HEIGHT + GAP);
    if (isNear && (seen[0]?.index ?? 0) < NEAR) props.nearStart();
  });
  onMount(() => {
    setAcross(sideBySide());
    const observer = new ResizeObserver(() => setAcross(sideBySide()));
    if (box) observer.observe(box);
    onCleanup(() => observer.disconnect());
    box?.scrollTo({ top: keptOffset(props.place) ?? (props.from === 'end' ? box.scrollHeight : 0) });
    anchor.note();
    setPlaced(true);
    props.steer({ move, to: (end) => moveTo(end === 'start' ? 0 : props.runs.length - 1), focus: () => move(0) });
  });

  const drawn = createMemo(() => rows.getVirtualItems().flatMap(({ index }) => ids(index)));
  const starts = createMemo(() => new Map(rows.getVirtualItems().map(({ index, start }) => [index, start] as const)));
  // A card that is moved to gets the focus once it is drawn, which it may not be while this reacts.
  let owed = false;
  const giveFocus = () => {
    const link = owed && props.active !== null && box?.querySelector<HTMLElement>(`[data-card="${CSS.escape(props.active)}"] a`);
    if (!link) return;
    owed = false;
    link.focus({ preventScroll: true });
  };
  whenChanged(
    () => [drawn(), props.active],
    () => queueMicrotask(giveFocus),
  );
  const moveTo = (at: number) => {
    const run = props.runs[Math.max(0, Math.min(props.runs.length - 1, at))];
    if (!run) return;
    owed = true;
    rows.scrollToIndex(lineOf(run.id), { align: 'auto' });
    props.onActive(run.id);
  };
  const move = (by: number) => {
    const at = props.active === null ? undefined : indexes().get(props.active);
    moveTo(at === undefined ? (rows.getVirtualItemForOffset(box?.scrollTop ?? 0)?.index ?? 0) * across() : at + by);
  };
  return (
    <div
      ref={box}
      class="min-h-0 flex-1 overflow-auto px-4 pt-3 md:px-6"
      onScroll={(event) => {
        keepOffset(props.place, event.currentTarget.scrollTop);
        anchor.note();
      }}
      onFocusIn={(event) => {
        const id = (event.target as HTMLElement).closest<HTMLElement>('[data-card]')?.dataset.card;
        if (id !== undefined && id !== props.active) props.onActive(id);
      }}
    >
      <ul ref={list} class="relative" aria-label={t('runs.caption')} style={{ height: `${rows.getTotalSize()}px` }}>
        <For each={drawn()}>
          {(id) => {
            const at = () => indexes().get(id) ?? 0;
            const top = createMemo((known: number) => starts().get(lineOf(id)) ?? known, 0);
            // A run that changes changes what of it is shown, and nothing that has the focus is made anew.
            const run = following(() => props.runs[at()] ?? ({} as ListedRun));
            return (
              <li
                data-card={id}
                class={`absolute top-0 h-37 ${across() === 1 ? 'w-full' : 'w-80'}`}
                style={{ transform: `translate(${(at() % across()) * (WIDTH + GAP)}px, ${top()}px)` }}
              >
                <Card run={run} choice={props.choice} />
              </li>
            );
          }}
        </For>
      </ul>
      <p class="pb-2 text-meta text-muted">{props.foot}</p>
    </div>
  );
};

const Card = (props: { run: ListedRun; choice: RunsChoice }) => (
  <article
    class={`relative flex h-full flex-col gap-1 rounded-layer border p-3 text-table hover:bg-bg1 ${
      props.choice.isChosen(props.run.id) ? 'border-accent bg-selected' : 'border-hairline'
    }`}
  >
    <div class="flex items-center gap-2">
      <ChooseBox
        run={props.run}
        checked={props.choice.isChosen(props.run.id)}
        barred={props.choice.isAll()}
        toggle={(range) => props.choice.toggle(props.run.id, range)}
      />
      <StatusBadge status={props.run.status} waitingFor={props.run.waiting_for} brief={props.run.status === 'lost'} />
      <RetryButton run={props.run} />
      <span class="ml-auto shrink-0 text-muted">#{props.run.number}</span>
    </div>
    <div class="flex min-w-0 items-baseline gap-2 text-body">
      <RunName run={props.run} />
    </div>
    <p class="truncate text-muted">
      <Line text={[props.run.client, props.run.ref_num, props.run.target].filter(Boolean).join(' · ')} />
    </p>
    <p class="flex justify-between gap-2 text-muted">
      <Timestamp at={props.run.started_at} zone={props.run.timezone} absent={t('runs.not_started')} />
      <Elapsed from={props.run.started_at} to={props.run.ended_at} ms={props.run.execution_time_ms} />
    </p>
    <div class="mt-auto flex items-center gap-2">
      <Show
        when={whyOf(props.run)}
        fallback={
          <>
            <ProgressBar
              label={t('runs.steps_done', props.run.completed_steps, props.run.total_steps)}
              done={props.run.completed_steps}
              of={props.run.total_steps}
              class={`tone-${props.run.status} min-w-0 flex-1 text-(--tone)`}
            />
            <span class="text-meta text-muted">
              {props.run.completed_steps}/{props.run.total_steps}
            </span>
          </>
        }
      >
        {(why) => (
          <span class={`tone-${props.run.status} min-w-0 truncate text-(--tone)`}>
            <Line text={why()} />
          </span>
        )}
      </Show>
    </div>
  </article>
);
