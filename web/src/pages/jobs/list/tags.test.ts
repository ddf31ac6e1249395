import { expect, test } from 'vitest';
import { fittingTags } from './tags.ts';

test('tags are shown while all of each has room, and the first one in any case', () => {
  expect(fittingTags([], 140)).toEqual([]);
  expect(fittingTags(['database', 'nightly'], 140)).toEqual(['database', 'nightly']);
  expect(fittingTags(['database', 'nightly', 'pci'], 140)).toEqual(['database']);
  expect(fittingTags(['core', 'pci', 'eu'], 140)).toEqual(['core', 'pci', 'eu']);
  expect(fittingTags(['quarterly-compliance-evidence'], 140)).toEqual(['quarterly-compliance-evidence']);
  expect(fittingTags(['quarterly-compliance-evidence', 'a'], 140)).toEqual(['quarterly-compliance-evidence']);
});
