import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ZONE_NAMES } from '#jobs/zones/names.ts';
import { workflowBundle } from './bundle.ts';

test('the workflow code knows no zone: what clocks show is asked of a worker, since zone data change and a replay must not', async () => {
  const { codePath } = await workflowBundle(path.resolve('.capstan/bundle'));
  const code = await readFile(codePath, 'utf8');
  // Names that no example in a step's spec uses.
  expect(ZONE_NAMES.filter((name) => name.startsWith('Antarctica/') && code.includes(name))).toEqual([]);
  expect(code).not.toContain('iana.br');
});

test('what RE2 makes when it is looked at is frozen already when the SDK looks at all that workflows share', async () => {
  const { codePath } = await workflowBundle(path.resolve('.capstan/bundle'));
  expect(await readFile(codePath, 'utf8')).toMatch(/get Upper\(\) \{[\s\S]{1,2000}Object\.freeze\(UnicodeTables\);/);
});
