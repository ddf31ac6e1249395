import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const ROOMS = '{activities,api,cli,db,jobs,platform,worker,workflows}/**/*.ts';

test('SSH clients are made in one place, which cannot make one without a verifier of host keys', () => {
  const sources = globSync(ROOMS, { cwd: ROOT }).filter((path) => !path.endsWith('.test.ts'));
  const naming = (pattern: RegExp) => sources.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8'))).sort();
  // Reading a private key needs no client.
  expect(naming(/^import (?!type ).* from 'ssh2'/m)).toEqual(['activities/transports/ssh/client.ts', 'api/private-keys.ts']);
  expect(naming(/new ssh2\.Client\(/)).toEqual(['activities/transports/ssh/client.ts']);
  expect(readFileSync(join(import.meta.dirname, 'client.ts'), 'utf8').match(/client\.connect\(\{[^}]*hostVerifier,/g)).toHaveLength(1);
});
