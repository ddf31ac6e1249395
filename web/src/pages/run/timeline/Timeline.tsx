import { A } from '@solidjs/router';
import { createMemo, For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import type { RunView } from '../../../api/views.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { useNow } from '../../../time/clock.ts';
import { t } from '../../../words.ts';
import type { StepRow } from '../rows.ts';
import { axis } from './axis.ts';
import { type Bar, barsOf, domainOf } from './bars.ts';

const GRID = 'grid grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[minmax(120px,200px)_minmax(0,1fr)_68px] items-center gap-x-3';
const tickText = (ms: number): string => {
  if (ms === 0 || (ms >= 1000 && ms < 60_000)) return `${ms / 1000} s`;
  return formatDuration(ms);
};
const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;

interface TimelineProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly chosen: string | undefined;
  readonly hrefOf: (key: string) => string;
}

/** Steps in plan order on one time axis, attempts as segments; the whole row chooses its step. */
export const Timeline = (props: TimelineProps) => {
  const now = useNow();
  const bars = createMemo(() => new Map(props.rows.map((row) => [row.key, row.step ? barsOf(row.step, now()) : []])));
  const line = createMemo(() =>
    axis(
      domainOf(props.run, now()),
      [...bars().values()].flat().filter((bar) => bar.kind === 'attempt'),
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
                <Show when={tick.place < 0.9}>{tickText(tick.at - domainOf(props.run, now()).from)}</Show>
              </span>
            )}
          </For>
        </span>
        <span />
      </div>
      <ol aria-label={t('steps.caption')}>
        <For each={props.rows}>
          {(row) => (
            <li class="[contain-intrinsic-size:auto_28px] [content-visibility:auto]">
              <A
                href={props.hrefOf(row.key)}
                noScroll
                replace
                aria-current={props.chosen === row.key ? 'true' : undefined}
                activeClass=""
                inactiveClass=""
                class={`${GRID} min-h-7 px-1 py-0.5 -outline-offset-2 hover:bg-bg1 ${props.chosen === row.key ? 'bg-selected' : ''}`}
              >
                <span class={`flex min-w-0 items-center gap-2 ${row.isPart ? 'pl-6' : ''}`}>
                  <StatusIcon
                    status={row.status}
                    waitingFor={row.step?.waiting_for ?? null}
                    attempt={row.step?.attempt}
                    attemptsAllowed={row.step?.attempts_allowed ?? undefined}
                  />
                  <span class={`truncate ${props.chosen === row.key ? 'font-semibold' : ''}`} title={`${row.name} · ${row.type}`}>
                    {row.name}
                  </span>
                </span>
                <Track bars={bars().get(row.key) ?? []} place={line().place} gaps={line().gaps} />
                <span class="text-right text-table text-muted max-md:order-2">
                  <Show when={row.step}>{(step) => <Elapsed from={step().started_at} to={step().ended_at} ms={step().duration_ms} />}</Show>
                </span>
              </A>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
};

const says = (bar: Bar): string =>
  bar.kind === 'attempt'
    ? `${t('steps.attempt', bar.attempt)}: ${bar.status}, ${formatDuration(bar.to - bar.from)}`
    : t('steps.pause_between', formatDuration(bar.to - bar.from));

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
