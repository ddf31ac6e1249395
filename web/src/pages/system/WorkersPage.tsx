import CircleX from 'lucide-solid/icons/circle-x';
import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { workersQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import type { WorkerView } from '../../api/views.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { useNow } from '../../time/clock.ts';
import { t } from './words.ts';

const slotsOf = (worker: WorkerView): string =>
  Object.entries(worker.slots)
    .map(([queue, { used, total }]) => `${queue} ${used}/${total}`)
    .join(', ');

/** Workers say every few seconds that they are there; the API counts those that did lately as alive. */
const SILENT_MS = 30_000;

const Heard = (props: { at: string }) => {
  const now = useNow();
  const passed = () => Math.max(0, Math.floor((now() - Date.parse(props.at)) / 1000) * 1000);
  return (
    <span class="flex items-center gap-3">
      <Show when={passed() > SILENT_MS} fallback={<span>{t('workers.heard', formatDuration(passed()))}</span>}>
        <span class="tone-failed flex items-center gap-2 text-(--tone)">
          <CircleX size={16} class="shrink-0" aria-hidden="true" />
          {t('workers.silent', formatDuration(passed()))}
        </span>
      </Show>
      <span class="text-muted">
        <Timestamp at={props.at} />
      </span>
    </span>
  );
};

const COLUMNS: readonly Column<WorkerView>[] = [
  { head: t('workers.host'), cell: (worker) => <span class="font-semibold">{worker.host}</span> },
  { head: t('workers.pid'), cell: (worker) => worker.pid },
  { head: t('workers.queues'), cell: (worker) => <span class="block min-w-48">{worker.queues.join(', ')}</span> },
  { head: t('workers.slots'), cell: (worker) => <span class="block min-w-48">{slotsOf(worker)}</span> },
  { head: t('workers.seen'), cell: (worker) => <Heard at={worker.last_seen_at} />, class: 'whitespace-nowrap' },
];

/** The processes that carry out steps, and when each was last heard of. */
export const WorkersPage = () => {
  const workers = useQuery(() => workersQuery());
  return (
    <Page title={t('workers.title')} trail={[{ word: t('system.title'), href: '/system' }]}>
      <div class="mt-4">
        <Fetched query={workers} skeleton="h-64" isEmpty={(all) => all.length === 0} empty={<Empty says={t('workers.none')} />}>
          {(all) => <Table caption={t('workers.caption')} columns={COLUMNS} items={all()} />}
        </Fetched>
      </div>
    </Page>
  );
};
