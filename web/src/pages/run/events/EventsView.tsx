import { createMemo, createSignal, Show } from 'solid-js';
import { historyQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { HistoryEntry, RunView } from '../../../api/views.ts';
import { Checkbox } from '../../../components/Checkbox.tsx';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { type VirtualColumn, VirtualTable } from '../../../components/VirtualTable.tsx';
import { short } from '../../../components/visible.ts';
import { atMostEvery } from '../../../live/at-most-every.ts';
import { whenChanged } from '../../../solid.ts';
import { t } from './words.ts';

/** A run under way is read on this often. */
const NEWS_MS = 1_000;
/** Messages are cut to this in their row. */
const LONGEST = 500;

/** Every status the run and its steps had, in order. */
export const EventsView = (props: { run: RunView }) => {
  const history = useQuery(() => historyQuery(props.run.id));
  const readOn = atMostEvery(NEWS_MS, () => void history.refetch({ cancelRefetch: false }));
  whenChanged(() => props.run.seq, readOn, 'later');
  return (
    <div class="mt-3 flex min-h-0 flex-1 flex-col gap-3">
      <Fetched query={history} skeleton="h-64" isEmpty={(page) => page.items.length === 0} empty={<Empty says={t('events.none')} />}>
        {(page) => <EventList run={props.run} entries={page().items} />}
      </Fetched>
    </div>
  );
};

const EventList = (props: { run: RunView; entries: readonly HistoryEntry[] }) => {
  const [onlyRun, setOnlyRun] = createSignal(false);
  const [active, setActive] = createSignal<string | null>(null);
  const shown = createMemo(() => (onlyRun() ? props.entries.filter(({ step_key }) => step_key === '') : props.entries));
  const columns: readonly VirtualColumn<HistoryEntry>[] = [
    { id: 'at', head: t('events.at'), width: 150, cell: (entry) => <Timestamp at={entry.at} zone={props.run.timezone} /> },
    {
      id: 'of',
      head: t('events.what'),
      width: 140,
      grow: 1,
      cell: (entry) => (
        <Show when={entry.step_key} fallback={<span class="text-muted">{t('events.run')}</span>}>
          {(key) => <bdi title={key()}>{key()}</bdi>}
        </Show>
      ),
    },
    { id: 'status', head: t('events.status'), width: 150, cell: (entry) => <StatusBadge status={entry.status} /> },
    { id: 'who', head: t('events.who'), width: 120, cell: (entry) => <bdi>{entry.actor ?? ''}</bdi> },
    {
      id: 'message',
      head: t('events.message'),
      width: 240,
      grow: 3,
      cell: (entry) => <bdi title={short(entry.message ?? '', 4_000)}>{short(entry.message ?? '', LONGEST)}</bdi>,
    },
  ];
  return (
    <>
      <Checkbox label={t('events.only_run')} checked={onlyRun()} change={setOnlyRun} />
      <div class="-mx-4 flex h-[max(320px,calc(100dvh-340px))] min-h-0 flex-col md:-mx-6">
        <VirtualTable
          caption={t('events.caption')}
          columns={columns}
          rows={shown()}
          keyOf={(entry) => String(entry.id)}
          rowHeight={32}
          total={shown().length}
          place={`events ${props.run.id} ${onlyRun()}`}
          active={active()}
          onActive={setActive}
        />
      </div>
    </>
  );
};
