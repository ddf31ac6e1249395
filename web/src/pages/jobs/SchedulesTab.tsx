import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { MayLink } from '../../components/MayLink.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { atMostEvery } from '../../live/at-most-every.ts';
import { useTopic } from '../../live/Live.tsx';
import { jobSchedulesQuery } from './queries.ts';
import type { JobSchedule } from './views.ts';
import { t } from './words.ts';

const COLUMNS: readonly Column<JobSchedule>[] = [
  {
    head: t('schedules.name'),
    cell: (schedule) => (
      <A class="font-semibold after:absolute after:inset-0" href={`/schedules/${encodeURIComponent(schedule.name)}`}>
        {schedule.name}
      </A>
    ),
  },
  { head: t('schedules.when'), cell: (schedule) => <span class="block max-w-column min-w-48 break-words">{schedule.words}</span> },
  { head: t('schedules.zone'), cell: (schedule) => schedule.timezone, class: 'whitespace-nowrap' },
  {
    head: t('schedules.state'),
    cell: (schedule) => <span title={schedule.stopped_reason ?? undefined}>{t(`schedules.${schedule.state}`)}</span>,
    class: 'whitespace-nowrap',
  },
  {
    head: t('schedules.next'),
    cell: (schedule) => <Timestamp at={schedule.next_at} zone={schedule.timezone} />,
    class: 'whitespace-nowrap',
  },
  {
    head: t('schedules.last'),
    cell: (schedule) => (
      <Show when={schedule.last_status} fallback="–">
        {(status) => (
          <Show
            when={schedule.last_run}
            fallback={
              <>
                <StatusBadge status={status()} /> <Timestamp at={schedule.last_fire_at} zone={schedule.timezone} />
              </>
            }
          >
            {(run) => (
              <A class="quiet-link relative z-10 inline-flex gap-3" href={`/runs/${run()}`}>
                <StatusBadge status={status()} />
                <Timestamp at={schedule.last_fire_at} zone={schedule.timezone} />
              </A>
            )}
          </Show>
        )}
      </Show>
    ),
  },
];

/** News of its runs makes the list be read again at most this often. */
const READ_MS = 2000;

/** What starts a job by itself; it is changed on the pages of schedules. */
export const SchedulesTab = (props: { name: string }) => {
  const schedules = useQuery(() => jobSchedulesQuery(props.name));
  // A start has moved the next one, and its run has another status.
  const readAgain = atMostEvery(READ_MS, () => void schedules.refetch({ cancelRefetch: false }));
  useTopic(
    () => 'runs',
    (message) => 'run' in message && message.run.job === props.name && message.run.schedule !== null && readAgain(),
  );
  const create = () => (
    <MayLink href={`/schedules/new?job=${encodeURIComponent(props.name)}`} words={t('schedules.new')} permission="schedule:edit" />
  );
  return (
    <Fetched
      query={schedules}
      skeleton="h-40"
      isEmpty={(page) => page.items.length === 0}
      empty={<Empty says={t('schedules.none')}>{create()}</Empty>}
    >
      {(page) => (
        <>
          <Table caption={t('schedules.caption')} columns={COLUMNS} items={page().items} />
          <Show when={page().next !== null}>
            <p class="mt-3 text-muted">
              {t('schedules.more', page().items.length)}{' '}
              <A class="link" href={`/schedules?job=${encodeURIComponent(props.name)}`}>
                {t('schedules.all')}
              </A>
            </p>
          </Show>
          <div class="mt-4">{create()}</div>
        </>
      )}
    </Fetched>
  );
};
