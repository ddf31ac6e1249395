import { A, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { lazy, Match, Show, Switch } from 'solid-js';
import { ApiProblem } from '../../api/problem.ts';
import { useQuery } from '../../api/use-query.ts';
import { Banner } from '../../components/Banner.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import { Page } from '../../frame/Page.tsx';
import { useTopic } from '../../live/Live.tsx';
import { Suspense } from '../../solid.ts';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { JobActions } from './actions/JobActions.tsx';
import { DefinitionView } from './DefinitionView.tsx';
import { GridView } from './grid/GridView.tsx';
import { HealthTab } from './HealthTab.tsx';
import { JobFacts } from './JobFacts.tsx';
import { hrefOfJob } from './list/columns.tsx';
import { jobsFilter } from './list/filter.ts';
import { jobNowQuery } from './queries.ts';
import { SchedulesTab } from './SchedulesTab.tsx';
import type { JobNow } from './views.ts';
import { t } from './words.ts';

const VersionsView = lazy(async () => ({ default: (await import('./versions/VersionsView.tsx')).VersionsView }));
const StartForm = lazy(async () => ({ default: (await import('./start/StartForm.tsx')).StartForm }));
const VIEWS = ['runs', 'definition', 'versions', 'schedules', 'run', 'health'] as const;
type View = (typeof VIEWS)[number];

/** One job: how its steps went run by run, what it says and said, what starts it, the form that does, and whether it could run today. */
export const JobPage = () => {
  const params = useParams<{ name: string; view?: string }>();
  const view = (): View | undefined => (params.view === undefined ? 'runs' : VIEWS.find((one) => one === params.view));
  return (
    <Show when={view()} fallback={<NotFoundPage />}>
      {(shown) => (
        <Show when={params.name} keyed>
          {(name) => <OneJob name={name} view={shown()} />}
        </Show>
      )}
    </Show>
  );
};

const OneJob = (props: { name: string; view: View }) => {
  const queries = useQueryClient();
  const job = useQuery(() => jobNowQuery(props.name));
  useTopic(
    () => 'jobs',
    (message) => 'job' in message && message.job === props.name && void queries.invalidateQueries({ queryKey: ['job', props.name] }),
  );
  const loaded = () => job.data;
  const isGone = () => job.error instanceof ApiProblem && job.error.status === 404;
  return (
    <Page
      title={props.name}
      trail={[{ word: t('jobs.title'), href: '/jobs' }]}
      state={<Show when={loaded()}>{(found) => <JobFacts job={found()} />}</Show>}
      actions={<Show when={loaded()}>{(found) => <JobActions job={found()} isStarting={props.view === 'run'} />}</Show>}
    >
      <Show when={loaded()?.active === false}>
        <div class="-mx-4 mt-3 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1">{t('job.is_off')}</span>
          </Banner>
        </div>
      </Show>
      <Show when={!isGone()} fallback={<Gone name={props.name} />}>
        <div class="mt-4">
          <Tabs
            label={t('job.views')}
            current={props.view}
            tabs={VIEWS.map((one) => ({ id: one, word: t(`job.${one}`), href: hrefOfJob(props.name, one === 'runs' ? '' : one) }))}
          />
        </div>
        <div class="mt-4">
          <Switch
            fallback={
              <Fetched query={job} skeleton="h-64">
                {(found) => (
                  <Suspense fallback={<div class="h-64" />}>
                    <Told view={props.view} job={found()} />
                  </Suspense>
                )}
              </Fetched>
            }
          >
            <Match when={props.view === 'runs'}>
              <GridView name={props.name} current={loaded()?.definition} />
            </Match>
            <Match when={props.view === 'schedules'}>
              <SchedulesTab name={props.name} />
            </Match>
            <Match when={props.view === 'health'}>
              <HealthTab name={props.name} />
            </Match>
          </Switch>
        </div>
      </Show>
    </Page>
  );
};

/** The views that need the job itself. */
const Told = (props: { view: View; job: JobNow }) => (
  <Switch>
    <Match when={props.view === 'definition'}>
      <DefinitionView job={props.job} />
    </Match>
    <Match when={props.view === 'versions'}>
      <VersionsView job={props.job} />
    </Match>
    <Match when={props.view === 'run'}>
      <StartForm job={props.job} />
    </Match>
  </Switch>
);

const Gone = (props: { name: string }) => (
  <Empty says={t('job.gone')}>
    <div class="flex flex-wrap gap-2">
      <A class="button" href={`/runs?job=${encodeURIComponent(props.name)}`}>
        {t('job.gone_runs')}
      </A>
      <A class="button" href={`/jobs?${jobsFilter.write({ ...jobsFilter.absent, q: props.name })}`}>
        {t('job.gone_search')}
      </A>
      <A class="button" href="/jobs/trash">
        {t('job.gone_trash')}
      </A>
    </div>
  </Empty>
);
