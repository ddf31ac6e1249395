import { expect, test } from 'vitest';
import type { JobDefinition } from '#jobs/definition.ts';
import { diffDefinitions } from '#jobs/diff/diff-definitions.ts';
import { sentencesOf, valueWords } from './sentences.ts';

const job = (more: Partial<JobDefinition>): JobDefinition => ({ name: 'edge', steps: [], ...more });
const step = (id: string, more: object = {}) => ({ id, type: 'ssh.exec', config: { command: 'true' }, ...more });
const said = (before: JobDefinition, after: JobDefinition) =>
  sentencesOf(diffDefinitions(before, after)).map(
    ({ kind, subject, field, before: was, after: is }) => `${kind} ${subject.sort} ${subject.name} ${field}: ${was} > ${is}`,
  );

test('a step’s field is named with what it was and is', () => {
  expect(said(job({ steps: [step('store', { timeout: '5m' })] }), job({ steps: [step('store', { timeout: '10m' })] }))).toEqual([
    'changed step store timeout: 5m > 10m',
  ]);
});

test('steps that came, went and moved are named, with what they are and where they stood', () => {
  const before = job({ steps: [step('a'), step('b'), step('c')] });
  const after = job({ steps: [step('c'), step('a'), step('d')] });
  expect(said(before, after)).toEqual(['removed step b : ssh.exec > null', 'added step d : null > ssh.exec', 'moved step c : 3 > 1']);
});

test('parameters and the job’s own fields are told apart', () => {
  const before = job({ priority: 3, parameters: { site: { type: 'string', default: 'ber' } } });
  const after = job({ priority: 5, parameters: { site: { type: 'string', default: 'fra' }, count: { type: 'integer' } } });
  expect(said(before, after)).toEqual([
    'added parameter count : null > {"type":"integer"}',
    'changed parameter site default: ber > fra',
    'changed job  priority: 3 > 5',
  ]);
});

test('long values are told by their size', () => {
  expect([valueWords('a\nb\nc'), valueWords('x'.repeat(200)).length, valueWords([1, 2]), valueWords([]), valueWords('')]).toEqual([
    '3 lines',
    120,
    '1, 2',
    '[]',
    '""',
  ]);
  expect(valueWords(Array.from({ length: 90 }, (_, at) => at))).toBe('90 entries');
});
