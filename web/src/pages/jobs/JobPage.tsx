import { A, useNavigate, useParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { For, Match, Show, Switch } from 'solid-js';
import { jobQuery } from '../../api/queries.ts';
import type { JobView } from '../../api/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { Page } from '../../frame/Page.tsx';
import { NO_FILTER, runsSearch } from '../../url/runs-filter.ts';
import { t } from '../../words.ts';
import { RunsList } from '../runs/RunsList.tsx';
import { StartForm } from './start/StartForm.tsx';

const VIEWS = ['runs', 'definition', 'run'] as const;
type View = (typeof VIEWS)[number];

/** One job: its runs, its definition, and the form that starts it. */
export const JobPage = () => {
  const params = useParams<{ name: string; view?: string }>();
  const navigate = useNavigate();
  const job = useQuery(() => jobQuery(params.name));
  const view = (): View => VIEWS.find((one) => one === params.view) ?? 'runs';
  const hrefOf = (one: View) => `/jobs/${encodeURIComponent(params.name)}${one === 'runs' ? '' : `/${one}`}`;
  return (
    <Page
      title={params.name}
      trail={[{ word: t('jobs.title'), href: '/jobs' }]}
      filled={view() === 'runs'}
      state={<Show when={isLoaded(job) && job.data}>{(found) => <Facts job={found()} />}</Show>}
      actions={
        <Show when={view() !== 'run'}>
          <A class="button button-main" href={hrefOf('run')}>
            {t('jobs.run')}
          </A>
        </Show>
      }
    >
      <nav class="mt-4 flex gap-4 border-b border-hairline" aria-label={t('jobs.views')}>
        <For each={VIEWS}>
          {(one) => (
            <A
              href={hrefOf(one)}
              activeClass=""
              inactiveClass=""
              aria-current={view() === one ? 'page' : undefined}
              class={`-mb-px flex h-9 items-center border-b-2 -outline-offset-2 ${view() === one ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-text'}`}
            >
              {t(`jobs.${one}`)}
            </A>
          )}
        </For>
      </nav>
      <Switch>
        <Match when={view() === 'runs'}>
          <RunsList filter={{ ...NO_FILTER, job: params.name }} change={(filter) => navigate(`/runs?${runsSearch(filter)}`)} />
        </Match>
        <Match when={true}>
          <div class="mt-4">
            <Fetched query={job} skeleton="h-64">
              {(found) => (
                <Show when={view() === 'definition'} fallback={<StartForm job={found()} />}>
                  <Source job={found()} />
                </Show>
              )}
            </Fetched>
          </div>
        </Match>
      </Switch>
    </Page>
  );
};

const Facts = (props: { job: JobView }) => (
  <span class="flex flex-wrap gap-x-4 gap-y-1">
    <span>v{props.job.version}</span>
    <Show when={props.job.title ?? props.job.description}>{(says) => <span class="max-w-column">{says()}</span>}</Show>
    <Show when={props.job.tags.length > 0}>
      <span>{props.job.tags.join(', ')}</span>
    </Show>
    <span>
      <Timestamp at={props.job.updated_at} /> {props.job.updated_by}
    </span>
  </span>
);

const Source = (props: { job: JobView }) => (
  <div class="relative">
    <pre
      class="overflow-x-auto rounded-control bg-log p-4 pr-12 font-mono text-table"
      tabindex="0"
      role="region"
      aria-label={t('jobs.definition')}
    >
      {props.job.source}
    </pre>
    <CopyButton text={props.job.source} class="absolute top-1 right-1" />
  </div>
);
