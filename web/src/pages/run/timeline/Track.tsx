import { For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { t } from '../words.ts';
import type { Bar } from './bars.ts';
import type { Line } from './line.ts';
import { t as said } from './words.ts';

/** A part of the line in CSS. */
export const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;

const says = (bar: Bar): string => {
  const long = formatDuration(bar.to - bar.from);
  if (bar.kind === 'wait') return t('steps.waited', long);
  if (bar.kind === 'queue') return said('line.queue', long);
  return bar.kind === 'attempt'
    ? `${t('steps.attempt', bar.attempt)}: ${STATUS_LOOK[bar.status].word}, ${long}`
    : t('steps.pause_between', long);
};

const fill = (bar: Bar): string => {
  if (bar.kind === 'queue') return 'dotted';
  if (bar.kind !== 'attempt') return 'hatched';
  return `rounded-[2px] ${bar.progress === null ? 'bg-(--tone)' : 'border border-(--tone)'}`;
};

/** A step's piece of the time line: what it waited, its attempts with their progress, the pauses between them. */
export const Track = (props: { bars: readonly Bar[]; line: Line; now: number | null; isCritical: boolean; class?: string }) => {
  const shown = () => props.bars.filter(({ from, to }) => to >= props.line.shown.from && from <= props.line.shown.to);
  return (
    <span class={`relative block h-5 overflow-hidden md:h-7 ${props.class ?? ''}`}>
      <For each={props.line.gaps}>
        {(gap) => (
          <span
            class="absolute inset-y-0 border-x border-dashed border-hairline"
            style={{ left: percent(gap.place), width: percent(gap.width) }}
            title={t('steps.gap', formatDuration(gap.to - gap.from))}
          />
        )}
      </For>
      <For each={shown()}>
        {(bar) => (
          <span
            class={`tone-${bar.status} absolute min-w-1 overflow-hidden ${props.isCritical ? 'inset-y-0.5 md:inset-y-1.5' : 'inset-y-1.5 md:inset-y-2.5'} ${fill(bar)}`}
            style={{
              left: percent(Math.min(0.998, props.line.place(bar.from))),
              width: percent(props.line.place(bar.to) - props.line.place(bar.from)),
            }}
            title={says(bar)}
          >
            <Show when={bar.progress}>
              {(progress) => <span class="absolute inset-y-0 left-0 bg-(--tone)" style={{ width: percent(progress()) }} />}
            </Show>
          </span>
        )}
      </For>
      <Show when={props.now !== null && props.now <= props.line.shown.to && props.now >= props.line.shown.from}>
        <span class="absolute inset-y-0 border-l border-accent" style={{ left: percent(props.line.place(props.now as number)) }} />
      </Show>
    </span>
  );
};
