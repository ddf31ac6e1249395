import { A } from '@solidjs/router';
import { createMemo, For, Index, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import type { RunView } from '../../../api/views.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { useNow } from '../../../time/clock.ts';
import { t } from '../../../words.ts';
import { type Entry, MORE_PARTS, type Stretch } from '../parts.ts';
import type { StepRow } from '../rows.ts';
import { axis } from './axis.ts';
import { type Bar, barsOf, domainOf } from './bars.ts';
import { Note, noteOf } from './Note.tsx';

const GRID = 'grid grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[minmax(120px,200px)_minmax(0,1fr)_68px] items-center gap-x-3';
const tickText = (ms: number): string => {
  if (ms === 0 || (ms >= 1000 && ms < 60_000)) return `${ms / 1000} s`;
  return formatDuration(ms);
};
const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;

interface TimelineProps {
  readonly run: RunView;
  readonly stretches: readonly Stretch[];
  readonly chosen: string | undefined;
  readonly hrefOf: (key: string) => string;
  /** Shows more parts of a step. */
  readonly more: (entry: Extract<Entry, { kind: 'more' }>) => void;
}

/** Steps in plan order on one time axis, attempts as segments; the whole row chooses its step. */
export const Timeline = (props: TimelineProps) => {
  const now = useNow();
  const rows = createMemo(() =>
    props.stretches.flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'row' ? [entry.row] : []))),
  );
  const bars = createMemo(() => new Map(rows().map((row) => [row.key, row.step ? barsOf(row.step, now()) : []])));
  const all = () => [...bars().values()].flat();
  const domain = createMemo(() => domainOf(props.run, now(), all()));
  const line = createMemo(() =>
    axis(
      domain(),
      all().filter((bar) => bar.kind !== 'pause'),
    ),
  );
  return (
    <div>
      <div class={`${GRID} h-7 px-1 border-b border-hairline text-meta text-muted max-md:hidden`} aria-hidden="true">
        <span />
        <span class="relative h-full">
          <For each={line().ticks}>
            {(tick) => (
              <span class="absolute top-1 border-l border-hairline pl-1 whitespace-nowrap" style={{ left: percent(tick.place) }}>
                <Show when={tick.place < 0.9}>{tickText(tick.at - domain().from)}</Show>
              </span>
            )}
          </For>
        </span>
        <span />
      </div>
      <Index each={props.stretches}>
        {(stretch) => (
          <>
            <Show when={stretch().phase !== 'main'}>
              <h2 class="mt-4 border-b border-hairline px-1 pb-1 text-table font-semibold text-muted">{t(`phase.${stretch().phase}`)}</h2>
            </Show>
            <ol aria-label={t(`phase.${stretch().phase}`)}>
              <Index each={stretch().entries}>
                {(entry) => (
                  <li class="[contain-intrinsic-size:auto_28px] [content-visibility:auto]">
                    <Show when={rowOf(entry())} fallback={<More entry={entry()} more={props.more} />}>
                      {(row) => (
                        <Row
                          row={row()}
                          isChosen={props.chosen === row().key}
                          href={props.hrefOf(row().key)}
                          bars={bars().get(row().key) ?? []}
                          line={line()}
                        />
                      )}
                    </Show>
                  </li>
                )}
              </Index>
            </ol>
          </>
        )}
      </Index>
    </div>
  );
};

const rowOf = (entry: Entry): StepRow | null => (entry.kind === 'row' ? entry.row : null);

const More = (props: { entry: Entry; more: TimelineProps['more'] }) => {
  const left = () => (props.entry.kind === 'more' ? props.entry : null);
  return (
    <Show when={left()}>
      {(entry) => (
        <p class="flex min-h-7 flex-wrap items-center gap-x-3 py-0.5 pl-7 text-table">
          <button type="button" class="link min-h-6" onClick={() => props.more(entry())}>
            {t('parts.more', Math.min(MORE_PARTS, entry().hidden))}
          </button>
          <span class="text-muted">{t('parts.hidden', entry().hidden)}</span>
        </p>
      )}
    </Show>
  );
};

// Where nothing is drawn, the words stand in its place.
const IN_TRACK = 'max-md:order-3 max-md:col-span-2 max-md:pl-6';
const BELOW = 'max-md:order-4 max-md:col-span-2 max-md:pl-6 md:col-start-2 md:col-end-4';

type Line = ReturnType<typeof axis>;

const Row = (props: { row: StepRow; isChosen: boolean; href: string; bars: readonly Bar[]; line: Line }) => (
  <A
    href={props.href}
    noScroll
    replace
    aria-current={props.isChosen ? 'true' : undefined}
    activeClass=""
    inactiveClass=""
    class={`${GRID} min-h-7 px-1 py-0.5 -outline-offset-2 hover:bg-bg1 ${props.isChosen ? 'bg-selected' : ''}`}
  >
    <span class={`flex min-w-0 items-center gap-2 ${props.row.isPart ? 'pl-6' : ''}`}>
      <StatusIcon
        status={props.row.status}
        waitingFor={props.row.step?.waiting_for ?? null}
        attempt={props.row.step?.attempt}
        attemptsAllowed={props.row.step?.attempts_allowed ?? undefined}
      />
      <span class={`truncate ${props.isChosen ? 'font-semibold' : ''}`} title={`${props.row.name} · ${props.row.type}`}>
        {props.row.name}
      </span>
    </span>
    <Show when={props.bars.length > 0 || noteOf(props.row) === null} fallback={<Note row={props.row} class={IN_TRACK} />}>
      <Track bars={props.bars} place={props.line.place} gaps={props.line.gaps} />
    </Show>
    <span class="text-right text-table text-muted max-md:order-2">
      <Show when={props.row.step}>{(step) => <Elapsed from={step().started_at} to={step().ended_at} ms={step().duration_ms} />}</Show>
    </span>
    <Show when={props.bars.length > 0}>
      <Note row={props.row} class={BELOW} />
    </Show>
  </A>
);

const says = (bar: Bar): string => {
  const long = formatDuration(bar.to - bar.from);
  if (bar.kind === 'wait') return t('steps.waited', long);
  return bar.kind === 'attempt' ? `${t('steps.attempt', bar.attempt)}: ${bar.status}, ${long}` : t('steps.pause_between', long);
};

const Track = (props: {
  bars: readonly Bar[];
  place: (at: number) => number;
  gaps: readonly { place: number; width: number; from: number; to: number }[];
}) => (
  <span class="relative block h-4 max-md:order-3 max-md:col-span-2">
    <For each={props.gaps}>
      {(gap) => (
        <span
          class="absolute inset-y-0 border-x border-dashed border-control"
          style={{ left: percent(gap.place), width: percent(gap.width) }}
          title={t('steps.gap', formatDuration(gap.to - gap.from))}
        />
      )}
    </For>
    <For each={props.bars}>
      {(bar) => (
        <span
          class={`tone-${bar.status} absolute top-0.5 h-3 min-w-1 overflow-hidden ${bar.kind === 'attempt' ? `rounded-[2px] ${bar.progress === null ? 'bg-(--tone)' : 'border border-(--tone)'}` : 'hatched'}`}
          style={{ left: percent(props.place(bar.from)), width: percent(props.place(bar.to) - props.place(bar.from)) }}
          title={says(bar)}
        >
          <Show when={bar.progress}>
            {(progress) => <span class="absolute inset-y-0 left-0 bg-(--tone)" style={{ width: percent(progress()) }} />}
          </Show>
        </span>
      )}
    </For>
  </span>
);
