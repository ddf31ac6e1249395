import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planned, step } from '../../../testing/steps.ts';
import { stepRows } from '../rows.ts';
import { foldGraph, stagesOf } from './fold.ts';

const wide = (count: number) => [
  planned('first'),
  ...Array.from({ length: count }, (_, n) => planned(`mid-${n}`, { needs: ['first'] })),
  planned('last', { needs: Array.from({ length: count }, (_, n) => `mid-${n}`) }),
];
const ids = (graph: ReturnType<typeof foldGraph>) => graph.nodes.map(({ id }) => id);

test('a step stands behind the longest way to it', () => {
  const plan = [planned('a'), planned('b', { needs: ['a'] }), planned('c', { needs: ['a', 'b'] }), planned('d')];
  expect([...stagesOf(stepRows(plan, []))]).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
    ['d', 1],
  ]);
});

test('few steps are drawn one by one with an edge for each need', () => {
  const graph = foldGraph(stepRows(wide(3), []), new Set());
  expect(ids(graph)).toEqual(['first', 'mid-0', 'mid-1', 'mid-2', 'last']);
  expect(graph.edges).toHaveLength(6);
});

test('above the most nodes the largest stage is one node with one edge each way, and opens as far as there is room, the worst first', () => {
  const rows = stepRows(wide(400), [step('mid-377', 'failed')]);
  const folded = foldGraph(rows, new Set());
  expect(ids(folded)).toEqual(['first', 'stage 1', 'last']);
  expect(folded.edges).toEqual([
    { from: 'first', to: 'stage 1' },
    { from: 'stage 1', to: 'last' },
  ]);
  const open = foldGraph(rows, new Set(['stage 1']));
  expect(open.nodes).toHaveLength(300);
  expect(ids(open)[1]).toBe('mid-377');
  expect(open.nodes.find(({ kind }) => kind === 'stage')).toMatchObject({ isRest: true });
});

test('a chain of five thousand steps is folded by following stages', () => {
  const chain = Array.from({ length: 5000 }, (_, n) => planned(`s${n}`, { needs: n === 0 ? [] : [`s${n - 1}`] }));
  const graph = foldGraph(stepRows(chain, []), new Set());
  expect(graph.nodes.length).toBeLessThanOrEqual(300);
  expect(graph.nodes[0]).toMatchObject({ from: 1, to: 34 });
});

test('whatever the plan, every step is in one node, few nodes are drawn, and no edge leads back', () => {
  const plan = fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(plan, fc.integer({ min: 4, max: 40 }), (needs, most) => {
      const steps = needs.map((of, n) => planned(`s${n}`, { needs: [...new Set(of.filter((at) => at < n).map((at) => `s${at}`))] }));
      const rows = stepRows(steps, []);
      const graph = foldGraph(rows, new Set(), most);
      const inside = graph.nodes.flatMap((node) => (node.kind === 'step' ? [node.id] : node.rows.map(({ key }) => key)));
      expect(inside.toSorted()).toEqual(rows.map(({ key }) => key).toSorted());
      expect(graph.nodes.length).toBeLessThanOrEqual(most);
      const stages = stagesOf(rows);
      const stageOf = (id: string) => {
        const node = graph.nodes.find((one) => one.id === id);
        return node?.kind === 'stage' ? node.from : (stages.get(id) ?? 0);
      };
      for (const { from, to } of graph.edges) expect(stageOf(from)).toBeLessThan(stageOf(to));
    }),
    { numRuns: 60 },
  );
});
