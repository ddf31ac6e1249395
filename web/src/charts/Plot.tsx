import { createSignal, For, onCleanup, Show } from 'solid-js';
import type uPlot from 'uplot';
import { createEffect, onMount } from '../solid.ts';
import { zone } from '../time/clock.ts';
import { clockTime, shortDay } from '../time/instant.ts';
import { rangeOf, type Series, stacked, type TimeRange, toneClass } from './series.ts';
import { t } from './words.ts';

interface PlotProps {
  readonly label: string;
  readonly times: readonly number[];
  readonly step: number;
  readonly series: readonly Series[];
  readonly kind: 'bars' | 'lines';
  readonly height: number;
  readonly range?: TimeRange | null;
  /** The whole is a range that was chosen, and can be let go of. */
  readonly isChosen?: boolean;
  readonly choose?: (range: TimeRange | null) => void;
  readonly timeText: (at: number) => string;
  readonly format: (value: number | null) => string;
  /** Called when the drawing code cannot be had. */
  readonly onBroken: () => void;
}

/** The times under a chart: the clock, and where a day begins the day. */
const axisWords = (splits: readonly number[]): string[] =>
  splits.map((at) => {
    const clock = clockTime(new Date(at), zone()).slice(0, 5);
    return clock === '00:00' ? shortDay(new Date(at), new Date(), zone()) : clock;
  });

const AXIS = 24;
const VALUES = 44;

