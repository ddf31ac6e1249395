import { createMemo, createSignal, Match, Show, Switch } from 'solid-js';
import { wholeOf } from '#jobs/parts.ts';
import { NoSteps } from '../steps/NoSteps.tsx';
import { StepTable } from '../steps/StepTable.tsx';
import { StepTools } from '../steps/StepTools.tsx';
import { useStepKeys } from '../steps/use-step-keys.ts';
import type { StepsViewProps } from '../steps/view-props.ts';
import { criticalPath } from '../timeline/critical-path.ts';
import { isProblem, matches } from '../timeline/entries.ts';
import { foldGraph, type GraphNode, MOST_NODES } from './fold.ts';
import { Graph } from './Graph.tsx';
import { useLayout } from './use-layout.ts';
import { t } from './words.ts';
import { createZoom, ZoomTools } from './Zoom.tsx';

/** The steps of a run by what they need; one that was taken apart is one node that says how its parts stand. */
export const GraphView = (props: StepsViewProps) => {
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const rows = createMemo(() => props.rows.filter(({ isPart }) => !isPart));
  const graph = createMemo(() => foldGraph(rows(), opened()));
  const critical = createMemo(() => criticalPath(props.rows));
  const { layout, failed } = useLayout(graph);
  const zoom = createZoom(layout);
  const chosen = () => {
    const key = props.chosen?.key;
    return key === undefined ? undefined : (wholeOf(key) ?? key);
  };
  const isWanted = (node: GraphNode): boolean => {
    const words = props.search.filter.trim().toLowerCase();
    const of = node.kind === 'step' ? [node.row] : node.rows;
    return of.some((row) => (!props.search.problems || isProblem(row)) && (words === '' || matches(row, words)));
  };
  const wantedRows = createMemo(() => rows().filter((row) => isWanted({ kind: 'step', id: row.key, row })));
  useStepKeys(wantedRows, chosen, props.choose);
  const toggle = (stage: string) => {
    const next = new Set(opened());
    if (!next.delete(stage)) next.add(stage);
    setOpened(next);
  };
  return (
    <>
      <StepTools search={props.search} change={props.change}>
        <Show when={!props.search.table}>
          <ZoomTools zoom={zoom} />
        </Show>
      </StepTools>
      <Show when={rows().length > MOST_NODES && !props.search.table}>
        <p class="mb-2 text-meta text-muted">{t('graph.folded', rows().length, MOST_NODES)}</p>
      </Show>
      <Switch>
        <Match when={rows().length === 0 || (props.search.table && wantedRows().length === 0)}>
          <NoSteps rows={rows()} change={props.change} />
        </Match>
        <Match when={props.search.table}>
          <StepTable run={props.run.id} rows={wantedRows()} chosen={chosen()} hrefOf={props.hrefOf} choose={props.choose} />
        </Match>
        <Match when={failed()}>
          <p class="py-6" role="alert">
            {t('graph.failed')}
          </p>
        </Match>
        <Match when={layout()}>
          {(drawn) => (
            <Graph
              graph={graph()}
              layout={drawn()}
              scale={zoom.scale()}
              critical={critical()}
              chosen={chosen()}
              isWanted={isWanted}
              hrefOf={props.hrefOf}
              choose={props.choose}
              toggle={toggle}
              touched={props.touched}
              box={zoom.box}
            />
          )}
        </Match>
        <Match when={true}>
          <p class="h-(--view) py-6 text-muted" role="status">
            {t('graph.drawing')}
          </p>
        </Match>
      </Switch>
    </>
  );
};
