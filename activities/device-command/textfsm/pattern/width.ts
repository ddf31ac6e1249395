import type { Node, Nodes } from './nodes.ts';

/** How many characters a piece of a pattern takes, at least and at most; a look-behind needs both to be equal. */
export function widthOf(nodes: Nodes, groups: readonly Nodes[]): readonly [number, number] {
  let least = 0;
  let most = 0;
  for (const node of nodes) {
    const [low, high] = nodeWidth(node, groups);
    least += low;
    most += high;
  }
  return [least, most];
}

function nodeWidth(node: Node, groups: readonly Nodes[]): readonly [number, number] {
  switch (node.op) {
    case 'literal':
    case 'not_literal':
    case 'any':
    case 'in':
      return [1, 1];
    case 'at':
    case 'assert':
      return [0, 0];
    case 'branch':
      return either(node.items.map((item) => widthOf(item, groups)));
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'repeat': {
      const [low, high] = widthOf(node.body, groups);
      return [low * node.min, high === 0 ? 0 : high * node.max];
    }
    case 'backref':
      return widthOf(groups[node.group] ?? [], groups);
    case 'conditional':
      return either([widthOf(node.yes, groups), node.no ? widthOf(node.no, groups) : [0, 0]]);
  }
}

const either = (widths: readonly (readonly [number, number])[]): readonly [number, number] => [
  Math.min(...widths.map(([low]) => low)),
  Math.max(...widths.map(([, high]) => high)),
];
