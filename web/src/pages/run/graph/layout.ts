/** Nodes, all of one size, and what leads from one to another. */
export interface LayoutRequest {
  readonly nodes: readonly string[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where each node has its upper left corner, and the points that each edge goes through, in the order they were asked for; in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Point>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

/** The size of a node. */
export const NODE = { width: 176, height: 48 } as const;

/** An edge as a path that leaves and enters its nodes level. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (!first) return '';
  let at = first;
  const parts = others.map((point) => {
    const middle = (at.x + point.x) / 2;
    const part = `C${middle},${at.y} ${middle},${point.y} ${point.x},${point.y}`;
    at = point;
    return part;
  });
  return `M${first.x},${first.y} ${parts.join(' ')}`;
}

/** Where an arrow key leads from a node: along an edge to the right or left, the nearest one first, or to the next node above or below. */
export function neighbour(layout: Layout, from: string, key: string): string | null {
  const at = layout.nodes.get(from);
  if (!at) return null;
  const nearest = (ids: Iterable<string>, far: (point: Point) => number): string | null => {
    let best: string | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const id of ids) {
      const point = layout.nodes.get(id);
      const distance = point ? far(point) : Number.POSITIVE_INFINITY;
      if (distance >= least) continue;
      best = id;
      least = distance;
    }
    return best;
  };
  const beside = ({ y }: Point) => Math.abs(y - at.y);
  const along = (side: 1 | -1) => (point: Point) =>
    (point.y - at.y) * side > 0 && point.x === at.x ? Math.abs(point.y - at.y) : Number.POSITIVE_INFINITY;
  switch (key) {
    case 'ArrowRight':
      return nearest(
        layout.edges.flatMap((edge) => (edge.from === from ? [edge.to] : [])),
        beside,
      );
    case 'ArrowLeft':
      return nearest(
        layout.edges.flatMap((edge) => (edge.to === from ? [edge.from] : [])),
        beside,
      );
    case 'ArrowDown':
      return nearest(layout.nodes.keys(), along(1));
    case 'ArrowUp':
      return nearest(layout.nodes.keys(), along(-1));
    default:
      return null;
  }
}
