import { expect, test } from 'vitest';
import { isAbout, type OpenApi, operationsByTag, takes, unfolded } from './document.ts';

const document: OpenApi = {
  paths: {
    '/jobs': { get: { summary: 'Jobs by name', tags: ['jobs'] }, post: { summary: 'Create a job', tags: ['jobs'] } },
    '/healthz': { get: { summary: 'Alive' } },
  },
  components: { schemas: { Tree: { type: 'object', properties: { left: { $ref: '#/components/schemas/Tree' } } } } },
};

test('operations stand under their tag, in the order of the document', () => {
  const groups = operationsByTag(document, 'other');
  expect([...groups].map(([tag, all]) => [tag, all.map(({ id }) => id)])).toEqual([
    ['jobs', ['get /jobs', 'post /jobs']],
    ['other', ['get /healthz']],
  ]);
  const [, create] = groups.get('jobs') ?? [];
  expect(create && [isAbout(create, 'post JOB'), isAbout(create, 'post schedule')]).toEqual([true, false]);
});

test('a parameter says what it takes', () => {
  expect(takes({ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } })).toBe(
    'integer; 1 to 200; default 50',
  );
  expect(takes({ name: 'all', in: 'query', schema: { type: 'string', enum: ['true', 'false'] } })).toBe('true | false');
});

test('schemas that refer to each other over and over stay bounded', () => {
  const names = Array.from({ length: 12 }, (_, at) => `S${at}`);
  const refs = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
  const schemas = Object.fromEntries(names.map((name) => [name, { type: 'object', properties: refs }]));
  expect(JSON.stringify(unfolded({ $ref: '#/components/schemas/S0' }, { paths: {}, components: { schemas } })).length).toBeLessThan(
    100_000,
  );
});

test('a schema that holds itself ends at its name', () => {
  expect(unfolded({ $ref: '#/components/schemas/Tree' }, document)).toEqual({ type: 'object', properties: { left: 'Tree' } });
  expect(unfolded({ $ref: '#/components/schemas/Gone' }, document)).toBe('Gone');
});
