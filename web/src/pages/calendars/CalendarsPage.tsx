import { A } from '@solidjs/router';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createSignal, Show } from 'solid-js';
import { useActions } from '../../actions/actions.tsx';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Empty } from '../../components/Empty.tsx';
import { MayLink } from '../../components/MayLink.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { SearchedList } from '../../components/searched/SearchedList.tsx';
import { useSearched } from '../../components/searched/use-searched.ts';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { grouped } from '../../words/counted.ts';
import { ImportDialog } from './ImportDialog.tsx';
import { calendarAt, calendarsQuery } from './queries.ts';
import type { CalendarSummary } from './views.ts';
import { t } from './words.ts';

const COLUMNS: readonly Column<CalendarSummary>[] = [
  {
    head: t('calendars.name'),
    cell: (one) => (
      <span class="flex min-w-40 flex-col">
        <A class="font-semibold break-words after:absolute after:inset-0" href={calendarAt(one.name)}>
          {one.name}
        </A>
        <Show when={one.note}>
          {(note) => (
            <span class="max-w-column text-muted">
              <PlainText text={note()} first={200} />
            </span>
          )}
        </Show>
      </span>
    ),
  },
  {
    head: t('calendars.zone'),
    cell: (one) => one.timezone ?? <span class="text-muted">{t('calendars.zone_of_user')}</span>,
    class: 'whitespace-nowrap',
  },
  { head: t('calendars.entries'), cell: (one) => grouped(one.entries) },
  {
    head: t('calendars.feed'),
    cell: (one) => (
      <Show when={one.feed} fallback="–">
        {(feed) => (
          <span class="flex flex-col">
            <span>
              {t('calendars.events', feed().events)},{' '}
              <span class="text-muted">
                {t(feed().url === null ? 'calendars.uploaded' : 'calendars.read')} <Timestamp at={feed().fetched_at} />
              </span>
            </span>
            <Show when={feed().alarm ?? feed().problem}>
              {(why) => (
                <span class="tone-retrying flex items-start gap-2 text-(--tone)">
                  <TriangleAlert size={16} class="mt-0.5 shrink-0" />
                  <PlainText text={why()} first={200} />
                </span>
              )}
            </Show>
          </span>
        )}
      </Show>
    ),
  },
  {
    head: t('calendars.changed'),
    cell: (one) => (
      <span class="whitespace-nowrap text-muted">
        <Timestamp at={one.updated_at} /> {one.updated_by}
      </span>
    ),
    class: 'max-md:hidden',
  },
];

/** Every calendar, by name. */
export const CalendarsPage = () => {
  const session = useSession();
  const calendars = useSearched(calendarsQuery);
  const [importing, setImporting] = createSignal(false);
  const lacks = () => (session.may('calendar:edit') ? undefined : 'calendar:edit');
  useActions(() => [{ id: 'calendars.import', words: t('calendars.import'), run: () => setImporting(true), denied: lacks() }]);
  const New = () => <MayLink href="/calendars/new" words={t('calendars.new')} permission="calendar:edit" look="main" />;
  return (
    <Page
      title={t('calendars.title')}
      actions={
        <>
          <ActionButton words={t('calendars.import')} run={() => setImporting(true)} lacks={lacks()} />
          <New />
        </>
      }
    >
      <div class="mt-4">
        <SearchedList list={calendars} label={t('calendars.search')} skeleton="h-64" empty={<Empty says={t('calendars.none')} />}>
          {(items) => <Table caption={t('calendars.caption')} columns={COLUMNS} items={items()} />}
        </SearchedList>
      </div>
      <ImportDialog open={importing()} close={() => setImporting(false)} />
    </Page>
  );
};
