import { rankOf } from '../hosts/matrix.ts';
import type { StepRow } from '../rows.ts';

/** What the graph draws: a step, or the steps of one or several stages as one. */
export type GraphNode =
  | { readonly kind: 'step'; readonly id: string; readonly row: StepRow }
  | {
      readonly kind: 'stage';
      readonly id: string;
      readonly from: number;
      readonly to: number;
      readonly rows: readonly StepRow[];
      readonly isRest: boolean;
    };

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface FoldedGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** More nodes than this are neither readable nor laid out in a moment. */
export const MOST_NODES = 300;

/** The stage of each step: how many steps must end before it, one after the other, from 1. */
export function stagesOf(rows: readonly StepRow[]): ReadonlyMap<string, number> {
  const byKey = new Map(rows.map((row) => [row.key, row] as const));
  const stages = new Map<string, number>();
  const under = new Set<string>();
  const stageOf = (row: StepRow): number => {
    const known = stages.get(row.key);
    if (known !== undefined) return known;
    if (under.has(row.key)) return 1;
    under.add(row.key);
    const stage = row.needs.reduce((most, key) => {
      const needed = byKey.get(key);
      return needed ? Math.max(most, stageOf(needed) + 1) : most;
    }, 1);
    stages.set(row.key, stage);
    return stage;
  };
  for (const row of rows) stageOf(row);
  return stages;
}

interface Bucket {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly rows: readonly StepRow[];
}

/** Stages, or where there are very many, several following ones together. */
function bucketsOf(rows: readonly StepRow[], most: number): readonly Bucket[] {
  const stages = stagesOf(rows);
  const last = Math.max(0, ...stages.values());
  const span = Math.max(1, Math.ceil(last / (most / 2)));
  const groups = Map.groupBy(rows, ({ key }) => Math.floor(((stages.get(key) ?? 1) - 1) / span));
  return [...groups].map(([at, own]) => ({ at, from: at * span + 1, to: Math.min(last, (at + 1) * span), rows: own }));
}

/** The steps and what they need, with the largest stages folded until no more than `most` nodes are left; an opened stage shows as many of its steps as there is room for, the worst first. */
export function foldGraph(rows: readonly StepRow[], opened: ReadonlySet<string>, most: number = MOST_NODES): FoldedGraph {
  const nodes: GraphNode[] = [];
  if (rows.length <= most) for (const row of rows) nodes.push({ kind: 'step', id: row.key, row });
  else nodes.push(...foldedNodes(bucketsOf(rows, most), opened, rows.length, most));

  const placeOf = new Map(
    nodes.flatMap((node) => (node.kind === 'step' ? [node.row] : node.rows).map((row) => [row.key, node.id] as const)),
  );
  const edges = new Map<string, GraphEdge>();
  for (const row of rows)
    for (const need of row.needs) {
      const [from, to] = [placeOf.get(need), placeOf.get(row.key)];
      if (from !== undefined && to !== undefined && from !== to) edges.set(`${from}\n${to}`, { from, to });
    }
  return { nodes, edges: [...edges.values()] };
}

function foldedNodes(buckets: readonly Bucket[], opened: ReadonlySet<string>, count: number, most: number): readonly GraphNode[] {
  const folded = new Set<Bucket>();
  let visible = count;
  for (const bucket of buckets.toSorted((one, other) => other.rows.length - one.rows.length)) {
    if (visible <= most) break;
    visible -= bucket.rows.length - 1;
    folded.add(bucket);
  }
  return buckets.flatMap((bucket): readonly GraphNode[] => {
    const { rows, from, to } = bucket;
    const id = `stage ${bucket.at}`;
    if (!folded.has(bucket)) return rows.map((row) => ({ kind: 'step', id: row.key, row }));
    const room = opened.has(id) ? Math.min(rows.length, most - visible) : 0;
    const shown = rows.length - room <= 1 && room > 0 ? rows.length : room;
    visible += Math.max(0, shown - 1);
    const byNeed = shown > 0 ? rows.toSorted((one, other) => rankOf(one.status) - rankOf(other.status)) : rows;
    const rest = byNeed.slice(shown);
    return [
      ...byNeed.slice(0, shown).map((row) => ({ kind: 'step', id: row.key, row }) as const),
      ...(rest.length > 0 ? [{ kind: 'stage', id, from, to, rows: rest, isRest: shown > 0 } as const] : []),
    ];
  });
}
