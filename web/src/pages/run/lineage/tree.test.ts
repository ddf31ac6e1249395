import { expect, test } from 'vitest';
import type { LineageNode } from '../../../api/views.ts';
import { lineageRows } from './tree.ts';

const run = (number: number, of: number | null) => ({ id: `r${number}`, number, of: of === null ? null : `r${of}` }) as LineageNode;
const drawn = (...nodes: readonly LineageNode[]) => lineageRows(nodes).map(({ node, depth }) => `${'·'.repeat(depth)}${node.number}`);

test('each run stands below the one it came from, oldest first, in whatever order they are told', () => {
  expect(drawn(run(5, 3), run(1, null), run(4, 1), run(3, 1), run(2, 1))).toEqual(['1', '·2', '·3', '··5', '·4']);
});

test('a run whose origin is not among them stands by itself', () => {
  expect(drawn(run(7, 2), run(9, 7))).toEqual(['7', '·9']);
});

test('a line of many rounds is drawn whole', () => {
  const line = Array.from({ length: 200 }, (_, n) => run(n, n === 0 ? null : n - 1));
  expect(lineageRows(line).at(-1)).toMatchObject({ depth: 199, of: { number: 198 } });
});
