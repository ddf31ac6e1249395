import { A } from '@solidjs/router';
import { createSignal, Show } from 'solid-js';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { MoreButton } from '../../../components/MoreButton.tsx';
import { type Column, Table } from '../../../components/Table.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { useSession } from '../../../session/session.tsx';
import { searchState, text } from '../../../url/search-state.ts';
import { useSearchState } from '../../../url/use-search-state.ts';
import { DroppedNote } from '../DroppedNote.tsx';
import { backfillsQuery, scheduleHref } from '../queries.ts';
import type { BackfillView, ScheduleView } from '../views.ts';
import { t as shared } from '../words.ts';
import { BackfillDialog } from './BackfillDialog.tsx';
import { BackfillProgress, BackfillState } from './BackfillState.tsx';
import { OneBackfill } from './OneBackfill.tsx';
import { t } from './words.ts';

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const STATE = searchState<{ id: string }>({
  id: { ...text(36), read: (given) => ({ value: ID.test(given) ? given : null }) },
});

/** Backfills of a schedule, and the way to make one; `?id=` opens one of them. */
export const BackfillsView = (props: { schedule: ScheduleView }) => {
  const address = useSearchState(STATE);
  const session = useSession();
  const [asking, setAsking] = createSignal(false);
  return (
    <div class="mt-4">
      <DroppedNote dropped={address.dropped()} />
      <Show when={address.value().id} keyed fallback={<AllBackfills schedule={props.schedule} ask={() => setAsking(true)} />}>
        {(id) => <OneBackfill schedule={props.schedule} id={id} />}
      </Show>
      <BackfillDialog
        schedule={props.schedule}
        open={asking()}
        lacks={session.may('run:start') ? undefined : 'run:start'}
        close={() => setAsking(false)}
        begun={(id) => address.change({ id })}
      />
    </div>
  );
};

const AllBackfills = (props: { schedule: ScheduleView; ask: () => void }) => {
  const session = useSession();
  const list = useInfiniteQuery(() => backfillsQuery(props.schedule.name));
  const hrefOf = ({ id }: BackfillView) => `${scheduleHref(props.schedule.name)}/backfills?id=${id}`;
  const columns: readonly Column<BackfillView>[] = [
    {
      head: t('backfill.range'),
      cell: (one) => (
        <A class="font-semibold after:absolute after:inset-0" href={hrefOf(one)}>
          <Timestamp at={one.from} zone={props.schedule.timezone} /> – <Timestamp at={one.to} zone={props.schedule.timezone} />
        </A>
      ),
    },
    { head: t('backfill.status'), cell: (one) => <BackfillState backfill={one} /> },
    { head: t('backfill.progress'), cell: (one) => <BackfillProgress backfill={one} /> },
    {
      head: t('backfill.by'),
      cell: (one) => (
        <>
          {one.actor} <span class="text-muted">{one.note}</span>
        </>
      ),
      class: 'max-md:hidden',
    },
  ];
  const Ask = () => <ActionButton words={t('backfill.new')} run={props.ask} lacks={session.may('run:start') ? undefined : 'run:start'} />;
  return (
    <Fetched
      query={list}
      skeleton="h-64"
      isEmpty={({ pages }) => pages[0]?.items.length === 0}
      empty={
        <Empty says={t('backfill.none')}>
          <Ask />
        </Empty>
      }
    >
      {(data) => (
        <>
          <div class="mb-3">
            <Ask />
          </div>
          <Table caption={t('backfill.caption')} columns={columns} items={data().pages.flatMap(({ items }) => items)} />
          <MoreButton words={shared('schedules.more')} query={list} />
        </>
      )}
    </Fetched>
  );
};
