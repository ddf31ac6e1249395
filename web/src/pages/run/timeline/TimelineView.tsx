import { createMemo, createSignal, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { useNow } from '../../../time/clock.ts';
import { NoSteps } from '../steps/NoSteps.tsx';
import { StepTable } from '../steps/StepTable.tsx';
import { StepTools } from '../steps/StepTools.tsx';
import { useStepKeys } from '../steps/use-step-keys.ts';
import type { StepsViewProps } from '../steps/view-props.ts';
import { entriesOf } from './entries.ts';
import { lineOf, zoomTo } from './line.ts';
import { Timeline } from './Timeline.tsx';
import { TimelineTools } from './TimelineTools.tsx';

/** The steps of a run in time: what ran when, how often, after what, and what took longest. */
export const TimelineView = (props: StepsViewProps) => {
  const now = useNow();
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const entries = createMemo(() =>
    entriesOf(props.rows, {
      problems: props.search.problems,
      filter: props.search.filter,
      chosen: props.chosen?.key,
      opened: opened(),
    }),
  );
  const rows = createMemo(() => entries().flatMap((entry) => (entry.kind === 'row' ? [entry.row] : [])));
  const line = createMemo(() =>
    lineOf(
      {
        run: props.run,
        rows: props.rows,
        attempts: props.search.attempt,
        zoom: props.search.zoom,
        squeeze: props.search.squeeze,
      },
      hasEnded(props.run.status) ? 0 : now(),
    ),
  );
  const attempts = createMemo(() => props.rows.reduce((most, { step }) => Math.max(most, step?.attempt ?? 0), 1));
  const toggle = (fold: string) => {
    const next = new Set(opened());
    if (!next.delete(fold)) next.add(fold);
    setOpened(next);
  };
  useStepKeys(rows, () => props.chosen?.key, props.choose);
  return (
    <>
      <StepTools search={props.search} change={props.change}>
        <Show when={!props.search.table}>
          <TimelineTools search={props.search} line={line()} attempts={attempts()} change={props.change} />
        </Show>
      </StepTools>
      <Show when={entries().length > 0} fallback={<NoSteps rows={props.rows} change={props.change} />}>
        <Show
          when={!props.search.table}
          fallback={<StepTable run={props.run.id} rows={rows()} chosen={props.chosen?.key} hrefOf={props.hrefOf} choose={props.choose} />}
        >
          <Timeline
            run={props.run}
            rows={props.rows}
            entries={entries()}
            line={line()}
            attempts={props.search.attempt}
            chosen={props.chosen?.key}
            hrefOf={props.hrefOf}
            toggle={toggle}
            zoomTo={(span) => props.change({ zoom: zoomTo(line().whole, span) })}
            touched={props.touched}
          />
        </Show>
      </Show>
    </>
  );
};
