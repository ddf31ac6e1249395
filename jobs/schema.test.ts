import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { parseDefinition } from './definition.ts';
import { definitions } from './definitions.fixture.ts';
import type { Json, JsonSchema } from './json.ts';
import { jobSchema } from './schema.ts';
import { TEST_SPECS } from './specs.fixture.ts';
import { validateConfig } from './validate-config.ts';

const validator = () =>
  new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true })
    .addVocabulary(['x-code', 'x-expected', 'secret'])
    .addFormat('regex', true);

const accepts = validator().compile(jobSchema(TEST_SPECS));
const acceptsReal = validator().compile(jobSchema(STEP_SPECS));

test('every example of every step type passes another validator, and our own check', () => {
  const examples = Object.values(STEP_SPECS).flatMap((spec) => spec.examples.map((example) => ({ spec, example })));
  expect(examples.length).toBeGreaterThan(8);
  for (const { spec, example } of examples) {
    const job = {
      name: 'x',
      steps: [{ id: 'a', type: spec.type, config: example.config, ...('secrets' in example && { secrets: example.secrets }) }],
    };
    expect([example.title, acceptsReal(job), acceptsReal.errors]).toEqual([example.title, true, null]);
    expect(validateConfig(spec, example.config)).toEqual([]);
    expect(parseDefinition(JSON.stringify(job), STEP_SPECS).problems).toEqual([]);
  }
});

test('every example the schema itself shows fits the place it stands at', () => {
  const job = { ...jobSchema(STEP_SPECS), $id: 'job' };
  const other = validator().addSchema(job);
  let shown = 0;
  const visit = (part: JsonSchema, place: string): void => {
    const check = part.examples === undefined ? null : other.compile({ $ref: `job#${place}` });
    for (const example of part.examples ?? []) {
      shown += 1;
      expect([place, example, check?.(example)]).toEqual([place, example, true]);
    }
    for (const name of ['properties', '$defs'] as const)
      for (const [key, inner] of Object.entries(part[name] ?? {})) visit(inner, `${place}/${name}/${encodeURIComponent(key)}`);
    for (const [at, inner] of (part.oneOf ?? []).entries()) visit(inner, `${place}/oneOf/${at}`);
  };
  visit(job, '');
  expect(shown).toBeGreaterThan(10);
});

test('whatever the product saves, the published schema accepts', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      expect([accepts(definition), accepts.errors]).toEqual([true, null]);
    }),
  );
});

test.each<[string, { readonly [key: string]: Json }, boolean]>([
  ['a known type', { type: 'test.get', config: { url: 'u' } }, true],
  ['an unknown type', { type: 'test.gte', config: { url: 'u' } }, false],
  ['the config of another type', { type: 'test.get', config: { command: 'ls' } }, false],
  ['a missing config field', { type: 'test.exec', config: {} }, false],
  ['a missing config', { type: 'test.exec' }, false],
  ['a number where a number belongs', { type: 'test.exec', config: { command: 'ls', lines: 5 } }, true],
  ['an expression there', { type: 'test.exec', config: { command: 'ls', lines: '${{ parameters.n }}' } }, true],
  ['other text there', { type: 'test.exec', config: { command: 'ls', lines: 'five' } }, false],
  ['an expression for an object', { type: 'test.exec', config: { command: 'ls', environment: '${{ parameters.e }}' } }, true],
  ['a choice', { type: 'test.exec', config: { command: 'ls', mode: 'loud' } }, true],
  ['no choice', { type: 'test.exec', config: { command: 'ls', mode: 'lod' } }, false],
  ['an unknown field', { type: 'test.send', timout: '5s' }, false],
  ['a duration', { type: 'test.send', timeout: '5s' }, true],
  ['no duration', { type: 'test.send', timeout: 'soon' }, false],
])('an editor sees what is wrong with a step: %s', (_, step, isRight) => {
  expect(accepts({ name: 'x', steps: [{ id: 'a', ...step }] })).toBe(isRight);
});

test('fields keep their titles and descriptions where editors look for them', () => {
  const steps = jobSchema(STEP_SPECS).$defs?.step?.oneOf ?? [];
  const ssh = steps.find((part) => part.properties?.type?.const === 'ssh.exec');
  expect(ssh?.title).toBe('Run a command over SSH');
  expect(ssh?.properties?.config?.properties?.command?.description).toContain('Run by /bin/sh');
});
