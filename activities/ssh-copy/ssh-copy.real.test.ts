import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { testExamples } from '../testing/examples.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

describe.skipIf(sshdMissing !== null)(`ssh.copy${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let worker: TestWorker;
  let sshd: Sshd;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'capstan-copy-'));
    [worker, sshd] = await Promise.all([testWorker({ CAPSTAN_WORKER__FILE_ROOTS: JSON.stringify([root]) }), startSshd()]);
    await worker.addTarget('host', sshd);
  });
  afterAll(async () => {
    await worker.close();
    await sshd.stop();
    rmSync(root, { recursive: true });
  });

  testExamples(
    'ssh.copy',
    () => worker,
    { target: 'host' },
    (config) => ({ ...config, to_path: String(config.to_path).replace(/^\/tmp/, sshd.directory) }),
  );
});
