import { useQuery } from '@tanstack/solid-query';
import { historyQuery } from '../../api/queries.ts';
import type { HistoryEntry, RunView } from '../../api/views.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { whenChanged } from '../../solid.ts';
import { t } from '../../words.ts';

const COLUMNS: readonly Column<HistoryEntry>[] = [
  { head: t('events.at'), cell: (entry) => <Timestamp at={entry.at} />, class: 'whitespace-nowrap' },
  { head: t('events.what'), cell: (entry) => (entry.step_key === '' ? <span class="text-muted">{t('events.run')}</span> : entry.step_key) },
  { head: t('events.status'), cell: (entry) => <StatusBadge status={entry.status} /> },
  { head: t('events.who'), cell: (entry) => entry.actor ?? '' },
  { head: t('events.message'), cell: (entry) => <span class="break-words">{entry.message}</span>, class: 'min-w-60' },
];

/** Every status the run and its steps had, in order. */
export const EventsView = (props: { run: RunView }) => {
  const history = useQuery(() => historyQuery(props.run.id));
  whenChanged(
    () => props.run.seq,
    () => void history.refetch(),
    'later',
  );
  return (
    <div class="mt-4">
      <Fetched query={history} skeleton="h-64" isEmpty={(page) => page.items.length === 0} empty={<Empty says={t('events.none')} />}>
        {(page) => <Table caption={t('events.caption')} columns={COLUMNS} items={page().items} />}
      </Fetched>
    </div>
  );
};
