import { keepPreviousData } from '@tanstack/solid-query';
import CalendarX from 'lucide-solid/icons/calendar-x';
import Check from 'lucide-solid/icons/check';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import CirclePause from 'lucide-solid/icons/circle-pause';
import { Show } from 'solid-js';
import { useActions } from '../../../actions/actions.tsx';
import { useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { lasting } from '../../../components/lasting.ts';
import { Tabs } from '../../../components/Tabs.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { ZonePicker } from '../../../components/ZonePicker.tsx';
import { Page } from '../../../frame/Page.tsx';
import { whenChanged } from '../../../solid.ts';
import { zone as mine, useNow } from '../../../time/clock.ts';
import { wallClock, wallWords } from '../../../time/wall.ts';
import { wallAt } from '../../../time/zoned.ts';
import { searchState, text, word } from '../../../url/search-state.ts';
import { useSearchState } from '../../../url/use-search-state.ts';
import { zoneName } from '../../../url/zone-name.ts';
import { DroppedNote } from '../DroppedNote.tsx';
import { SCHEDULE_TABS } from '../SchedulesPage.tsx';
import { useStopSwitch } from '../StopSwitch.tsx';
import { t as shared } from '../words.ts';
import { AgendaItems } from './AgendaItems.tsx';
import { weekQuery } from './queries.ts';
import { WeekGrid } from './WeekGrid.tsx';
import { dayAfter, isDay, mondayOf } from './week.ts';
import { t } from './words.ts';

const HOUR_MS = 3_600_000;
const LOOKS = ['grid', 'table'] as const;

const STATE = searchState<{ week: string; zone: string; job: string; schedule: string; hour: string; look: (typeof LOOKS)[number] }>({
  week: { ...text(10), read: (given) => ({ value: isDay(given) ? given : null }) },
  zone: zoneName(),
  job: text(100),
  schedule: text(100),
  hour: { ...text(30), read: (given) => ({ value: Number.isNaN(Date.parse(given)) ? null : given }) },
  look: word(LOOKS, 'grid'),
});

/** A week of all schedules by the hours of a zone, as a grid and as a table; an hour opens what starts in it. */
export const AgendaPage = () => {
  const now = useNow();
  const { StopBanner } = useStopSwitch();
  const address = useSearchState(STATE);
  const zone = () => address.value().zone || mine();
  const today = () => wallAt(now(), zone()).slice(0, 10);
  const monday = () => mondayOf(address.value().week || today());
  const asked = () => ({ zone: zone(), job: address.value().job, schedule: address.value().schedule });
  const week = lasting(useQuery(() => ({ ...weekQuery(monday(), asked()), placeholderData: keepPreviousData })));
  const go = (to: string) => address.change({ week: to, hour: '' });
  /** Hours of the wall are shorter where clocks jump by part of one. */
  const hourEnd = () => {
    const from = Date.parse(address.value().hour);
    const hours = week.data?.hours ?? [];
    return hours.find((one) => Date.parse(one.from) === from)?.to ?? new Date(from + HOUR_MS).toISOString();
  };
  const hourWords = () => {
    const from = wallAt(Date.parse(address.value().hour), zone());
    return `${wallWords(from.slice(0, 10))} ${wallClock(from)}–${wallClock(wallAt(Date.parse(hourEnd()), zone()))}`;
  };
  let opened: HTMLElement | undefined;
  whenChanged(
    () => address.value().hour,
    (hour) => hour && requestAnimationFrame(() => opened?.scrollIntoView({ block: 'nearest' })),
    'later',
  );
  useActions(() => [
    { id: 'agenda.before', words: t('agenda.week_before'), key: '[', run: () => go(dayAfter(monday(), -7)) },
    { id: 'agenda.after', words: t('agenda.week_after'), key: ']', run: () => go(dayAfter(monday(), 7)) },
    { id: 'agenda.now', words: t('agenda.this_week'), run: () => go('') },
  ]);
  return (
    <Page title={t('agenda.title')} trail={[{ word: shared('schedules.title'), href: '/schedules' }]}>
      <div class="mt-3">
        <StopBanner />
        <Tabs label={shared('schedules.views')} tabs={SCHEDULE_TABS} current="agenda" />
      </div>
      <DroppedNote dropped={address.dropped()} />
      <div class="mt-4 grid grid-cols-2 items-end gap-3 md:flex md:flex-wrap">
        <div class="col-span-2 flex items-center gap-1">
          <button type="button" class="button px-2" aria-label={t('agenda.week_before')} onClick={() => go(dayAfter(monday(), -7))}>
            <ChevronLeft size={16} />
          </button>
          <button type="button" class="button" onClick={() => go('')}>
            {t('agenda.this_week')}
          </button>
          <button type="button" class="button px-2" aria-label={t('agenda.week_after')} onClick={() => go(dayAfter(monday(), 7))}>
            <ChevronRight size={16} />
          </button>
        </div>
        <label class="flex flex-col gap-1">
          <span class="text-meta text-muted">{t('agenda.day')}</span>
          <input
            type="date"
            class="input"
            value={monday()}
            onChange={(event) => isDay(event.currentTarget.value) && go(event.currentTarget.value)}
          />
        </label>
        <div class="flex min-w-0 flex-col gap-1 md:w-52">
          <span class="text-meta text-muted" aria-hidden="true">
            {t('agenda.zone')}
          </span>
          <ZonePicker label={t('agenda.zone')} value={zone()} onChange={(next) => address.change({ zone: next, hour: '' })} />
        </div>
        <label class="flex min-w-0 flex-col gap-1 md:w-40">
          <span class="text-meta text-muted">{t('agenda.job')}</span>
          <input
            class="input"
            maxlength={100}
            value={address.value().job}
            onChange={(event) => address.change({ job: event.currentTarget.value.trim() })}
          />
        </label>
        <label class="flex min-w-0 flex-col gap-1 md:w-40">
          <span class="text-meta text-muted">{t('agenda.schedule')}</span>
          <input
            class="input"
            maxlength={100}
            value={address.value().schedule}
            onChange={(event) => address.change({ schedule: event.currentTarget.value.trim() })}
          />
        </label>
        <label class="flex min-w-0 flex-col gap-1 md:w-28">
          <span class="text-meta text-muted">{t('agenda.look')}</span>
          <select class="input" onChange={(event) => address.change({ look: event.currentTarget.value as (typeof LOOKS)[number] })}>
            {LOOKS.map((look) => (
              <option value={look} selected={address.value().look === look}>
                {t(`agenda.${look}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Show
        when={address.value().look === 'grid'}
        fallback={
          <div class="mt-4">
            <AgendaItems from={monday()} to={dayAfter(monday(), 7)} asked={asked()} />
          </div>
        }
      >
        <div class="mt-4 flex flex-col gap-6">
          <Fetched query={week} skeleton="h-[640px]">
            {(found) => (
              <div>
                <Show when={found().counted_until !== null && found().counted_until !== found().to && found().counted_until}>
                  {(until) => (
                    <p class="mb-2 rounded-control bg-warning px-3 py-2">
                      {t('agenda.counted_until')} <Timestamp at={until()} />.
                    </p>
                  )}
                </Show>
                <WeekGrid
                  monday={wallAt(Date.parse(found().from), found().zone).slice(0, 10)}
                  zone={found().zone}
                  hours={found().hours ?? []}
                  now={now()}
                  chosen={address.value().hour}
                  choose={(hour) => address.change({ hour: hour.from === address.value().hour ? '' : hour.from })}
                />
                <Legend />
              </div>
            )}
          </Fetched>
          <Show when={address.value().hour} fallback={<p class="text-muted">{week.data ? t('agenda.choose') : ''}</p>}>
            {(hour) => (
              <section ref={opened} class="min-h-64" aria-label={t('agenda.of', hourWords())}>
                <h2 class="mb-2 text-section font-semibold">{hourWords()}</h2>
                <AgendaItems from={hour()} to={hourEnd()} asked={asked()} />
              </section>
            )}
          </Show>
        </div>
      </Show>
    </Page>
  );
};

const Legend = () => (
  <ul class="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-meta text-muted" aria-label={t('agenda.legend')}>
    <li>
      <span class="text-text">3</span> {t('legend.ahead')}
    </li>
    <li class="flex items-center gap-1">
      <Check size={12} />
      {t('legend.started')}
    </li>
    <li class="flex items-center gap-1">
      <span class="tone-missed inline-flex text-(--tone)">
        <CalendarX size={12} />
      </span>
      {t('legend.missed')}
    </li>
    <li class="flex items-center gap-1">
      <span class="tone-paused inline-flex text-(--tone)">
        <CirclePause size={12} />
      </span>
      {t('legend.paused')}
    </li>
    <li class="flex items-center gap-1">
      <span class="hatched inline-block h-3 w-6 [--tone:var(--control)] border border-hairline" />
      {t('legend.left_out')}
    </li>
  </ul>
);
