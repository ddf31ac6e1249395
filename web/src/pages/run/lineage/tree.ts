import type { LineageNode } from '../../../api/views.ts';

/** A run of a lineage and how deep below the first it stands. */
export interface LineageRow {
  readonly node: LineageNode;
  readonly depth: number;
  /** The run it came from, where it is shown. */
  readonly of: LineageNode | null;
}

/** Every run once, each below the one it came from, oldest first among those that came from the same. */
export function lineageRows(items: readonly LineageNode[]): readonly LineageRow[] {
  const byId = new Map(items.map((node) => [node.id, node] as const));
  const ordered = items.toSorted((one, other) => one.number - other.number);
  const ofNone = (node: LineageNode): boolean => node.of === null || !byId.has(node.of);
  const children = Map.groupBy(
    ordered.filter((node) => !ofNone(node)),
    ({ of }) => of,
  );
  const rows: LineageRow[] = [];
  // Long lines of re-runs are deeper than calls may be.
  const open = ordered.filter(ofNone).map((node): LineageRow => ({ node, depth: 0, of: null }));
  for (let row = open.shift(); row !== undefined; row = open.shift()) {
    const { node, depth } = row;
    rows.push(row);
    open.unshift(...(children.get(node.id) ?? []).map((child): LineageRow => ({ node: child, depth: depth + 1, of: node })));
  }
  return rows;
}
