import X from 'lucide-solid/icons/x';
import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { useQuery } from '../../api/use-query.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { IconButton } from '../../components/IconButton.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { queueQuery } from './queries.ts';
import type { QueueDetail } from './views.ts';
import { t } from './words.ts';

type Worker = QueueDetail['workers'][number] & { readonly seen: number | null };

const WORKERS: readonly Column<Worker>[] = [
  { head: t('queue.worker'), cell: ({ id }) => <span class="font-mono">{id}</span> },
  { head: t('queue.slots'), cell: ({ used, total }) => `${used} / ${total}` },
  {
    head: t('queue.seen'),
    cell: ({ seen }) => (seen === null ? '–' : t('queue.ago', formatDuration(Math.max(1, Math.round(seen)) * 1000))),
  },
];

const workersOf = (queue: QueueDetail): readonly Worker[] =>
  queue.workers.map((worker) => ({ ...worker, seen: queue.pollers?.find((one) => one.worker === worker.id)?.seen_seconds_ago ?? null }));

/** How one queue fared over its last day, minute by minute, and which processes serve it. */
export const QueueDay = (props: { name: string; close: () => void }) => {
  const queue = useQuery(() => queueQuery(props.name));
  return (
    <section class="rounded-layer border border-hairline p-4" aria-label={props.name}>
      <div class="flex items-start gap-2">
        <h2 class="min-w-0 flex-1 text-section font-semibold break-words">{props.name}</h2>
        <IconButton label={t('queue.close')} press={() => props.close()}>
          <X size={16} />
        </IconButton>
      </div>
      <Fetched query={queue} skeleton="h-72">
        {(found) => (
          <>
            <p class="mb-3 text-muted">
              {t('queue.last_used')} <Timestamp at={found().last_used_at} />
            </p>
            <h3 class="mb-2 font-semibold">{t('queue.history')}</h3>
            <Show when={found().history.length > 0} fallback={<p class="text-muted">{t('queue.no_history')}</p>}>
              <TimeChart
                label={t('queue.chart', found().name)}
                times={found().history.map(({ at }) => Date.parse(at))}
                step={60_000}
                series={[
                  { id: 'waiting', name: t('queue.waiting'), tone: 'queued', values: found().history.map(({ depth }) => depth) },
                  { id: 'running', name: t('queue.running'), tone: 'running', values: found().history.map(({ used }) => used) },
                ]}
                kind="lines"
                height={160}
              />
            </Show>
            <h3 class="mt-4 mb-2 font-semibold">{t('queue.workers')}</h3>
            <Show when={found().workers.length > 0} fallback={<p class="text-muted">{t('queue.nobody')}</p>}>
              <div class="px-4 md:px-6">
                <Table caption={t('queue.workers')} columns={WORKERS} items={workersOf(found())} />
              </div>
            </Show>
          </>
        )}
      </Fetched>
    </section>
  );
};
