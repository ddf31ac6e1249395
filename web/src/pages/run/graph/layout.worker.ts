import { Graph, layout } from '@dagrejs/dagre';
import { answerWith } from '../../../workers/answer-with.ts';
import { type Layout, type LayoutRequest, NODE } from './layout.ts';

const MARGIN = 16;
const BETWEEN = { nodes: 16, ranks: 48 } as const;

/** Lays a graph out from left to right, apart from the page, which goes on meanwhile. */
answerWith((wanted: LayoutRequest): Layout => {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: BETWEEN.nodes, ranksep: BETWEEN.ranks, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of wanted.nodes) graph.setNode(id, { width: NODE.width, height: NODE.height });
  for (const [from, to] of wanted.edges) graph.setEdge(from, to);
  layout(graph);
  const sideOf = (id: string, side: 1 | -1) => {
    const { x = 0, y = 0 } = graph.node(id);
    return { x: x + (side * NODE.width) / 2, y };
  };
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(
      wanted.nodes.map((id) => {
        const { x = 0, y = 0 } = graph.node(id);
        return [id, { x: x - NODE.width / 2, y: y - NODE.height / 2 }] as const;
      }),
    ),
    // Edges leave and enter in the middle of a side, not where a line to the centre would meet it.
    edges: wanted.edges.map(([from, to]) => {
      const between = (graph.edge(from, to).points ?? []).slice(1, -1);
      return { from, to, points: [sideOf(from, 1), ...between, sideOf(to, -1)] };
    }),
  };
});
