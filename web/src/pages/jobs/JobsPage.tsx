import { A } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { jobsQuery } from '../../api/queries.ts';
import type { ListedJob } from '../../api/views.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { useTopic } from '../../live/Live.tsx';
import { t } from '../../words.ts';

const pathOf = (job: ListedJob) => `/jobs/${encodeURIComponent(job.name)}`;

const COLUMNS: readonly Column<ListedJob>[] = [
  {
    head: t('jobs.name'),
    cell: (job) => (
      <span class="flex min-w-0 flex-col">
        <span>
          <A class="font-semibold after:absolute after:inset-0" href={pathOf(job)}>
            {job.name}
          </A>
          <Show when={job.sample}>
            <span class="text-muted"> · {t('runs.sample')}</span>
          </Show>
          <Show when={!job.active}>
            <span class="text-muted"> · {t('jobs.off')}</span>
          </Show>
        </span>
        <span class="max-w-column text-muted">{job.title ?? job.description}</span>
      </span>
    ),
  },
  { head: t('jobs.version'), cell: (job) => `v${job.version}` },
  {
    head: t('jobs.last_run'),
    cell: (job) => (
      <Show when={job.last_run_status}>
        {(status) => (
          <A class="relative z-10 flex flex-wrap gap-x-3 hover:underline" href={`/runs/${job.last_run_id}`}>
            <StatusBadge status={status()} />
            <span class="text-muted">
              <Timestamp at={job.last_run_at} />
            </span>
          </A>
        )}
      </Show>
    ),
  },
  { head: t('jobs.tags'), cell: (job) => <span class="text-muted">{job.tags.join(', ')}</span>, class: 'max-md:hidden' },
  { head: t('jobs.changed'), cell: (job) => <Timestamp at={job.updated_at} />, class: 'whitespace-nowrap max-md:hidden' },
  {
    head: t('jobs.start'),
    quiet: true,
    cell: (job) => (
      <A class="link relative z-10 inline-flex min-h-6 items-center" href={`${pathOf(job)}/run`} aria-label={t('jobs.start_of', job.name)}>
        {t('jobs.start')}
      </A>
    ),
    class: 'text-right',
  },
];

/** Every job, by name. */
export const JobsPage = () => {
  const jobs = useQuery(() => jobsQuery());
  useTopic(
    () => 'jobs',
    () => void jobs.refetch(),
  );
  return (
    <Page title={t('jobs.title')}>
      <div class="mt-4">
        <Fetched query={jobs} skeleton="h-64" isEmpty={(all) => all.length === 0} empty={<Empty says={t('jobs.none')} />}>
          {(all) => <Table caption={t('jobs.caption')} columns={COLUMNS} items={all()} />}
        </Fetched>
      </div>
    </Page>
  );
};
