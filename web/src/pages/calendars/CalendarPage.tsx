import { A, useNavigate, useParams } from '@solidjs/router';
import { keepPreviousData, useQueryClient } from '@tanstack/solid-query';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createSignal, For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { send } from '../../api/client.ts';
import { createKeys } from '../../api/key-of.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { MayLink } from '../../components/MayLink.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { ZonePicker } from '../../components/ZonePicker.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { zone as mine, useNow } from '../../time/clock.ts';
import { wallWords } from '../../time/wall.ts';
import { wallAt } from '../../time/zoned.ts';
import { searchState, whole } from '../../url/search-state.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { zoneName } from '../../url/zone-name.ts';
import { ImportDialog } from './ImportDialog.tsx';
import { calendarAt, calendarQuery, spansQuery } from './queries.ts';
import type { CalendarView, SpanView } from './views.ts';
import { t } from './words.ts';
import { YearGrid } from './YearGrid.tsx';

const STATE = searchState<{ year: number | null; zone: string }>({ year: whole(1971, 2199), zone: zoneName() });

/** One calendar: a year of it, what it imports, and who uses it. */
export const CalendarPage = () => {
  const params = useParams<{ name: string }>();
  const calendar = useQuery(() => calendarQuery(params.name));
  const found = () => calendar.data;
  return (
    <Page
      title={params.name}
      trail={[{ word: t('calendars.title'), href: '/calendars' }]}
      state={<Show when={found()?.note}>{(note) => <PlainText text={note()} first={500} />}</Show>}
      actions={<Show when={found()}>{(one) => <Ways calendar={one()} />}</Show>}
    >
      <Fetched query={calendar} skeleton="h-[640px]">
        {(one) => (
          <>
            <Facts calendar={one()} />
            <Year calendar={one()} />
          </>
        )}
      </Fetched>
    </Page>
  );
};

const Ways = (props: { calendar: CalendarView }) => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = createSignal<'delete' | 'import' | 'ical' | null>(null);
  const keys = createKeys();
  const close = () => setAsked(null);
  const lacks = () => (session.may('calendar:edit') ? undefined : 'calendar:edit');
  const at = () => calendarAt(props.calendar.name);
  const isElsewhere = () => props.calendar.feed?.url != null;
  const remove = async (key: string) => {
    await send('DELETE', at(), undefined, key, { ifMatch: `"${props.calendar.version}"` });
    toast({ says: t('delete.done', props.calendar.name) });
    navigate('/calendars', { replace: true });
    void queries.invalidateQueries({ queryKey: ['calendars', 'list'] });
  };
  const takeOut = async (key: string) => {
    await send('DELETE', `${at()}/ical`, undefined, key);
    void queries.invalidateQueries({ queryKey: ['calendars'] });
    toast({ says: t('calendar.removed_ical') });
  };
  const refresh = async () => {
    try {
      await send('POST', `${at()}/refresh`, {}, keys.of('refresh'));
      keys.done('refresh');
      toast({ says: t('calendar.refreshed') });
    } catch (error) {
      toast({ says: (error as Error).message, failed: true });
    }
  };
  return (
    <>
      <Show when={isElsewhere()} fallback={<ActionButton words={t('calendars.import')} run={() => setAsked('import')} lacks={lacks()} />}>
        <ActionButton words={t('calendar.refresh')} run={() => void refresh()} lacks={lacks()} />
      </Show>
      <Show when={props.calendar.feed && !isElsewhere()}>
        <ActionButton words={t('calendar.remove_ical')} run={() => setAsked('ical')} lacks={lacks()} />
      </Show>
      <ActionButton words={t('calendar.delete')} look="danger" run={() => setAsked('delete')} lacks={lacks()} />
      <MayLink href={`${at()}/edit`} words={t('calendar.edit')} permission="calendar:edit" look="main" />
      <ImportDialog open={asked() === 'import'} close={close} name={props.calendar.name} />
      <Confirm
        open={asked() === 'ical'}
        title={t('calendar.remove_ical_title', props.calendar.name)}
        effect={t('calendar.remove_ical_effect')}
        keep={t('calendar.remove_ical_keep')}
        act={t('calendar.remove_ical_act')}
        close={close}
        run={takeOut}
      />
      <Confirm
        open={asked() === 'delete'}
        title={t('delete.title', props.calendar.name)}
        effect={t('delete.effect')}
        keep={t('delete.keep')}
        act={t('delete.act')}
        close={close}
        run={remove}
      />
    </>
  );
};

