import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

const before = { name: 'a', job: 'b', cron: '30 2 * * *', parameters: { site: 'ber', n: 1 }, note: 'x'.repeat(300) };

test('what changed between two versions is said field by field', () => {
  const { note: _, ...rest } = before;
  expect(changesOf(before, { ...rest, cron: '30 3 * * *', jitter: '5m', parameters: { n: 1, site: 'ber' } })).toEqual([
    'cron: 30 2 * * * → 30 3 * * *',
    'jitter: 5m',
    `note: ${'x'.repeat(119)}… → taken away`,
  ]);
  expect(changesOf(before, before)).toEqual([]);
});
