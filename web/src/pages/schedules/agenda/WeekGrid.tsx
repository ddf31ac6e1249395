import CalendarX from 'lucide-solid/icons/calendar-x';
import Check from 'lucide-solid/icons/check';
import CirclePause from 'lucide-solid/icons/circle-pause';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { wallWords } from '../../../time/wall.ts';
import { wallAt } from '../../../time/zoned.ts';
import { grouped } from '../../../words/counted.ts';
import type { AgendaHour } from './views.ts';
import { dayAfter, type HourRow, hoursOf, sumsOf, weekRows } from './week.ts';
import { t } from './words.ts';

interface WeekProps {
  readonly monday: string;
  readonly zone: string;
  readonly hours: readonly AgendaHour[];
  readonly now: number;
  /** The hour that is open, by its first moment. */
  readonly chosen: string;
  readonly choose: (hour: AgendaHour) => void;
}

const wordsOf = (hour: AgendaHour): string => {
  if (hour.counts === null) return t('agenda.cell', wallWords(hour.local), t('agenda.not_counted'));
  const sums = sumsOf(hour);
  const parts = (['ahead', 'started', 'missed', 'paused', 'left_out'] as const).flatMap((name) =>
    sums[name] === 0 ? [] : [t(`count.${name}`, sums[name])],
  );
  return t('agenda.cell', wallWords(hour.local), parts.length === 0 ? t('agenda.nothing') : parts.join(', '));
};

