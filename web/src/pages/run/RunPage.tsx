import { A, useLocation, useParams } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { LIMITS } from '#jobs/limits.ts';
import { partOf } from '#jobs/parts.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { runQuery, stepsQuery } from '../../api/queries.ts';
import type { RunView } from '../../api/views.ts';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { Page } from '../../frame/Page.tsx';
import { applyNews } from '../../live/cache.ts';
import { useTopic } from '../../live/Live.tsx';
import { createEffect, whenChanged } from '../../solid.ts';
import { t } from '../../words.ts';
import { EventsView } from './EventsView.tsx';
import { LogTab } from './LogTab.tsx';
import { LineageView } from './lineage/LineageView.tsx';
import { NumberedRun } from './NumberedRun.tsx';
import { OutputsView } from './OutputsView.tsx';
import { FIRST_PARTS, MORE_PARTS, partsToLoad, stretchesOf } from './parts.ts';
import { RunActions } from './RunActions.tsx';
import { Cause, RunHeading, RunState, Warnings } from './RunHeader.tsx';
import { likelyStep, stepRows } from './rows.ts';
import { StepPanel } from './StepPanel.tsx';
import { Timeline } from './timeline/Timeline.tsx';

const VIEWS = ['timeline', 'log', 'outputs', 'events', 'lineage'] as const;
type View = (typeof VIEWS)[number];
const viewOf = (word: string | undefined): View => VIEWS.find((view) => view === word) ?? 'timeline';

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
      <Match when={isLoaded(run)}>
        <OpenRun run={run.data as RunView} view={props.view} />
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
  const queries = useQueryClient();
  const [shown, show] = createSignal<ReadonlyMap<string, number>>(new Map());
  const shownOf = (key: string) => shown().get(key) ?? FIRST_PARTS;
  const asked = () => new URLSearchParams(location.search).get('step');
  // A part that is asked for by its address may be any of them.
  const [wanted, want] = createSignal(0);
  const loaded = createMemo(() => partsToLoad(Math.max(wanted(), ...shown().values())));
  const steps = useQuery(() => stepsQuery(props.run.id, loaded()));
  const rows = createMemo(() => stepRows(props.run.plan_steps, isLoaded(steps) ? (steps.data ?? []) : [], hasEnded(props.run.status)));
  // Until the reader chooses a step or touches its panel, the page goes along with what happens.
  const [held, hold] = createSignal<string | null>(null);
  const chosen = createMemo(() => {
    const key = asked() ?? held();
    return rows().find((row) => row.key === key) ?? likelyStep(rows());
  });
  createEffect(() => {
    const key = asked();
    const missing = key !== null && isLoaded(steps) && !steps.isPlaceholderData && !rows().some((row) => row.key === key);
    if (missing && partOf(key) !== null && rows().some((row) => row.key === partOf(key)?.whole)) want(LIMITS.items);
  });
  // Who holds what it waits for is told only where the run is asked for by itself.
  whenChanged(
    () => (props.run.waiting_for === 'lock' ? props.run.updated_at : null),
    (at) => at !== null && void queries.invalidateQueries({ queryKey: ['run', props.run.id] }),
    'later',
  );
  const stretches = createMemo(() => stretchesOf(rows(), shownOf, chosen()?.key));
  const shownRows = () => stretches().flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'row' ? [entry.row] : [])));
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
      <Cause run={props.run} rows={rows()} logOf={(key) => hrefOf('log', key)} stepOf={(key) => hrefOf('timeline', key)} />
      <Warnings run={props.run} />
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
                <Timeline
                  run={props.run}
                  stretches={stretches()}
                  chosen={chosen()?.key}
                  hrefOf={(key) => hrefOf('timeline', key)}
                  more={({ of }) => show(new Map([...shown(), [of, shownOf(of) + MORE_PARTS]]))}
                />
                <Show when={chosen()}>
                  {(row) => <StepPanel run={props.run} row={row()} logHref={hrefOf('log', row().key)} touched={() => hold(row().key)} />}
                </Show>
              </div>
            )}
          </Fetched>
        </Match>
        <Match when={props.view === 'log'}>
          <LogTab run={props.run} rows={shownRows()} chosen={chosen()} hrefOf={(key) => hrefOf('log', key)} />
        </Match>
        <Match when={props.view === 'outputs'}>
          <OutputsView run={props.run} />
        </Match>
        <Match when={props.view === 'events'}>
          <EventsView run={props.run} />
        </Match>
        <Match when={props.view === 'lineage'}>
          <LineageView run={props.run} />
        </Match>
      </Switch>
    </Page>
  );
};
