import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphProblems, needsOf, orderOf, upstreamOf } from './graph.ts';

const messages = (steps: Parameters<typeof graphProblems>[0]): readonly string[] => graphProblems(steps).map(({ message }) => message);

test('a step without needs waits for the one before it, and an empty list for none', () => {
  const needs = needsOf([{ id: 'a' }, { id: 'b' }, { id: 'c', needs: [] }, { id: 'd', needs: ['a', 'c'] }]);
  expect([...needs]).toEqual([
    ['a', []],
    ['b', ['a']],
    ['c', []],
    ['d', ['a', 'c']],
  ]);
});

test('a need that names no step is an error with the nearest id', () => {
  expect(messages([{ id: 'show' }, { id: 'store', needs: ['shwo'] }])).toEqual([
    'steps[1].needs[0]: no step has the id "shwo"; did you mean "show"?',
  ]);
});

test('an id used twice names both places', () => {
  expect(messages([{ id: 'a' }, { id: 'b' }, { id: 'a' }])).toEqual(['steps[2].id: "a" is already the id of steps[0]']);
});

test('a step that needs itself, or another twice, is an error', () => {
  expect(
    messages([
      { id: 'a', needs: ['a'] },
      { id: 'b', needs: ['a', 'a'] },
    ]),
  ).toEqual(['steps[0].needs[0]: step "a" needs itself', 'steps[1].needs[1]: "a" is already needed']);
});

test('a circle is named by its whole path, whichever step leads into it', () => {
  expect(
    messages([
      { id: 'in', needs: ['a'] },
      { id: 'a', needs: ['c'] },
      { id: 'b', needs: ['a'] },
      { id: 'c', needs: ['b'] },
    ]),
  ).toEqual(['steps[1].needs: the steps need each other in a circle: a → c → b → a']);
});

test('a circle closed by the default need points at the step that leaves its needs out', () => {
  expect(graphProblems([{ id: 'a', needs: ['b'] }, { id: 'b' }])).toMatchObject([
    { pointer: '/steps/0/needs', message: 'steps[0].needs: the steps need each other in a circle: a → b → a' },
  ]);
});

/** Steps whose needs point anywhere earlier in a hidden order, written down in another order. */
const acyclic = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.infiniteStream(fc.nat(1000))).map(([count, numbers]) => {
  const next = (): number => numbers.next().value ?? 0;
  const steps = Array.from({ length: count }, (_, at) => ({
    id: `s${at}`,
    needs: [...new Set(Array.from({ length: Math.min(at, next() % 4) }, () => `s${next() % at}`))],
  }));
  return steps
    .map((step) => ({ step, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ step }) => step);
});

test('in any graph without a circle every step stands behind all it needs, each once, and the same steps give the same order', () => {
  fc.assert(
    fc.property(acyclic, (steps) => {
      expect(graphProblems(steps)).toEqual([]);
      const order = orderOf(steps);
      expect([...order].sort()).toEqual(steps.map(({ id }) => id).sort());
      for (const { id, needs } of steps) for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
      expect(orderOf(structuredClone(steps))).toEqual(order);
    }),
  );
});

test('closing any path of needs into a circle is found, and the path named is one', () => {
  fc.assert(
    fc.property(acyclic, fc.nat(), fc.nat(), (steps, first, second) => {
      const from = steps[first % steps.length];
      const upstream = from ? [...upstreamOf(from.id, needsOf(steps))] : [];
      const to = upstream[second % Math.max(1, upstream.length)];
      if (!from || to === undefined) return;
      const closed = steps.map((step) => (step.id === to ? { ...step, needs: [...step.needs, from.id] } : step));
      const [problem] = graphProblems(closed);
      const path = problem?.message.split('circle: ')[1]?.split(' → ') ?? [];
      expect(path.length).toBeGreaterThan(2);
      expect(path.at(-1)).toBe(path[0]);
      const needs = needsOf(closed);
      for (const [at, id] of path.slice(0, -1).entries()) expect(needs.get(id)).toContain(path[at + 1]);
    }),
  );
});

test('upstream of a step is what it needs and what those need, never itself', () => {
  const needs = needsOf([{ id: 'a' }, { id: 'b' }, { id: 'c', needs: [] }, { id: 'd', needs: ['b', 'c', 'gone'] }]);
  expect([...upstreamOf('d', needs)].sort()).toEqual(['a', 'b', 'c']);
  expect([...upstreamOf('c', needs)]).toEqual([]);
});
