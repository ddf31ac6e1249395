import { useQuery } from '@tanstack/solid-query';
import { workersQuery } from '../../api/queries.ts';
import type { WorkerView } from '../../api/views.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { t } from '../../words.ts';

const slotsOf = (worker: WorkerView): string =>
  Object.entries(worker.slots)
    .map(([queue, { used, total }]) => `${queue} ${used}/${total}`)
    .join(', ');

const COLUMNS: readonly Column<WorkerView>[] = [
  { head: t('workers.host'), cell: (worker) => <span class="font-semibold">{worker.host}</span> },
  { head: t('workers.pid'), cell: (worker) => worker.pid },
  { head: t('workers.queues'), cell: (worker) => worker.queues.join(', ') },
  { head: t('workers.slots'), cell: (worker) => slotsOf(worker) },
  { head: t('workers.seen'), cell: (worker) => <Timestamp at={worker.last_seen_at} />, class: 'whitespace-nowrap' },
];

/** The processes that carry out steps, and when each was last heard of. */
export const WorkersPage = () => {
  const workers = useQuery(() => workersQuery());
  return (
    <Page title={t('workers.title')}>
      <div class="mt-4">
        <Fetched query={workers} skeleton="h-64" isEmpty={(all) => all.length === 0} empty={<Empty says={t('workers.none')} />}>
          {(all) => <Table caption={t('workers.caption')} columns={COLUMNS} items={all()} />}
        </Fetched>
      </div>
    </Page>
  );
};