/** A week by days and hours of a zone: how much starts in each hour, what was missed or held, hatched where something is left out. */
export const WeekGrid = (props: WeekProps) => {
  const days = () => Array.from({ length: 7 }, (_, at) => dayAfter(props.monday, at));
  const rows = createMemo(() => weekRows(props.hours));
  const [at, setAt] = createSignal<readonly [number, number]>([0, 0]);
  // Another week may have a row less.
  const place = () => [Math.min(at()[0], Math.max(0, rows().length - 1)), at()[1]] as const;
  let grid: HTMLTableElement | undefined;

  const focusCell = (row: number, column: number) => {
    const next = [Math.max(0, Math.min(rows().length - 1, row)), Math.max(0, Math.min(6, column))] as const;
    setAt(next);
    queueMicrotask(() => grid?.querySelector<HTMLElement>(`[data-cell="${next.join('-')}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [row, column] = place();
    const moves: { readonly [key: string]: readonly [number, number] } = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [0, column],
      End: [rows().length - 1, column],
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    focusCell(...move);
  };
  const isNow = (hour: AgendaHour) => Date.parse(hour.from) <= props.now && props.now < Date.parse(hour.to);
  const today = () => wallAt(props.now, props.zone).slice(0, 10);

  return (
    <div class="relative overflow-x-auto">
      <table ref={grid} class="w-full min-w-192 table-fixed border-collapse text-table" onKeyDown={onKeyDown}>
        <caption class="sr-only">{t('agenda.caption', wallWords(props.monday), props.zone)}</caption>
        <thead>
          <tr class="text-left text-meta">
            <th class="sticky left-0 z-1 w-14 bg-bg0 font-normal text-muted md:w-24">
              <span class="sr-only">{t('agenda.hour')}</span>
            </th>
            <For each={days()}>
              {(day) => (
                <th
                  scope="col"
                  class={`h-10 border-l border-hairline px-2 pb-1 text-right align-bottom ${day === today() ? 'font-semibold' : 'font-normal text-muted'}`}
                  aria-current={day === today() ? 'date' : undefined}
                >
                  {wallWords(day).slice(0, -5)}
                  <Show when={props.hours.length > 0 && ![0, 24].includes(hoursOf(props.hours, day))}>
                    <span
                      class="tone-retrying flex items-center justify-end gap-1 font-normal whitespace-nowrap text-(--tone)"
                      title={t('agenda.changes_long')}
                    >
                      <TriangleAlert size={12} class="shrink-0" />
                      {t('agenda.changes', hoursOf(props.hours, day))}
                    </span>
                  </Show>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row, rowAt) => (
              <tr class="h-6 border-t border-hairline">
                <th scope="row" class="sticky left-0 z-1 bg-bg0 pr-2 text-right text-meta font-normal text-muted md:whitespace-nowrap">
                  {row.hour}:00{row.again ? ` ${t('agenda.again')}` : ''}
                </th>
                <For each={days()}>
                  {(day, columnAt) => (
                    <Cell
                      row={row}
                      hour={row.cells.get(day)}
                      place={`${rowAt()}-${columnAt()}`}
                      tab={place()[0] === rowAt() && place()[1] === columnAt() ? 0 : -1}
                      isNow={isNow}
                      chosen={props.chosen}
                      enter={() => setAt([rowAt(), columnAt()])}
                      choose={props.choose}
                    />
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
};

interface CellProps {
  readonly row: HourRow;
  readonly hour: AgendaHour | undefined;
  readonly place: string;
  readonly tab: 0 | -1;
  readonly isNow: (hour: AgendaHour) => boolean;
  readonly chosen: string;
  readonly enter: () => void;
  readonly choose: (hour: AgendaHour) => void;
}

const Cell = (props: CellProps) => (
  <td class="h-6 border-l border-hairline p-0">
    <Show
      when={props.hour}
      fallback={
        <span
          class="block h-6 bg-bg2 outline-offset-[-2px]"
          role="img"
          tabindex={props.tab}
          data-cell={props.place}
          aria-label={props.row.again ? t('agenda.twice_hour') : t('agenda.left_out_hour')}
          title={props.row.again ? t('agenda.twice_hour') : t('agenda.left_out_hour')}
          onFocus={() => props.enter()}
        />
      }
    >
      {(hour) => {
        const sums = () => sumsOf(hour());
        return (
          <button
            type="button"
            tabindex={props.tab}
            data-cell={props.place}
            title={wordsOf(hour())}
            aria-pressed={props.chosen === hour().from}
            class={`relative block h-6 w-full [--tone:var(--control)] px-2 outline-offset-[-2px] ${
              props.chosen === hour().from ? 'bg-selected' : sums().left_out > 0 ? 'hatched' : 'hover:bg-bg2'
            }`}
            onFocus={() => props.enter()}
            onClick={() => props.choose(hour())}
          >
            <Show when={props.isNow(hour())}>
              <span class="absolute inset-y-0 left-0 border-l-2 border-accent" />
            </Show>
            <span class="sr-only">{wordsOf(hour())}</span>
            <span aria-hidden="true" class={`flex items-center justify-end gap-2 ${sums().left_out > 0 ? '*:-mx-1 *:bg-bg0 *:px-1' : ''}`}>
              <Show when={hour().counts === null}>
                <span class="text-muted">…</span>
              </Show>
              <Show when={sums().missed > 0}>
                <Count icon={CalendarX} count={sums().missed} class="tone-missed text-(--tone)" />
              </Show>
              <Show when={sums().paused > 0}>
                <Count icon={CirclePause} count={sums().paused} class="tone-paused text-(--tone)" />
              </Show>
              <Show when={sums().started > 0}>
                <Count icon={Check} count={sums().started} class="text-muted" />
              </Show>
              <Show when={sums().ahead > 0}>
                <span>{grouped(sums().ahead)}</span>
              </Show>
            </span>
          </button>
        );
      }}
    </Show>
  </td>
);

/** A number behind the mark of what it counts; plain numbers are what is to start. */
const Count = (props: { icon: typeof Check; count: number; class: string }) => (
  <span class={`inline-flex items-center gap-1 ${props.class}`}>
    <Dynamic component={props.icon} size={12} class="shrink-0" />
    {grouped(props.count)}
  </span>
);
