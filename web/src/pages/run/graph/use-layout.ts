import { createMemo, createSignal, onCleanup } from 'solid-js';
import { whenChanged } from '../../../solid.ts';
import { createAsker } from '../../../workers/asker.ts';
import type { FoldedGraph } from './fold.ts';
import type { Layout, LayoutRequest } from './layout.ts';

/** Where the nodes stand: laid out by a worker whenever nodes or edges are others, never when only a status is; what was laid out before stays until then. */
export const useLayout = (graph: () => FoldedGraph) => {
  const [layout, setLayout] = createSignal<Layout | null>(null);
  const [failed, setFailed] = createSignal(false);
  const request = createMemo<LayoutRequest>(
    () => ({ nodes: graph().nodes.map(({ id }) => id), edges: graph().edges.map(({ from, to }) => [from, to] as const) }),
    { nodes: [], edges: [] },
    { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  const asker = createAsker<LayoutRequest, Layout>(() => new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' }));
  whenChanged(request, (wanted) => {
    asker.stop();
    setFailed(false);
    asker.ask(wanted).then(
      (drawn) => {
        setLayout(drawn);
        asker.stop();
      },
      () => setFailed(true),
    );
  });
  onCleanup(asker.stop);
  return { layout, failed };
};
