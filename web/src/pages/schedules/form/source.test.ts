import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sourceOf } from './source.ts';

test('the text of a new schedule says what was written, also where YAML would read it otherwise', () => {
  const definition = {
    name: 'no',
    job: 'backup',
    cron: '*/15 * * * *',
    timezone: 'Europe/Berlin',
    note: 'a: b # c\n"x" 1e3',
    at: '02:30',
    client: '007',
    parameters: { site: 'ber', nested: [1, null, { deep: true }] },
    priority: 3,
  };
  expect(parse(sourceOf(definition), { version: '1.2', schema: 'core' })).toEqual(definition);
  expect(sourceOf({ job: 'backup', priority: 3 })).toBe('job: backup\npriority: 3\n');
});
