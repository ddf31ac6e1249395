import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { Timestamp } from '../../components/Timestamp.tsx';
import { visible } from '../../components/visible.ts';
import { jobsFilter } from './list/filter.ts';
import type { JobAt } from './views.ts';
import { t } from './words.ts';

/** Characters of a title or description that are shown. */
const LONGEST = 500;

const listOf = (part: Partial<typeof jobsFilter.absent>): string => `/jobs?${jobsFilter.write({ ...jobsFilter.absent, ...part })}`;

/** The line under a job's name: version, who saved it when, what it is about, where it is filed. */
export const JobFacts = (props: { job: JobAt }) => (
  <span class="flex flex-wrap gap-x-4 gap-y-1">
    <span>{t('job.version', props.job.current_version)}</span>
    <span>
      {t('job.saved_by', props.job.updated_by)} <Timestamp at={props.job.updated_at} />
    </span>
    <Show when={props.job.category}>
      {(category) => (
        <A class="quiet-link" href={listOf({ category: category() })}>
          <bdi>{visible(category())}</bdi>
        </A>
      )}
    </Show>
    <Show when={props.job.tags.length > 0}>
      <span class="-my-0.5 flex flex-wrap gap-1">
        <For each={props.job.tags}>
          {(tag) => (
            <A class="group flex h-6 min-w-6 items-center" href={listOf({ tag })} title={t('filter.by_tag', tag)}>
              <bdi class="tag group-hover:border-control group-hover:text-text">{visible(tag)}</bdi>
            </A>
          )}
        </For>
      </span>
    </Show>
    <Show when={props.job.title ?? props.job.description}>
      {(says) => <bdi class="line-clamp-2 min-w-0 max-w-column break-words">{visible(says().slice(0, LONGEST))}</bdi>}
    </Show>
  </span>
);
