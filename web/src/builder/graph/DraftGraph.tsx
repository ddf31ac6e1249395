import { createMemo, createSignal, Match, Show, Switch } from 'solid-js';
import { foldGraph, type GraphNode, MOST_NODES } from '../../pages/run/graph/fold.ts';
import { Graph } from '../../pages/run/graph/Graph.tsx';
import type { Layout } from '../../pages/run/graph/layout.ts';
import { useLayout } from '../../pages/run/graph/use-layout.ts';
import { t as shared } from '../../pages/run/graph/words.ts';
import { createZoom, ZoomTools } from '../../pages/run/graph/Zoom.tsx';
import type { StepRow } from '../../pages/run/rows.ts';
import type { Draft } from '../draft/draft.ts';
import { type Chosen, readChosen, type Trouble, writeChosen } from '../draft/selection.ts';
import { TroubleMark } from '../steps/TroubleMark.tsx';
import { t } from '../words.ts';
import { chosenOfNode, draftRows } from './rows.ts';

interface DraftGraphProps {
  readonly draft: Draft;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  /** The address of a choice. */
  readonly hrefOf: (chosen: string) => string;
  readonly troubles: ReadonlyMap<string, Trouble>;
  readonly remove: () => void;
}

/** The steps of a draft by what they need, as they stood when the text could last be read; the chosen one is the list's and the form's. */
export const DraftGraph = (props: DraftGraphProps) => {
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const rows = createMemo(() => draftRows(props.draft.definition(), t('steps.no_id')));
  const graph = createMemo(() => foldGraph(rows(), opened()));
  const { layout, failed } = useLayout(graph);
  const zoom = createZoom(layout);
  const toggle = (stage: string) => {
    const next = new Set(opened());
    if (!next.delete(stage)) next.add(stage);
    setOpened(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    props.remove();
  };
  return (
    <div role="group" aria-label={t('pane.steps')} class="flex h-full min-h-60 flex-col max-md:h-80" onKeyDown={onKeyDown}>
      <Show when={rows().length > MOST_NODES}>
        <p class="px-2 py-1 text-meta text-muted">{shared('graph.folded', rows().length, MOST_NODES)}</p>
      </Show>
      <Switch>
        <Match when={rows().length === 0}>
          <p class="px-2 py-1 text-muted">{t('steps.empty')}</p>
        </Match>
        <Match when={failed()}>
          <p class="px-2 py-1" role="alert">
            {t('graph.failed')}
          </p>
        </Match>
        <Match when={drawnOf(layout())}>
          {(drawn) => (
            <>
              <div class="min-h-0 flex-1 [--view:100%]">
                <Graph
                  graph={graph()}
                  layout={drawn()}
                  scale={zoom.scale()}
                  critical={NONE}
                  chosen={writeChosen(props.chosen) ?? undefined}
                  isWanted={() => true}
                  hrefOf={(key) => props.hrefOf(chosenOfNode(key))}
                  choose={(key) => props.choose(readChosen(chosenOfNode(key)))}
                  toggle={toggle}
                  touched={() => undefined}
                  box={zoom.box}
                  card={(node) => <Card node={node()} troubles={props.troubles} />}
                />
              </div>
              <div class="flex shrink-0 flex-wrap items-center justify-end gap-x-2 py-1">
                <p class="min-w-0 flex-1 text-meta text-muted" role="status">
                  {props.draft.isReadable() ? '' : t('graph.last')}
                </p>
                <ZoomTools zoom={zoom} />
              </div>
            </>
          )}
        </Match>
        <Match when={true}>
          <p class="px-2 py-1 text-muted" role="status">
            {shared('graph.drawing')}
          </p>
        </Match>
      </Switch>
    </div>
  );
};

const NONE: ReadonlySet<string> = new Set();

/** Of a text that is not read yet nothing is drawn: whoever comes then is shown where the steps begin. */
const drawnOf = (layout: Layout | null): Layout | null => (layout && layout.nodes.size > 0 ? layout : null);

/** The type, and when it runs where that is not in the course of the steps. */
const placedType = ({ type, phase }: StepRow): string => (phase === 'main' ? type : `${t(`graph.${phase}`)} · ${type}`);

const Card = (props: { node: GraphNode; troubles: ReadonlyMap<string, Trouble> }) => {
  const rows = () => (props.node.kind === 'step' ? [props.node.row] : props.node.rows);
  const found = (): Trouble | undefined => {
    const all = rows().flatMap(({ key }) => props.troubles.get(key) ?? []);
    return all.length === 0
      ? undefined
      : { count: all.reduce((sum, { count }) => sum + count, 0), isError: all.some(({ isError }) => isError) };
  };
  const title = () => {
    const { node } = props;
    if (node.kind === 'step') return node.row.name;
    return node.isRest ? shared('graph.more', node.rows.length) : shared('graph.stage', node.from, node.to);
  };
  return (
    <>
      <span class="flex min-w-0 items-center gap-2">
        <bdi class="min-w-0 flex-1 truncate">{title()}</bdi>
        <TroubleMark trouble={found()} />
      </span>
      <bdi class="truncate text-meta text-muted">
        {props.node.kind === 'step' ? placedType(props.node.row) : shared('graph.steps', props.node.rows.length)}
      </bdi>
    </>
  );
};
