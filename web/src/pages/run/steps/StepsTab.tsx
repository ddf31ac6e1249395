import { lazy, Match, Show, Switch } from 'solid-js';
import { Suspense } from '../../../solid.ts';
import { TimelineView } from '../timeline/TimelineView.tsx';
import type { StepsViewProps } from './view-props.ts';
import { t } from './words.ts';

const GraphView = lazy(async () => ({ default: (await import('../graph/GraphView.tsx')).GraphView }));
const HostsView = lazy(async () => ({ default: (await import('../hosts/HostsView.tsx')).HostsView }));
const StepPanel = lazy(async () => ({ default: (await import('../StepPanel.tsx')).StepPanel }));

/** The views of a run's steps that share one selection. */
export const STEPS_VIEWS = ['timeline', 'graph', 'hosts'] as const;

interface StepsTabProps extends StepsViewProps {
  readonly view: (typeof STEPS_VIEWS)[number];
  /** What the address says that nobody understands. */
  readonly dropped: readonly string[];
}

/** A view of the run's steps, with everything of the chosen one beside it. */
export const StepsTab = (props: StepsTabProps) => (
  <>
    <Show when={props.dropped.length > 0}>
      <p class="mt-3 rounded-control bg-warning px-3 py-2" role="status">
        {t('steps.dropped', props.dropped.join(', '))}
      </p>
    </Show>
    <div class="mt-3 grid gap-6 [--view:60dvh] xl:grid-cols-[minmax(0,1fr)_420px] xl:[--view:max(20rem,calc(100dvh-13rem))]">
      <div class="min-w-0">
        <Suspense fallback={<div class="h-96" />}>
          <Switch>
            <Match when={props.view === 'timeline'}>
              <TimelineView {...props} />
            </Match>
            <Match when={props.view === 'graph'}>
              <GraphView {...props} />
            </Match>
            <Match when={props.view === 'hosts'}>
              <HostsView {...props} />
            </Match>
          </Switch>
        </Suspense>
      </div>
      <Show when={props.chosen}>
        {(row) => (
          <div class="min-w-0 xl:sticky xl:top-0 xl:max-h-[calc(100dvh-4rem)] xl:overflow-y-auto xl:pb-4">
            <Suspense fallback={<div class="h-96" />}>
              <StepPanel run={props.run} row={row()} logHref={props.logHrefOf(row().key)} touched={props.touched} />
            </Suspense>
          </div>
        )}
      </Show>
    </div>
  </>
);
