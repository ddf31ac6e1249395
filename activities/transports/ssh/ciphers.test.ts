import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const BUILT = require.resolve('ssh2/package.json').replace(/package\.json$/, 'lib/protocol/crypto/build/Release/sshcrypto.node');
const missing = existsSync(BUILT) ? '' : ' (no compiler built them)';

// Built for another Node they do not load, and ssh2 goes on in silence with its own, which take three times the processor time.
test.skipIf(missing !== '')(`the native ciphers of SSH load in the Node that workers run on${missing}`, () => {
  expect(Object.keys(require(BUILT))).toContain('AESGCMCipher');
});
