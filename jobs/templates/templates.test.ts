import { expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { parseDefinition } from '../definition.ts';
import { JOB_TEMPLATES } from './templates.ts';

test.each(JOB_TEMPLATES)('$name is a definition without a fault, under its own name and title', ({ name, title, source }) => {
  const { definition, problems } = parseDefinition(source, STEP_SPECS);
  expect(problems).toEqual([]);
  expect(definition).toMatchObject({ name, title, category: 'templates' });
});

test('there are at least eight, each of another name', () => {
  expect(new Set(JOB_TEMPLATES.map(({ name }) => name)).size).toBe(JOB_TEMPLATES.length);
  expect(JOB_TEMPLATES.length).toBeGreaterThanOrEqual(8);
});
