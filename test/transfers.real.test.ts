import { createHash, randomFillSync } from 'node:crypto';
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './api-client.ts';
import { type FaultProxy, startFaultProxy } from './peers/fault-proxy.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

const MEBIBYTE = 1024 * 1024;
/** `CAPSTAN_TEST_TRANSFER_MIB=1024` for the size that the promise names. */
const SIZE = Number(process.env.CAPSTAN_TEST_TRANSFER_MIB ?? 256) * MEBIBYTE;

describe.skipIf(sshdMissing !== null)(`transfers and the death of their worker${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  let line: FaultProxy;
  let root: string;
  let sha256: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'capstan-transfers-'));
    [stack, sshd] = await Promise.all([startStack({ env: { CAPSTAN_WORKER__FILE_ROOTS: JSON.stringify([root]) } }), startSshd()]);
    chmodSync(sshd.directory, 0o777);
    line = await startFaultProxy(sshd.port);
    await registerTarget(stack.as, 'host', sshd);
    await registerTarget(stack.as, 'far', { ...sshd, hostKeys: sshd.hostKeys, port: line.port });
    sha256 = makeFile(join(root, 'large'));
  });
  afterAll(async () => {
    await stack?.stop();
    await line?.stop();
    await sshd?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  function makeFile(path: string): string {
    const hash = createHash('sha256');
    const file = openSync(path, 'w');
    const block = Buffer.alloc(MEBIBYTE);
    for (let at = 0; at < SIZE; at += MEBIBYTE) {
      randomFillSync(block);
      hash.update(block);
      writeSync(file, block);
    }
    closeSync(file);
    return hash.digest('hex');
  }

  const parts = () => readdirSync(sshd.directory).filter((name) => name.endsWith('.part'));
  const partSize = () =>
    parts().reduce((sum, name) => sum + (statSync(join(sshd.directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);

  test('an upload whose worker is killed half way goes on where it was: next to nothing is sent again, and the file is whole', async () => {
    const target = join(sshd.directory, 'large');
    const config = { local_path: 'large', remote_path: target };
    const retry = { attempts: 3, delay: '100ms', on: ['lost', 'connection'] };
    const job = await stack.as.job({ name: 'large', target: 'host', steps: [{ id: 'one', type: 'sftp.upload', config, retry }] });
    const run = await stack.as.start(job);
    await eventually(
      async () => partSize(),
      (size) => size >= SIZE / 2,
      60_000,
    );
    await stack.worker.kill();
    const [left] = parts();
    // What was on its way when the client died is written by the server, or not at all.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(left).toBe(`.large.${run}.part`);
    const before = partSize();
    expect(before).toBeLessThan(SIZE);
    stack.worker.start();

    expect(await stack.as.until(run, undefined, 120_000)).toMatchObject({ status: 'completed' });
    const [step] = await stack.as.steps(run);
    expect(step?.attempts.map(({ status }) => status)).toEqual(['lost', 'completed']);
    const rows = await stack.database.sql<{ attempt: number; resumed_from: string; sha256: string; status: string }[]>`
      select attempt, resumed_from, sha256, status from file_transfers where run_id = ${run} order by attempt`;
    const last = rows.at(-1);
    expect(last).toMatchObject({ status: 'completed', sha256 });
    const again = before - Number(last?.resumed_from);
    console.log(`${SIZE} bytes, killed at ${before}, sent again ${again}`);
    expect(again).toBeLessThanOrEqual(2 * MEBIBYTE);
    expect(createHash('sha256').update(readFileSync(target)).digest('hex')).toBe(sha256);
    expect(parts()).toEqual([]);
  }, 240_000);

  test('a cancel ends a transfer that hangs, and nothing stays of it', async () => {
    const config = { local_path: 'large', remote_path: join(sshd.directory, 'cancelled') };
    const job = await stack.as.job({ name: 'cancelled', target: 'far', steps: [{ id: 'one', type: 'sftp.upload', config }] });
    const run = await stack.as.start(job);
    await eventually(
      async () => partSize(),
      (size) => size > 0,
      30_000,
    );
    line.stall();
    expect((await stack.as.call('POST', `/runs/${run}/cancel`, {})).status).toBe(202);
    setTimeout(() => line.resume(), 2000);
    expect(await stack.as.until(run, undefined, 30_000)).toMatchObject({ status: 'cancelled' });
    expect(parts()).toEqual([]);
  });

  test('a line that is cut again and again does not end a transfer, nor send it anew', async () => {
    const target = join(sshd.directory, 'cut');
    const config = { local_path: 'large', remote_path: target };
    const job = await stack.as.job({ name: 'cut', target: 'far', steps: [{ id: 'one', type: 'sftp.upload', config }] });
    const { up } = line.relayed;
    line.cutAfter(SIZE / 4);
    const run = await stack.as.start(job);
    await eventually(
      async () => partSize(),
      (size) => size > 0,
      30_000,
    );
    for (let cuts = 1; cuts <= 3; cuts += 1) {
      const { connections } = line;
      await eventually(
        async () => line.connections,
        (now) => now > connections,
        60_000,
      );
      line.cutAfter(cuts < 3 ? SIZE / 4 : Number.POSITIVE_INFINITY);
    }
    expect(await stack.as.until(run, undefined, 120_000)).toMatchObject({ status: 'completed' });
    const [step] = await stack.as.steps(run);
    expect(step?.attempts.map(({ status }) => status)).toEqual(['completed']);
    expect(createHash('sha256').update(readFileSync(target)).digest('hex')).toBe(sha256);
    // Three cuts lose what was on its way, of which the windows of SSH and TCP hold a few MiB each.
    expect(line.relayed.up - up).toBeLessThan(SIZE * 1.25);
    expect(parts()).toEqual([]);
  }, 200_000);
});
