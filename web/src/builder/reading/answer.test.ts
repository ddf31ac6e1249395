import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { needsOf, upstreamOf } from '#jobs/graph.ts';
import type { Json } from '#jobs/json.ts';
import { knownFrom } from '../expressions/known.ts';
import { suggestionsIn } from '../expressions/suggest.ts';
import { parametersSchema } from '../trial/parameters.ts';
import { answer } from './answer.ts';

const WHOLE = {
  name: 'x',
  parameters: { site: { type: 'string', secret: true }, count: { type: 'integer', default: 1 } },
  steps: [
    { id: 'one', type: 'a', outputs: { text: '${{ result.out }}' }, matrix: { site: ['x'] } },
    { id: 'two', type: 'a', needs: ['one'], compensate: { type: 'b', config: {} } },
  ],
  on_failure: [{ type: 'a' }],
};

const places = (value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, one]) => places(one as Json, [...path, Array.isArray(value) ? Number(key) : key]))];
const PLACES = places(WHOLE).filter((path) => path.length > 0);

const put = (value: Json, [key, ...rest]: readonly (string | number)[], piece: Json): Json => {
  if (key === undefined) return piece;
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1, put(value[Number(key)] as Json, rest, piece));
  return { ...(value as object), [key]: put((value as { readonly [key: string]: Json })[key] as Json, rest, piece) };
};

test('a definition that is half written anywhere is read in the shape that all panes rely on, each step at its index', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PLACES), fc.constantFrom<Json>(null, 5, '', 'x', true, [], [null], {}, { a: null }), (path, piece) => {
      const outline = answer({ kind: 'outline', text: stringify(put(WHOLE, path, piece)) });
      if (!outline.readable) throw new Error('unreadable');
      const { definition } = outline;
      expect(Array.isArray(definition.steps)).toBe(true);
      for (const which of ['all', 'open'] as const) parametersSchema(definition.parameters, which);
      for (const { id } of definition.steps) upstreamOf(id, needsOf(definition.steps));
      const known = knownFrom(definition, []);
      for (const start of ['', 'parameters.', 'steps.', 'steps.one.outputs.', 'matrix.']) suggestionsIn(start, known, 'one');
      if (path[0] === 'steps' && path.length > 1) expect(definition.steps).toHaveLength(2);
    }),
    { numRuns: 150 },
  );
});

test('a parameter that has a name and nothing else yet is one without a type', () => {
  const outline = answer({ kind: 'outline', text: 'name: x\nparameters:\n  site:\nsteps: []\n' });
  expect(outline).toMatchObject({ readable: true, definition: { parameters: { site: {} } } });
});
