import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import type { VirtualColumn } from '../../../components/VirtualTable.tsx';
import { visible } from '../../../components/visible.ts';
import { RECENT } from '../queries.ts';
import type { JobRow } from '../views.ts';
import { t } from '../words.ts';
import { middleOf, successOf } from './recent.ts';
import { Spark } from './Spark.tsx';
import { fittingTags } from './tags.ts';

/** The address of a job's page. */
export const hrefOfJob = (name: string, view = ''): string => `/jobs/${encodeURIComponent(name)}${view === '' ? '' : `/${view}`}`;

const TAGS_WIDTH = 140;

const Tags = (props: { job: JobRow; tab: () => 0 | -1; choose: (tag: string) => void }) => {
  const shown = () => fittingTags(props.job.tags, TAGS_WIDTH);
  return (
    <span class="flex items-center gap-1" title={props.job.tags.join(', ')}>
      <For each={shown()}>
        {(tag) => (
          <button
            type="button"
            tabindex={props.tab()}
            class="group flex h-6 min-w-6 items-center outline-offset-[-2px]"
            title={t('filter.by_tag', tag)}
            onClick={() => props.choose(tag)}
          >
            <bdi class="tag truncate group-hover:border-control group-hover:text-text">{visible(tag)}</bdi>
          </button>
        )}
      </For>
      <Show when={props.job.tags.length > shown().length}>
        <span class="shrink-0 text-meta text-muted">+{props.job.tags.length - shown().length}</span>
      </Show>
    </span>
  );
};

/** The columns of the list of jobs. */
export const jobColumns = (chooseTag: (tag: string) => void): readonly VirtualColumn<JobRow>[] => [
  {
    id: 'name',
    head: t('column.name'),
    width: 160,
    grow: 1,
    cell: (job, tab) => (
      <span class="flex h-5 flex-wrap items-baseline gap-x-2 overflow-hidden">
        <A class="quiet-link max-w-[min(100%,320px)] truncate font-semibold" tabindex={tab()} href={hrefOfJob(job.name)}>
          {job.name}
        </A>
        <Show when={!job.active}>
          <span class="shrink-0 text-meta text-muted">{t('jobs.off')}</span>
        </Show>
        <Show when={job.sample}>
          <span class="shrink-0 text-meta text-muted">{t('jobs.sample')}</span>
        </Show>
        <Show when={job.title ?? job.description}>
          {(says) => (
            // Where a few words of it have no room, it wraps out of sight.
            <bdi class="w-0 min-w-16 grow truncate text-muted" title={visible(says().slice(0, 500))}>
              {visible(says().slice(0, 200))}
            </bdi>
          )}
        </Show>
      </span>
    ),
  },
  { id: 'tags', head: t('column.tags'), width: TAGS_WIDTH, cell: (job, tab) => <Tags job={job} tab={tab} choose={chooseTag} /> },
  {
    id: 'recent',
    head: t('column.recent', RECENT),
    width: 120,
    cell: (job) => <Spark runs={job.recent_runs ?? []} most={RECENT} />,
  },
  {
    id: 'success',
    head: t('column.success'),
    title: t('column.success_hint'),
    width: 56,
    align: 'right',
    cell: (job) => {
      const success = () => successOf(job.recent_runs ?? []);
      return <span class={success() === null ? 'text-muted' : ''}>{success() === null ? '–' : t('column.percent', success() ?? 0)}</span>;
    },
  },
  {
    id: 'middle',
    head: t('column.middle'),
    title: t('column.middle_hint'),
    width: 64,
    align: 'right',
    cell: (job) => {
      const middle = () => middleOf(job.recent_runs ?? []);
      return <span class={middle() === null ? 'text-muted' : ''}>{middle() === null ? '–' : formatDuration(middle() ?? 0)}</span>;
    },
  },
  {
    id: 'next',
    head: t('column.next'),
    width: 148,
    cell: (job) => (
      <span class={job.next_at ? '' : 'text-muted'}>
        <Timestamp at={job.next_at} zone={job.next_timezone ?? null} />
      </span>
    ),
  },
  {
    id: 'last',
    head: t('column.last'),
    width: 172,
    cell: (job, tab) => (
      <Show when={job.last_run_status} fallback={<span class="text-muted">–</span>}>
        {(status) => (
          <A class="quiet-link flex w-fit items-center gap-2" tabindex={tab()} href={`/runs/${job.last_run_id}`}>
            <StatusIcon status={status()} />
            <Timestamp at={job.last_run_at} />
          </A>
        )}
      </Show>
    ),
  },
  {
    id: 'start',
    head: t('column.start'),
    quiet: true,
    width: 48,
    align: 'right',
    cell: (job, tab) => (
      <A
        class="link inline-flex min-h-6 items-center"
        tabindex={tab()}
        href={hrefOfJob(job.name, 'run')}
        aria-label={t('column.start_of', job.name)}
      >
        {t('column.start')}
      </A>
    ),
  },
];
