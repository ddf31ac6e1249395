import { A, useLocation, useParams } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { runQuery, stepsQuery } from '../../api/queries.ts';
import type { RunView } from '../../api/views.ts';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { Page } from '../../frame/Page.tsx';
import { applyNews } from '../../live/cache.ts';
import { useTopic } from '../../live/Live.tsx';
import { t } from '../../words.ts';
import { EventsView } from './EventsView.tsx';
import { LogTab } from './LogTab.tsx';
import { OutputsView } from './OutputsView.tsx';
import { RunActions } from './RunActions.tsx';
import { Cause, RunHeading, RunState } from './RunHeader.tsx';
import { likelyStep, stepRows } from './rows.ts';
import { StepPanel } from './StepPanel.tsx';
import { Timeline } from './timeline/Timeline.tsx';

const VIEWS = ['timeline', 'log', 'outputs', 'events'] as const;
type View = (typeof VIEWS)[number];
const viewOf = (word: string | undefined): View => VIEWS.find((view) => view === word) ?? 'timeline';

/** One run: what became of it and why, its steps on a time axis, and the chosen step's attempts, settings, outputs and live log. */
export const RunPage = () => {
  const params = useParams<{ id: string; view?: string }>();
  const queries = useQueryClient();
  const run = useQuery(() => runQuery(params.id));
  useTopic(
    () => `run:${params.id}`,
    (message) => applyNews(queries, message),
  );
  return (
    <Switch>
      <Match when={isLoaded(run)}>
        <OpenRun run={run.data as RunView} view={viewOf(params.view)} />
      </Match>
      <Match when={true}>
        <Page title={t('run.missing')} trail={[{ word: t('runs.title'), href: '/runs' }]}>
          <Fetched query={run} skeleton="h-96">
            {() => null}
          </Fetched>
        </Page>
      </Match>
    </Switch>
  );
};

const OpenRun = (props: { run: RunView; view: View }) => {
  const location = useLocation();
  const steps = useQuery(() => stepsQuery(props.run.id));
  const rows = createMemo(() => stepRows(props.run.plan_steps, isLoaded(steps) ? (steps.data ?? []) : [], hasEnded(props.run.status)));
  const asked = () => new URLSearchParams(location.search).get('step');
  // Until the reader chooses a step or touches its panel, the page goes along with what happens.
  const [held, hold] = createSignal<string | null>(null);
  const chosen = createMemo(() => {
    const wanted = asked() ?? held();
    return rows().find((row) => row.key === wanted) ?? likelyStep(rows());
  });
  const hrefOf = (view: View, key = asked()) =>
    `/runs/${props.run.id}${view === 'timeline' ? '' : `/${view}`}${key === null ? '' : `?step=${encodeURIComponent(key)}`}`;
  const title = () => `${props.run.job} #${props.run.number}`;

  return (
    <Page
      title={title()}
      heading={<RunHeading run={props.run} />}
      trail={[{ word: t('runs.title'), href: '/runs' }]}
      state={<RunState run={props.run} />}
      actions={<RunActions run={props.run} rows={rows()} />}
      filled={props.view === 'log'}
    >
      <Cause run={props.run} rows={rows()} logOf={(key) => hrefOf('log', key)} />
      <nav class="mt-4 flex gap-4 overflow-x-auto border-b border-hairline" aria-label={t('run.views')}>
        <For each={VIEWS}>
          {(view) => (
            <A
              href={hrefOf(view)}
              noScroll
              activeClass=""
              inactiveClass=""
              aria-current={props.view === view ? 'page' : undefined}
              class={`-mb-px flex h-9 items-center border-b-2 -outline-offset-2 ${props.view === view ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-text'}`}
            >
              {t(`run.${view}`)}
            </A>
          )}
        </For>
      </nav>
      <Switch>
        <Match when={props.view === 'timeline'}>
          <Fetched query={steps} skeleton="h-64">
            {() => (
              <div class="mt-3 grid gap-6 xl:grid-cols-[minmax(0,1fr)_420px]">
                <Timeline run={props.run} rows={rows()} chosen={chosen()?.key} hrefOf={(key) => hrefOf('timeline', key)} />
                <Show when={chosen()}>
                  {(row) => <StepPanel run={props.run} row={row()} logHref={hrefOf('log', row().key)} touched={() => hold(row().key)} />}
                </Show>
              </div>
            )}
          </Fetched>
        </Match>
        <Match when={props.view === 'log'}>
          <LogTab run={props.run} rows={rows()} chosen={chosen()} hrefOf={(key) => hrefOf('log', key)} />
        </Match>
        <Match when={props.view === 'outputs'}>
          <OutputsView run={props.run} />
        </Match>
        <Match when={props.view === 'events'}>
          <EventsView run={props.run} />
        </Match>
      </Switch>
    </Page>
  );
};
