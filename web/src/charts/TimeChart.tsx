import { createMemo, createSignal, For, Show } from 'solid-js';
import { type Column, Table } from '../components/Table.tsx';
import { zone } from '../time/clock.ts';
import { instantText } from '../time/instant.ts';
import { grouped } from '../words/counted.ts';
import { Plot } from './Plot.tsx';
import { type Series, type TimeRange, toneClass } from './series.ts';
import { t } from './words.ts';

interface TimeChartProps {
  readonly label: string;
  /** Where each bucket begins, in milliseconds, all of the same length. */
  readonly times: readonly number[];
  /** Milliseconds of a bucket. */
  readonly step: number;
  readonly series: readonly Series[];
  /** Bars stand on each other, the first series on top; lines stand for themselves. */
  readonly kind: 'bars' | 'lines';
  /** Pixels of the drawing. */
  readonly height: number;
  readonly format?: (value: number) => string;
  /** The chosen range; with `choose` the reader chooses one by mouse or keys, and lets go of it by null. */
  readonly range?: TimeRange | null;
  readonly choose?: (range: TimeRange | null) => void;
  /** The whole is a range that was chosen, and can be let go of. */
  readonly isChosen?: boolean;
  /** What must be known to read it. */
  readonly note?: string | undefined;
  /** Series stay unnamed where the page names them already. */
  readonly unnamed?: boolean;
}

/** Values over time, drawn once its code is here; the same values stand in a table that a button shows, and that is shown when drawing fails. */
export const TimeChart = (props: TimeChartProps) => {
  const [asTable, setAsTable] = createSignal(false);
  const format = (value: number | null) => (value === null ? '–' : (props.format ?? grouped)(value));
  const timeText = (at: number) => instantText(new Date(at).toISOString(), new Date(), zone());
  return (
    <figure class="flex min-w-0 flex-col gap-1" aria-label={props.label}>
      <Show
        when={!asTable()}
        fallback={
          <section class="max-h-60 overflow-auto" tabindex="0" aria-label={props.label}>
            <Numbers {...props} timeText={timeText} format={format} />
          </section>
        }
      >
        {/* A drawing is made for its series; other ones need another. */}
        <Show when={`${props.kind} ${props.series.map(({ id }) => id).join(' ')}`} keyed>
          <Plot {...props} timeText={timeText} format={format} onBroken={() => setAsTable(true)} />
        </Show>
      </Show>
      <figcaption class="flex flex-wrap items-center gap-x-4 text-meta text-muted">
        <Show when={!props.unnamed}>
          <For each={props.series}>
            {(one) => (
              <span class="flex items-center gap-1">
                <span class={`size-2 bg-current ${toneClass(one)}`} aria-hidden="true" />
                {one.name}
              </span>
            )}
          </For>
        </Show>
        <Show when={props.note}>{(note) => <span>{note()}</span>}</Show>
        <button type="button" class="link min-h-6" onClick={() => setAsTable(!asTable())}>
          {asTable() ? t('chart.as_chart') : t('chart.as_table')}
        </button>
      </figcaption>
    </figure>
  );
};

interface NumbersProps {
  readonly label: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly timeText: (at: number) => string;
  readonly format: (value: number | null) => string;
}

const Numbers = (props: NumbersProps) => {
  const columns = createMemo((): readonly Column<number>[] => [
    { head: t('chart.time'), cell: (at) => props.timeText(props.times[at] ?? 0) },
    ...props.series.map(({ name, values }) => ({
      head: name,
      class: 'text-right',
      cell: (at: number) => props.format(values[at] ?? null),
    })),
  ]);
  return <Table caption={props.label} columns={columns()} items={props.times.map((_, at) => at)} />;
};
