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

/** The address of a job's page. */
export const hrefOfJob = (name: string, view = ''): string => `/jobs/${encodeURIComponent(name)}${view === '' ? '' : `/${view}`}`;

const TAGS_SHOWN = 2;

const Tags = (props: { job: JobRow; tab: () => 0 | -1; choose: (tag: string) => void }) => (
  <span class="flex gap-2 truncate" title={props.job.tags.join(', ')}>
    <For each={props.job.tags.slice(0, TAGS_SHOWN)}>
      {(tag) => (
        <button
          type="button"
          tabindex={props.tab()}
          class="min-h-6 truncate text-muted hover:text-text hover:underline"
          title={t('filter.by_tag', tag)}
          onClick={() => props.choose(tag)}
        >
          <bdi>{visible(tag)}</bdi>
        </button>
      )}
    </For>
    <Show when={props.job.tags.length > TAGS_SHOWN}>
      <span class="self-center text-muted">+{props.job.tags.length - TAGS_SHOWN}</span>
    </Show>
  </span>
);

/** The columns of the list of jobs. */
export const jobColumns = (chooseTag: (tag: string) => void): readonly VirtualColumn<JobRow>[] => [
  {
    id: 'name',
    head: t('column.name'),
    width: 160,
    grow: 1,
    cell: (job, tab) => (
      <span class="flex items-baseline gap-2">
        <A class="quiet-link max-w-80 min-w-0 truncate font-semibold" tabindex={tab()} href={hrefOfJob(job.name)}>
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
            <bdi class="w-0 grow truncate text-muted" title={visible(says().slice(0, 500))}>
              {visible(says().slice(0, 200))}
            </bdi>
          )}
        </Show>
      </span>
    ),
  },
  { id: 'tags', head: t('column.tags'), width: 120, cell: (job, tab) => <Tags job={job} tab={tab} choose={chooseTag} /> },
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
          <A class="quiet-link inline-flex items-center gap-2" tabindex={tab()} href={`/runs/${job.last_run_id}`}>
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
    width: 40,
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