const Facts = (props: { calendar: CalendarView }) => (
  <section aria-label={t('calendar.facts')} class="mt-4 flex flex-col gap-3">
    <Show when={props.calendar.feed?.alarm ?? props.calendar.feed?.problem}>
      {(why) => (
        <div class="-mx-4 md:-mx-6">
          <Banner tone="warning">
            <PlainText text={t('calendar.feed_failed', why())} first={500} />
          </Banner>
        </div>
      )}
    </Show>
    <dl class="flex flex-wrap gap-x-8 gap-y-3">
      <div>
        <dt class="text-meta text-muted">{t('calendars.zone')}</dt>
        <dd>{props.calendar.timezone ?? t('calendars.zone_of_user')}</dd>
      </div>
      <Show when={props.calendar.feed}>
        {(feed) => (
          <div class="min-w-0">
            <dt class="text-meta text-muted">{t('calendars.feed')}</dt>
            <dd class="break-words">
              {t('calendars.events', feed().events)}
              <Show when={feed().url} fallback={`, ${t('calendars.uploaded')} `}>
                {(url) => (
                  <>
                    , {t('calendar.feed_from')} <PlainText text={url()} first={200} />{' '}
                    {t('calendar.feed_every', formatDuration(feed().refresh_ms ?? 0))}, {t('calendar.feed_last')}{' '}
                  </>
                )}
              </Show>
              <Timestamp at={feed().fetched_at} />
              <Show when={feed().url}>
                , {t('calendar.feed_next')} <Timestamp at={feed().due_at} />
              </Show>
            </dd>
          </div>
        )}
      </Show>
      <Users words={t('calendar.used_schedules')} names={props.calendar.used_by.schedules} base="/schedules" />
      <Users words={t('calendar.used_targets')} names={props.calendar.used_by.targets} base="/targets" />
    </dl>
    <details>
      <summary class="w-fit text-muted">{t('calendar.definition')}</summary>
      <pre
        class="mt-1 max-h-80 overflow-auto rounded-control bg-log p-3 font-mono text-table"
        tabindex="0"
        role="region"
        aria-label={t('calendar.definition')}
      >
        {props.calendar.source}
      </pre>
    </details>
  </section>
);

const Users = (props: { words: string; names: readonly string[]; base: string }) => (
  <div class="min-w-0">
    <dt class="text-meta text-muted">
      {t('calendar.used')} · {props.words}
    </dt>
    <dd class="flex flex-wrap gap-x-3">
      <For each={props.names} fallback={<span class="text-muted">{t('calendar.used_nobody')}</span>}>
        {(name) => (
          <A class="link break-words" href={`${props.base}/${encodeURIComponent(name)}`}>
            {name}
          </A>
        )}
      </For>
    </dd>
  </div>
);

const SPANS: readonly Column<SpanView>[] = [
  { head: t('calendar.from'), cell: (span) => wallWords(span.local_from), class: 'whitespace-nowrap' },
  { head: t('calendar.to'), cell: (span) => wallWords(span.local_to), class: 'whitespace-nowrap' },
  { head: t('calendar.long'), cell: (span) => formatDuration(Date.parse(span.to) - Date.parse(span.from)) },
];

const Year = (props: { calendar: CalendarView }) => {
  const now = useNow();
  const address = useSearchState(STATE);
  const zone = () => props.calendar.timezone ?? (address.value().zone || mine());
  const today = () => wallAt(now(), zone()).slice(0, 10);
  const year = () => address.value().year ?? Number(today().slice(0, 4));
  const spans = useQuery(() => ({
    ...spansQuery(props.calendar.name, year(), zone()),
    // What it says or imports may have changed.
    queryKey: [...spansQuery(props.calendar.name, year(), zone()).queryKey, props.calendar.version, props.calendar.feed?.fetched_at],
    placeholderData: keepPreviousData,
  }));
  const go = (to: number) => address.change({ year: to });
  return (
    <section class="mt-6" aria-label={t('calendar.year')}>
      <Show when={address.dropped().length > 0}>
        <div class="-mx-4 mb-3 md:-mx-6">
          <Banner tone="info">{t('calendar.dropped', address.dropped().join(', '))}</Banner>
        </div>
      </Show>
      <div class="mb-4 flex flex-wrap items-end gap-3">
        <div class="flex items-center gap-1">
          <button type="button" class="button px-2" aria-label={t('calendar.year_before')} onClick={() => go(year() - 1)}>
            <ChevronLeft size={16} />
          </button>
          <h2 class="min-w-14 text-center text-section font-semibold" aria-live="polite">
            {year()}
          </h2>
          <button type="button" class="button px-2" aria-label={t('calendar.year_after')} onClick={() => go(year() + 1)}>
            <ChevronRight size={16} />
          </button>
        </div>
        <Show when={props.calendar.timezone === null}>
          <div class="flex w-56 flex-col gap-1">
            <span class="text-meta text-muted" aria-hidden="true">
              {t('calendar.clocks')}
            </span>
            <ZonePicker label={t('calendar.clocks')} value={zone()} onChange={(next) => address.change({ zone: next })} />
          </div>
        </Show>
      </div>
      <Fetched query={spans} skeleton="h-[560px]">
        {(found) => (
          <>
            <YearGrid year={year()} spans={found().items} today={today()} />
            <Show when={!found().is_complete}>
              <p class="mt-3 rounded-control bg-warning px-3 py-2">{t('calendar.more_times', found().items.length)}</p>
            </Show>
            <Show when={found().items.length > 0} fallback={<p class="mt-3 text-muted">{t('calendar.no_times', year())}</p>}>
              <details class="mt-4">
                <summary class="w-fit font-semibold">{t('calendar.show_times', found().items.length)}</summary>
                <div class="mt-2 max-h-96 overflow-y-auto">
                  <div class="px-4 md:px-6">
                    <Table caption={t('calendar.times', year())} columns={SPANS} items={found().items} />
                  </div>
                </div>
              </details>
            </Show>
          </>
        )}
      </Fetched>
    </section>
  );
};
