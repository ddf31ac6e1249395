import { expect, test } from 'vitest';
import { mendedPath } from './mend-address.ts';

test.each([
  ['/runs/42', '/runs/42'],
  ['/jobs/caf%C3%A9', '/jobs/caf%C3%A9'],
  ['/jobs/caf%C3', '/jobs/caf_C3'],
  ['/a%20b/%E0%A4%A', '/a%20b/_E0_A4_A'],
  ['/100%', '/100_'],
  ['/100%25', '/100_25'],
])('%s is opened as %s, which the router and its links can read', (path, mended) => {
  expect(mendedPath(path)).toBe(mended);
  expect(() => decodeURI(decodeURI(mendedPath(path)))).not.toThrow();
});
