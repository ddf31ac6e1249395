import ZoomIn from 'lucide-solid/icons/zoom-in';
import ZoomOut from 'lucide-solid/icons/zoom-out';
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js';
import { wholeOf } from '#jobs/parts.ts';
import { IconButton } from '../../../components/IconButton.tsx';
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

const SCALES = [0.25, 0.5, 0.75, 1, 1.25, 1.5] as const;
const LARGEST = 1.5;

/** The steps of a run by what they need; one that was taken apart is one node that says how its parts stand. */
export const GraphView = (props: StepsViewProps) => {
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const [scale, setScale] = createSignal(1);
  const [box, setBox] = createSignal({ width: 0, height: 0 });
  const rows = createMemo(() => props.rows.filter(({ isPart }) => !isPart));
  const graph = createMemo(() => foldGraph(rows(), opened()));
  const critical = createMemo(() => criticalPath(props.rows));
  const { layout, failed } = useLayout(graph);
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
  const zoom = (by: 1 | -1) => {
    const next = by === 1 ? SCALES.find((one) => one > scale()) : SCALES.findLast((one) => one < scale());
    if (next !== undefined) setScale(next);
  };
  const fit = () => {
    const size = layout();
    if (size && box().width > 0) setScale(Math.max(SCALES[0], Math.min(1, box().width / size.width, box().height / size.height)));
  };
  const toggle = (stage: string) => {
    const next = new Set(opened());
    if (!next.delete(stage)) next.add(stage);
    setOpened(next);
  };
  return (
    <>
      <StepTools search={props.search} change={props.change}>
        <Show when={!props.search.table}>
          <span class="flex items-center">
            <IconButton label={t('graph.zoom_out')} off={scale() <= SCALES[0] && t('graph.no_further')} press={() => zoom(-1)}>
              <ZoomOut size={16} />
            </IconButton>
            <IconButton label={t('graph.zoom_in')} off={scale() >= LARGEST && t('graph.no_further')} press={() => zoom(1)}>
              <ZoomIn size={16} />
            </IconButton>
            <button type="button" class="button" onClick={fit}>
              {t('graph.fit')}
            </button>
          </span>
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
          <div class="flex h-(--view) flex-col border-b border-hairline">
            <StepTable run={props.run.id} rows={wantedRows()} chosen={chosen()} hrefOf={props.hrefOf} choose={props.choose} />
          </div>
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
              scale={scale()}
              critical={critical()}
              chosen={chosen()}
              isWanted={isWanted}
              hrefOf={props.hrefOf}
              choose={props.choose}
              toggle={toggle}
              touched={props.touched}
              box={setBox}
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
