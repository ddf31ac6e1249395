import { useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, lazy, Match, Show, Switch } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { useActions } from '../../actions/actions.tsx';
import { runQuery, stepSummariesQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import type { RunView } from '../../api/views.ts';
import { Banner } from '../../components/Banner.tsx';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import { visible } from '../../components/visible.ts';
import { Page } from '../../frame/Page.tsx';
import { applyNews } from '../../live/cache.ts';
import { useTopic } from '../../live/Live.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { Suspense, whenChanged } from '../../solid.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { t as common } from '../../words.ts';
import { RunActions } from './actions/RunActions.tsx';
import { Cause } from './header/Cause.tsx';
import { ParameterFacts } from './header/ParameterFacts.tsx';
import { RunHeading, RunState, Warnings } from './header/RunState.tsx';
import { StatusNews } from './header/StatusNews.tsx';
import { NumberedRun } from './NumberedRun.tsx';
import { likelyStep, stepRows } from './rows.ts';
import { STEPS_VIEWS, StepsTab } from './steps/StepsTab.tsx';
import { stepsSearch } from './steps/search.ts';
import { t as words } from './steps/words.ts';
import { t } from './words.ts';

// Only what a run opens on comes with its page.
const AuditView = lazy(async () => ({ default: (await import('./audit/AuditView.tsx')).AuditView }));
const EventsView = lazy(async () => ({ default: (await import('./events/EventsView.tsx')).EventsView }));
const LogTab = lazy(async () => ({ default: (await import('./LogTab.tsx')).LogTab }));
const LineageView = lazy(async () => ({ default: (await import('./lineage/LineageView.tsx')).LineageView }));
const OutputsView = lazy(async () => ({ default: (await import('./outputs/OutputsView.tsx')).OutputsView }));
const PrintSheet = lazy(async () => ({ default: (await import('./print/PrintSheet.tsx')).PrintSheet }));

const VIEWS = ['timeline', 'graph', 'hosts', 'log', 'outputs', 'events', 'lineage', 'audit'] as const;
type View = (typeof VIEWS)[number];
/** Those that show the chosen step. */
const CHOOSING: readonly View[] = ['timeline', 'graph', 'hosts', 'log', 'outputs'];
/** The view an address names, else the one the reader prefers. */
const viewOf = (word: string | undefined): View => {
  const preferred = usePreferences().now().run_tab;
  return VIEWS.find((view) => view === word) ?? VIEWS.find((view) => view === preferred) ?? 'timeline';
};

/** One run: what became of it and why, its steps on a time axis, and the chosen step's attempts, settings, outputs and live log. */
export const RunPage = () => {
  const params = useParams<{ id: string; view?: string }>();
  return (
    <Show when={/^\d{1,15}$/.test(params.id)} fallback={<RunById id={params.id} view={viewOf(params.view)} />}>
      <NumberedRun number={params.id} />
    </Show>
  );
};

const RunById = (props: { id: string; view: View }) => {
  const queries = useQueryClient();
  const run = useQuery(() => runQuery(props.id));
  useTopic(
    () => `run:${props.id}`,
    (message) => applyNews(queries, message),
  );
  return (
    <Switch>
      {/* Each run has a page of its own: nothing asked, held or typed for one is there for the next. */}
      <Match when={isLoaded(run) && (run.data as RunView).id} keyed>
        <OpenRun run={run.data as RunView} view={props.view} />
      </Match>
      <Match when={true}>
        <Page title={t('run.missing')} trail={[{ word: common('runs.title'), href: '/runs' }]}>
          <Fetched query={run} skeleton="h-96">
            {() => null}
          </Fetched>
        </Page>
      </Match>
    </Switch>
  );
};

const OpenRun = (props: { run: RunView; view: View }) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const place = useParams<{ view?: string }>();
  const search = useSearchState(stepsSearch);
  const steps = useQuery(() => stepSummariesQuery(props.run.id));
  const rows = createMemo(() => stepRows(props.run.plan_steps, steps.data ?? [], hasEnded(props.run.status)));
  // Until the reader chooses a step or touches its panel, the page goes along with what happens.
  const [held, hold] = createSignal<string | null>(null);
  const chosen = createMemo(() => {
    const key = search.value().step || held();
    return rows().find((row) => row.key === key) ?? likelyStep(rows());
  });
  // Who holds what it waits for is told only where the run is asked for by itself.
  whenChanged(
    () => (props.run.waiting_for === 'lock' ? props.run.updated_at : null),
    (at) => at !== null && void queries.invalidateQueries({ queryKey: ['run', props.run.id] }),
    'later',
  );
  const hrefOf = (view: View, step = search.value().step) => {
    const { attempt, problems, filter } = search.value();
    const said = stepsSearch.write({ ...stepsSearch.absent, step, attempt, problems, filter });
    return `/runs/${props.run.id}/${view}${said === '' ? '' : `?${said}`}`;
  };
  // Lines and attempts of one log mean nothing in the next.
  const choose = (step: string) =>
    props.view === 'log'
      ? navigate(search.href({ step, attempt: null }), { replace: true, scroll: false })
      : search.change({ step }, 'none');
  const strayView = () => VIEWS.every((view) => view !== place.view) && place.view;
  const strayStep = () => {
    const { step } = search.value();
    return isLoaded(steps) && step !== '' && rows().every(({ key }) => key !== step) ? step : null;
  };
  useActions(() => {
    const move = (by: 1 | -1) => {
      const next = rows()[rows().findIndex(({ key }) => key === chosen()?.key) + by];
      if (next) choose(next.key);
    };
    return [
      { id: 'run.next_step', words: t('run.next_step'), key: ']', run: () => move(1) },
      { id: 'run.previous_step', words: t('run.previous_step'), key: '[', run: () => move(-1) },
      { id: 'run.open_log', words: t('steps.open_log'), quiet: true, run: () => navigate(hrefOf('log', chosen()?.key)) },
    ];
  });

  return (
    <Page
      title={`${props.run.job} #${props.run.number}`}
      heading={<RunHeading run={props.run} />}
      trail={[{ word: common('runs.title'), href: '/runs' }]}
      state={
        <>
          <RunState run={props.run} rows={rows()} />
          <ParameterFacts run={props.run} />
        </>
      }
      actions={<RunActions run={props.run} rows={rows()} steps={steps.data ?? []} chosen={chosen()} />}
      filled={props.view === 'log'}
    >
      <StatusNews run={props.run} />
      <Cause run={props.run} rows={rows()} logOf={(key) => hrefOf('log', key)} stepOf={(key) => hrefOf('timeline', key)} />
      <Warnings run={props.run} />
      <div class="mt-4 print:hidden">
        <Tabs
          label={t('run.views')}
          tabs={VIEWS.map((view) => ({ id: view, word: t(`run.${view}`), href: hrefOf(view) }))}
          current={props.view}
        />
      </div>
      <div class="contents print:hidden">
        <Show when={strayView()}>{(view) => <Banner tone="warning">{words('steps.dropped', visible(view().slice(0, 100)))}</Banner>}</Show>
        <Show when={CHOOSING.includes(props.view) && strayStep()}>
          {(step) => <Banner tone="warning">{words('steps.unknown', visible(step().slice(0, 100)))}</Banner>}
        </Show>
        <Suspense fallback={<div class="h-96" />}>
          <Switch>
            <Match when={STEPS_VIEWS.find((view) => view === props.view)}>
              {(view) => (
                <Fetched query={steps} skeleton="h-96">
                  {() => (
                    <StepsTab
                      view={view()}
                      dropped={search.dropped()}
                      run={props.run}
                      rows={rows()}
                      chosen={chosen()}
                      search={search.value()}
                      change={search.change}
                      hrefOf={(step) => search.href({ step })}
                      logHrefOf={(key) => hrefOf('log', key)}
                      choose={choose}
                      touched={() => hold(chosen()?.key ?? null)}
                    />
                  )}
                </Fetched>
              )}
            </Match>
            <Match when={props.view === 'log'}>
              <Fetched query={steps} skeleton="h-96">
                {() => <LogTab run={props.run} rows={rows()} chosen={chosen()} touched={hold} />}
              </Fetched>
            </Match>
            <Match when={props.view === 'outputs'}>
              <Fetched query={steps} skeleton="h-96">
                {() => <OutputsView run={props.run} rows={rows()} chosen={chosen()} choose={choose} touched={hold} />}
              </Fetched>
            </Match>
            <Match when={props.view === 'events'}>
              <EventsView run={props.run} />
            </Match>
            <Match when={props.view === 'lineage'}>
              <LineageView run={props.run} />
            </Match>
            <Match when={props.view === 'audit'}>
              <AuditView run={props.run} />
            </Match>
          </Switch>
        </Suspense>
      </div>
      <Suspense>
        <PrintSheet run={props.run} rows={rows()} />
      </Suspense>
    </Page>
  );
};