/** The drawing of a chart; its place is kept while its code is on the way. */
export const Plot = (props: PlotProps) => {
  let box: HTMLDivElement | undefined;
  let tones: HTMLDivElement | undefined;
  const [drawing, setDrawing] = createSignal<uPlot>();
  const [at, setAt] = createSignal<number | null>(null);
  const [from, setFrom] = createSignal<number | null>(null);
  const [under, setUnder] = createSignal<number | null>(null);
  const bucketOf = (plot: uPlot, pixel: number) =>
    Math.max(0, Math.min(props.times.length - 1, Math.floor((plot.posToVal(pixel, 'x') - (props.times[0] ?? 0)) / props.step)));

  const data = (): uPlot.AlignedData => {
    const rows = props.kind === 'bars' ? stacked(props.series) : props.series.map(({ values }) => values);
    return [[...props.times], ...rows.map((row) => [...row])];
  };
  const colour = (index: number) => getComputedStyle(tones?.children[index] ?? document.body).color;
  const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);

  const options = (Uplot: typeof uPlot, width: number): uPlot.Options => {
    const axis = { stroke: () => token('--muted'), ticks: { show: false }, font: '12px ui-sans-serif, system-ui, sans-serif' };
    return {
      width,
      height: props.height,
      ms: 1,
      tzDate: (ms) => Uplot.tzDate(new Date(ms), zone()),
      legend: { show: false },
      // The last day under it has its room.
      padding: [8, 24, 0, 0],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: props.choose !== undefined, y: false, setScale: false },
        bind: { dblclick: () => () => null },
      },
      select: { show: props.choose !== undefined, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { range: () => [props.times[0] ?? 0, (props.times.at(-1) ?? 0) + props.step] },
        y: { range: (_, __, most) => [0, Math.max(1, most ?? 1)] },
      },
      axes: [
        { ...axis, size: AXIS, gap: 6, space: 64, grid: { show: false }, values: (_, splits) => axisWords(splits) },
        {
          ...axis,
          size: VALUES,
          gap: 4,
          space: 24,
          grid: { stroke: () => token('--hairline'), width: 1 },
          values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? props.format(value) : '')),
        },
      ],
      series: [
        {},
        ...props.series.map((_, index) => ({
          stroke: () => colour(index),
          ...(props.kind === 'bars'
            ? { fill: () => colour(index), width: 0, paths: Uplot.paths.bars?.({ size: [0.86, 40], align: 1 }) ?? null }
            : { width: 2 }),
          points: { show: false },
        })),
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width: wide } = plot.select;
            if (wide < 2) return;
            props.choose?.(rangeOf(props.times, props.step, bucketOf(plot, left), bucketOf(plot, left + wide - 1)));
          },
        ],
      },
    };
  };

  onMount(() => {
    let gone = false;
    let plot: uPlot | undefined;
    const resized = new ResizeObserver(() => plot?.setSize({ width: box?.clientWidth ?? 0, height: props.height }));
    const themed = new MutationObserver(() => plot?.redraw());
    const draw = async () => {
      const { default: Uplot } = await import('uplot');
      await import('uplot/dist/uPlot.min.css');
      if (gone || !box) return;
      plot = new Uplot(options(Uplot, box.clientWidth), data(), box);
      setDrawing(plot);
      resized.observe(box);
      themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    };
    draw().catch(() => gone || props.onBroken());
    onCleanup(() => {
      gone = true;
      resized.disconnect();
      themed.disconnect();
      plot?.destroy();
    });
  });

  createEffect(() => {
    const values = data();
    drawing()?.setData(values);
  });
  createEffect(() => {
    const plot = drawing();
    const chosen = props.range;
    const [one, other] = [from(), at()];
    if (!plot) return;
    data();
    const shown = one !== null && other !== null ? rangeOf(props.times, props.step, one, other) : chosen;
    const left = shown ? plot.valToPos(shown.from, 'x') : 0;
    const width = shown ? plot.valToPos(shown.to, 'x') - left : 0;
    plot.setSelect({ left, width, top: 0, height: plot.over.clientHeight }, false);
    plot.setCursor({ left: other === null ? -10 : plot.valToPos((props.times[other] ?? 0) + props.step / 2, 'x'), top: 10 }, false);
  });

  const said = () => {
    const bucket = at() ?? under();
    if (bucket === null) return '';
    const start = from();
    if (start !== null && start !== bucket) {
      const range = rangeOf(props.times, props.step, start, bucket);
      return t('chart.chosen', props.timeText(range.from), props.timeText(range.to));
    }
    const values = props.series.flatMap(({ name, values: all }) => (all[bucket] ? [`${name} ${props.format(all[bucket] ?? null)}`] : []));
    return t('chart.at', props.timeText(props.times[bucket] ?? 0), values.join(', ') || '0');
  };

  const last = () => props.times.length - 1;
  const step = (by: number, extend: boolean) => {
    const before = at();
    setFrom(extend && props.choose ? (from() ?? before ?? last()) : null);
    setAt(before === null ? last() : Math.max(0, Math.min(last(), before + by)));
  };
  const apply = () => {
    const bucket = at();
    if (bucket === null || !props.choose) return false;
    props.choose(rangeOf(props.times, props.step, from() ?? bucket, bucket));
    setFrom(null);
    return true;
  };
  const letGo = () => {
    if (at() === null && !props.range && !props.isChosen) return false;
    if (at() === null) props.choose?.(null);
    setFrom(null);
    setAt(null);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by !== undefined) step(by, event.shiftKey);
    else if (event.key === 'Enter' ? !apply() : event.key !== 'Escape' || !letGo()) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="relative">
      <div
        ref={box}
        role="slider"
        tabindex="0"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, props.times.length - 1)}
        aria-valuenow={at() ?? 0}
        aria-valuetext={said() || t('chart.keys')}
        class="chart relative overflow-hidden"
        style={{ height: `${props.height}px` }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setFrom(null);
          setAt(null);
        }}
        onPointerLeave={() => setUnder(null)}
        onPointerMove={(event) => {
          const plot = drawing();
          if (plot) setUnder(bucketOf(plot, event.clientX - plot.over.getBoundingClientRect().left));
        }}
      />
      <Show when={said()}>
        <p class="pointer-events-none absolute top-0 right-2 max-w-full truncate rounded-control bg-bg0 px-2 text-meta" aria-hidden="true">
          {said()}
        </p>
      </Show>
      <div ref={tones} class="chart-tones hidden" aria-hidden="true">
        <For each={props.series}>{(one) => <span class={toneClass(one)} />}</For>
      </div>
    </div>
  );
};
