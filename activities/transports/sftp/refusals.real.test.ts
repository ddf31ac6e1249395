import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSftpOnly } from '#test/peers/sftp-only.ts';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { type TestWorker, testWorker } from '../../testing/worker.ts';

const unmountable = process.getuid?.() === 0 ? sshdMissing : 'only root can mount a file system to fill';

describe.skipIf(unmountable !== null)(`a host that has no room${unmountable === null ? '' : ` (${unmountable})`}`, () => {
  let worker: TestWorker;
  let hosts: readonly (readonly [string, Sshd])[];
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'capstan-refusals-'));
    const [made, open, bare] = await Promise.all([
      testWorker({ CAPSTAN_WORKER__FILE_ROOTS: JSON.stringify([root]) }),
      startSshd(),
      startSftpOnly(),
    ]);
    worker = made;
    hosts = [
      ['open', open],
      ['bare', bare],
    ];
    for (const [name, sshd] of hosts) {
      await worker.addTarget(name, sshd);
      const { uid, gid } = statSync(sshd.directory);
      for (const [place, options] of [
        ['small', 'rw'],
        ['fixed', 'ro'],
      ] as const) {
        mkdirSync(join(sshd.directory, place));
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=2m,${options},uid=${uid},gid=${gid}`, 'tmpfs', join(sshd.directory, place)]);
      }
    }
    writeFileSync(join(root, 'big'), randomBytes(5_000_000));
    writeFileSync(join(root, 'little'), 'little');
  });
  afterAll(async () => {
    for (const [, sshd] of hosts) {
      for (const place of ['small', 'fixed']) execFileSync('umount', [join(sshd.directory, place)]);
      await sshd.stop();
    }
    await worker.close();
    rmSync(root, { recursive: true });
  });

  const upload = (host: string, local_path: string, place: string, more: object = {}) => {
    const sshd = hosts.find(([name]) => name === host)?.[1];
    return {
      directory: join(sshd?.directory ?? '', place),
      ended: worker.attempt(
        'sftp.upload',
        { local_path, remote_path: join(sshd?.directory ?? '', place, 'file'), ...more },
        { target: host },
      ),
    };
  };

  test('says so before the first byte', async () => {
    const { directory, ended } = upload('open', 'big', 'small');
    await expect(ended).rejects.toMatchObject({
      type: 'assertion',
      message: expect.stringMatching(/open: room for .*: 5000000 bytes are needed, \d+ are free/),
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each(['open', 'bare'])('that fills up meanwhile is named, and the part goes: %s', async (host) => {
    // As if the attempt before had found room.
    const sshd = hosts.find(([name]) => name === host)?.[1];
    const remote_path = join(sshd?.directory ?? '', 'small', 'file');
    const ended = worker.attempt('sftp.upload', { local_path: 'big', remote_path }, { target: host, attempt: 2 });
    await expect(ended).rejects.toMatchObject({
      type: 'assertion',
      message: expect.stringMatching(/writing .*(the disk is full|the server refused)/),
    });
    expect(readdirSync(join(sshd?.directory ?? '', 'small'))).toEqual([]);
  });

  test('of which nothing may be changed is named', async () => {
    const { ended } = upload('open', 'little', 'fixed');
    await expect(ended).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('the file system is read-only') });
  });

  test('the old file stays when the new one does not fit beside it', async () => {
    const first = upload('open', 'little', 'small');
    await first.ended;
    await expect(upload('open', 'big', 'small').ended).rejects.toMatchObject({ type: 'assertion' });
    expect(readFileSync(join(first.directory, 'file'), 'utf8')).toBe('little');
    unlinkSync(join(first.directory, 'file'));
  });

  test('a source that vanishes while it is read is named', async () => {
    const source = join(root, 'vanishing');
    writeFileSync(source, randomBytes(30_000_000));
    const [, sshd] = hosts[0] ?? [];
    const watching = setInterval(
      () => readdirSync(sshd?.directory ?? '').some((name) => name.startsWith('.vanished.')) && rmSync(source, { force: true }),
      1,
    );
    const ended = worker.attempt(
      'sftp.upload',
      { local_path: 'vanishing', remote_path: join(sshd?.directory ?? '', 'vanished') },
      { target: 'open' },
    );
    await expect(ended)
      .rejects.toMatchObject({ type: 'invalid_input', message: expect.stringContaining('vanished') })
      .finally(() => clearInterval(watching));
    expect(readdirSync(sshd?.directory ?? '').filter((name) => name.includes('vanish'))).toEqual([]);
  });

  test('a source that may not be read is named', async () => {
    const [, sshd] = hosts[0] ?? [];
    const secret = join(sshd?.directory ?? '', 'secret');
    writeFileSync(secret, 'secret');
    chmodSync(secret, 0o600);
    const ended = worker.attempt('sftp.download', { remote_path: secret, local_path: 'secret' }, { target: 'open' });
    await expect(ended).rejects.toMatchObject({ type: 'policy', message: `open: opening ${secret}: permission denied` });
  });
});
