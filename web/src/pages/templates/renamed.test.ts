import { expect, test } from 'vitest';
import { JOB_TEMPLATES } from '#jobs/templates/templates.ts';
import { freeName, renamed } from './renamed.ts';

test('a template under another name differs in that line alone', () => {
  for (const { source, name } of JOB_TEMPLATES) {
    const [before, after] = [source, renamed(source, 'mine-$1')].map((text) => text.split('\n'));
    expect(after?.filter((line, at) => line !== before?.[at])).toEqual(['name: mine-$1']);
    expect(renamed(source, name)).toBe(source);
  }
  expect(renamed('name: a\nsteps: []\n', '2024')).toMatch(/^name: (['"])2024\1\n/);
});

test('a name that somebody has is counted on', () => {
  expect(freeName('a', [])).toBe('a');
  expect(freeName('a', ['a', 'a-2', 'a-4'])).toBe('a-3');
});
