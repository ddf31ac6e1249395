import { createMemo, For, Show } from 'solid-js';
import { MONTHS } from '#jobs/recurrence/names.ts';
import { wallWords } from '../../time/wall.ts';
import type { SpanView } from './views.ts';
import { t } from './words.ts';
import { type DayMark, markedDays, weeksOf } from './year-days.ts';

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] as const;

/** A year of a calendar, month by month; a day that it takes is filled, one of which it takes some hours is underlined. */
export const YearGrid = (props: { year: number; spans: readonly SpanView[]; today: string }) => {
  const marks = createMemo(() => markedDays(props.spans, props.year));
  return (
    <div class="@container">
      {/* As many beside each other as leave no part of a row empty. */}
      <div class="grid gap-x-8 gap-y-6 @min-[480px]:grid-cols-2 @min-[736px]:grid-cols-3 @min-[992px]:grid-cols-4 @min-[1504px]:grid-cols-6">
        <For each={MONTHS}>
          {(name, month) => (
            <table class="self-start text-meta">
              <caption class="pb-1 text-left text-body font-semibold">{t('calendar.month', name, props.year)}</caption>
              <thead>
                <tr>
                  <For each={DAYS}>{(day) => <th class="h-6 w-8 font-normal text-muted">{day}</th>}</For>
                </tr>
              </thead>
              <tbody>
                <For each={weeksOf(props.year, month())}>
                  {(week) => (
                    <tr>
                      <For each={week}>
                        {(day) => <Day day={day} mark={day === null ? undefined : marks().get(day)} today={props.today} />}
                      </For>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          )}
        </For>
      </div>
      <ul class="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-meta text-muted" aria-label={t('calendar.legend')}>
        <li class="flex items-center gap-2">
          <span class="inline-block h-4 w-6 rounded-control bg-muted" /> {t('calendar.whole')}
        </li>
        <li class="flex items-center gap-2">
          <span class="inline-block h-4 w-6 border-b-2 border-muted bg-bg2" /> {t('calendar.part')}
        </li>
        <li class="flex items-center gap-2">
          <span class="inline-block h-4 w-6 rounded-control border border-text" /> {t('calendar.today')}
        </li>
      </ul>
    </div>
  );
};

const Day = (props: { day: string | null; mark: DayMark | undefined; today: string }) => {
  const look = () => {
    if (!props.mark) return '';
    return props.mark.whole ? 'rounded-control bg-muted font-semibold text-bg0' : 'border-b-2 border-muted bg-bg2';
  };
  const words = () => (props.mark?.whole ? t('calendar.whole') : (props.mark?.times.join(', ') ?? ''));
  return (
    <td class="h-6 p-0.5 text-center">
      <Show when={props.day}>
        {(day) => (
          <span
            class={`block ${look()} ${day() === props.today ? 'rounded-control outline-1 outline-text' : ''}`}
            title={props.mark ? `${wallWords(day())}: ${words()}` : undefined}
          >
            {Number(day().slice(8))}
            <Show when={props.mark}>
              <span class="sr-only">: {words()}</span>
            </Show>
          </span>
        )}
      </Show>
    </td>
  );
};
