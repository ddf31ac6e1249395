import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { testExamples } from '../testing/examples.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

describe.skipIf(sshdMissing !== null)(`sftp.upload${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let worker: TestWorker;
  let sshd: Sshd;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'capstan-upload-'));
    mkdirSync(join(root, 'packages'));
    for (const name of ['a.tar', 'b.tar', 'notes.txt']) writeFileSync(join(root, 'packages', name), name);
    [worker, sshd] = await Promise.all([testWorker({ CAPSTAN_WORKER__FILE_ROOTS: JSON.stringify([root]) }), startSshd()]);
    await worker.addTarget('host', sshd);
  });
  afterAll(async () => {
    await worker.close();
    await sshd.stop();
    rmSync(root, { recursive: true });
  });

  testExamples(
    'sftp.upload',
    () => worker,
    { target: 'host' },
    (config) => ({ ...config, remote_path: String(config.remote_path).replace(/^\/tmp/, sshd.directory) }),
  );
});
