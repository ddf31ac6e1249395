import { expect, test } from 'vitest';
import type { JobDefinition } from '#jobs/definition.ts';
import { knownFrom } from './known.ts';
import { suggestionsIn } from './suggest.ts';

const definition: JobDefinition = {
  name: 'x',
  parameters: { site: { type: 'string' }, count: { type: 'integer' } },
  steps: [
    { id: 'show', type: 'a', outputs: { text: '${{ result.out }}' } },
    { id: 'store', type: 'a', matrix: { site: ['x'] } },
  ],
};
const a = {
  type: 'a',
  title: 'A',
  target: null,
  config: {},
  result: { type: 'object', properties: { out: { type: 'string' }, code: { type: 'integer' } } },
  examples: [],
};
const known = knownFrom(definition, [a as never]);
const names = (source: string, own?: string) => suggestionsIn(source, known, own).options.map(({ name }) => name);

test('names follow what is written so far', () => {
  expect(names(' par')).toContain('parameters');
  expect(names(' parameters.')).toEqual(['site', 'count']);
  expect(names(' size(steps.', 'store')).toEqual(['show']);
  expect(names(' steps.show.outputs.t')).toEqual(['text']);
  expect(names(' steps["store"].outputs.')).toEqual(['out', 'code']);
  expect(names(' result.', 'show')).toEqual(['out', 'code']);
  expect(names(' matrix.', 'store')).toEqual(['site']);
  expect(names(' nothing.')).toEqual([]);
  expect(suggestionsIn(' a + steps.sh', known).word).toBe('sh');
});
