import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asyncsshMissing, startAsyncssh } from '#test/peers/asyncssh.ts';
import { dropbearMissing, startDropbear } from '#test/peers/dropbear.ts';
import { startSftpOnly } from '#test/peers/sftp-only.ts';
import { type SshPeer, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { type TestWorker, testWorker } from '../../testing/worker.ts';

const PEERS = [
  { name: 'OpenSSH', missing: sshdMissing, start: () => startSshd(), protocol: 'sftp' },
  { name: 'OpenSSH with a bare SFTP and no shell', missing: sshdMissing, start: startSftpOnly, protocol: 'sftp' },
  { name: 'Dropbear', missing: dropbearMissing, start: startDropbear, protocol: 'sftp' },
  { name: 'AsyncSSH', missing: asyncsshMissing, start: startAsyncssh, protocol: 'sftp' },
  { name: 'OpenSSH by scp', missing: sshdMissing, start: () => startSshd({ sftp: null }), protocol: 'scp' },
  { name: 'Dropbear by scp', missing: dropbearMissing, start: startDropbear, protocol: 'scp' },
] as const;

/** What a file has grown to once its server has written what it was still sent: a loaded one takes its time. */
async function sizeAtRest(file: string): Promise<number> {
  for (let before = -1; ; ) {
    const { size } = statSync(file);
    if (size === before) return size;
    before = size;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.concurrent.each(PEERS)('transfers with $name', ({ missing, start, protocol }) => {
  describe.skipIf(missing !== null)(`${missing ?? ''}`, { concurrent: false }, () => {
    let worker: TestWorker;
    let peer: SshPeer;
    let root: string;
    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'capstan-files-'));
      [worker, peer] = await Promise.all([testWorker({ CAPSTAN_WORKER__FILE_ROOTS: JSON.stringify([root]) }), start()]);
      await worker.addTarget('host', peer as never);
    });
    afterAll(async () => {
      await worker?.close();
      await peer?.stop();
      rmSync(root, { recursive: true, force: true });
    });

    const here = (name: string) => join(root, name);
    const there = (name: string) => join(peer.directory, name);
    const parts = (directory: string) => readdirSync(directory, { recursive: true }).filter((name) => String(name).includes('.part'));

    async function done(type: 'sftp.upload' | 'sftp.download' | 'ssh.copy', config: object) {
      const run = await worker.newRun();
      await worker.attempt(type, { protocol, ...config }, { run, target: 'host' });
      return { result: (await worker.step(run)).result as { [name: string]: unknown }, rows: await worker.transfers(run), run };
    }

    test.each([0, 1, 32_768, 32_769, 261_120, 5_000_000])(
      'a file of %d bytes arrives up and down, checked, and nothing else stays',
      async (size) => {
        const bytes = randomBytes(size);
        writeFileSync(here(`up-${size}`), bytes);
        const up = await done('sftp.upload', { local_path: `up-${size}`, remote_path: there(`file-${size}`) });
        expect(up.result).toMatchObject({ files: 1, bytes: size, resumed_from: 0 });
        expect(up.rows).toMatchObject([
          {
            operation_type: 'upload',
            status: 'completed',
            file_size: size,
            bytes_transferred: size,
            sha256: sha256(bytes),
            local_path: here(`up-${size}`),
            remote_path: there(`file-${size}`),
          },
        ]);
        expect(readFileSync(there(`file-${size}`)).equals(bytes)).toBe(true);

        const down = await done('sftp.download', { remote_path: there(`file-${size}`), local_path: `down-${size}` });
        expect(down.rows).toMatchObject([
          { operation_type: 'download', status: 'completed', bytes_transferred: size, sha256: sha256(bytes) },
        ]);
        expect(readFileSync(here(`down-${size}`)).equals(bytes)).toBe(true);
        expect([...parts(root), ...parts(peer.directory)]).toEqual([]);
      },
    );

    test('content from the config replaces what is there, which keeps its permissions', async () => {
      await done('sftp.upload', { content: 'old', remote_path: there('conf'), mode: '0640' });
      expect(statSync(there('conf')).mode & 0o777).toBe(0o640);
      await done('sftp.upload', { content: 'bmV3IMO8', content_encoding: 'base64', remote_path: there('conf') });
      expect(readFileSync(there('conf'), 'utf8')).toBe('new ü');
      expect(statSync(there('conf')).mode & 0o777).toBe(0o640);
    });

    test('names with quotes, spaces, dashes and line ends are only names', async () => {
      for (const name of [`it's "a" $(name)`, '-rf', 'ä ö', ...(protocol === 'sftp' ? ['two\nlines', 'back\\slash'] : [])]) {
        await done('sftp.upload', { content: name, remote_path: there(name) });
        expect(readFileSync(there(name), 'utf8')).toBe(name);
        await done('sftp.download', { remote_path: there(name), local_path: here('named') });
        expect(readFileSync(here('named'), 'utf8')).toBe(name);
      }
    });

    test('permissions and times are kept when asked for', async () => {
      writeFileSync(here('kept'), 'x');
      chmodSync(here('kept'), 0o750);
      utimesSync(here('kept'), 1_600_000_000, 1_600_000_000);
      await done('sftp.upload', { local_path: 'kept', remote_path: there('kept'), preserve_permissions: true, preserve_times: true });
      const { mode, mtimeMs } = statSync(there('kept'));
      expect([mode & 0o777, mtimeMs]).toEqual([0o750, 1_600_000_000_000]);
      await done('sftp.download', { remote_path: there('kept'), local_path: 'kept-2', preserve_permissions: true, preserve_times: true });
      expect([statSync(here('kept-2')).mode & 0o777, statSync(here('kept-2')).mtimeMs]).toEqual([0o750, 1_600_000_000_000]);
    });

    test('without overwrite a file that is there is skipped, and shown so', async () => {
      await done('sftp.upload', { content: 'first', remote_path: there('once') });
      const second = await done('sftp.upload', { content: 'second', remote_path: there('once'), overwrite: false });
      expect(second.result).toMatchObject({ files: 0, skipped: 1 });
      expect(second.rows).toMatchObject([{ status: 'skipped' }]);
      expect(readFileSync(there('once'), 'utf8')).toBe('first');
    });

    test('a file is copied between hosts', async () => {
      const bytes = randomBytes(700_000);
      writeFileSync(there('original'), bytes);
      chmodSync(there('original'), 0o644);
      const { rows } = await done('ssh.copy', { from_path: there('original'), to_path: there('copies/one'), create_directories: true });
      expect(rows).toMatchObject([{ operation_type: 'copy', sha256: sha256(bytes), status: 'completed' }]);
      expect(readFileSync(there('copies/one')).equals(bytes)).toBe(true);
    });

    test.each([
      ['a source that is not there', { remote_path: '/no/such', local_path: 'x' }, 'invalid_input', /no such file/],
      ['a directory for a file', { remote_path: '/etc', local_path: 'x' }, 'invalid_input', /is a directory/],
      [
        'a directory of the worker that is not there',
        { remote_path: '/etc/hostname', local_path: 'no/such/dir' },
        'invalid_input',
        /create_directories/,
      ],
    ])('%s is named', async (_what, config, type, message) => {
      await expect(worker.attempt('sftp.download', { protocol, ...config }, { target: 'host' })).rejects.toMatchObject({
        type,
        message: expect.stringMatching(message),
      });
    });

    test('a directory of the host that refuses us is named, and nothing stays of the attempt', async () => {
      mkdirSync(there('closed'), { mode: 0o555 });
      const refused = worker.attempt('sftp.upload', { protocol, content: 'x', remote_path: there('closed/file') }, { target: 'host' });
      await expect(refused).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining(`${there('closed')}`) });
      const missing = worker.attempt('sftp.upload', { protocol, content: 'x', remote_path: there('none/file') }, { target: 'host' });
      await expect(missing).rejects.toMatchObject({
        type: 'invalid_input',
        message: expect.stringContaining('create_directories: true makes it'),
      });
    });

    if (protocol === 'scp') return;
    describe('trees and what is taken up again', () => {
      test('a tree becomes the destination, its links left out', async () => {
        mkdirSync(here('tree/a/b'), { recursive: true });
        for (const name of ['1', 'a/2', 'a/b/3']) writeFileSync(here(`tree/${name}`), name);
        mkdirSync(here('tree/empty'));
        symlinkSync('/etc/passwd', here('tree/link'));
        const { result } = await done('sftp.upload', { local_path: 'tree', remote_path: there('tree'), recursive: true });
        expect(result).toMatchObject({ files: 3 });
        expect(readdirSync(there('tree'), { recursive: true }).toSorted()).toEqual(['1', 'a', 'a/2', 'a/b', 'a/b/3', 'empty']);
        await done('sftp.download', { remote_path: there('tree'), local_path: 'tree-back', recursive: true });
        expect(readdirSync(here('tree-back'), { recursive: true }).toSorted()).toEqual(['1', 'a', 'a/2', 'a/b', 'a/b/3', 'empty']);
        expect(readFileSync(here('tree-back/a/b/3'), 'utf8')).toBe('a/b/3');
      });

      test('what a glob finds goes along with its path', async () => {
        mkdirSync(here('glob/x/y'), { recursive: true });
        for (const name of ['a.conf', 'b.txt', 'x/c.conf', 'x/y/d.conf']) writeFileSync(here(`glob/${name}`), name);
        await done('sftp.upload', { local_path: 'glob/**/*.conf', remote_path: there('globbed/'), create_directories: true });
        expect(readdirSync(there('globbed'), { recursive: true }).toSorted()).toEqual(['a.conf', 'x', 'x/c.conf', 'x/y', 'x/y/d.conf']);
        await expect(
          worker.attempt('sftp.upload', { local_path: 'glob/*.none', remote_path: there('globbed/') }, { target: 'host' }),
        ).rejects.toThrow(/no file matches/);
      });

      test.each(['up', 'down'] as const)('%s: what a killed worker left is taken up at its end', async (way) => {
        const bytes = randomBytes(24 * 1024 * 1024);
        const [source, target] = way === 'up' ? [here('big'), there(`big-${way}`)] : [there('big'), here(`big-${way}`)];
        writeFileSync(source, bytes);
        chmodSync(source, 0o644);
        const { type, config } =
          way === 'up'
            ? ({ type: 'sftp.upload', config: { local_path: source, remote_path: target } } as const)
            : ({ type: 'sftp.download', config: { remote_path: source, local_path: target } } as const);
        const run = await worker.newRun();
        const crash = new AbortController();
        const directory = way === 'up' ? peer.directory : root;
        const watching = setInterval(() => {
          const part = parts(directory).find((name) => String(name).includes(run));
          if (part !== undefined && statSync(join(directory, String(part))).size > 4_000_000) crash.abort();
        }, 1);
        await expect(worker.attempt(type, config, { run, target: 'host', crash: crash.signal }))
          .rejects.toThrow('crashed')
          .finally(() => clearInterval(watching));
        const [part] = parts(directory).filter((name) => String(name).includes(run));
        const left = await sizeAtRest(join(directory, String(part)));
        expect(left).toBeGreaterThanOrEqual(4_000_000);
        expect(left).toBeLessThan(bytes.length);

        const { size, mtimeMs, dev, ino } = statSync(source);
        const fingerprint = `${size}/${Math.floor(mtimeMs / 1000)}/${way === 'up' ? `${dev}:${ino}:${mtimeMs}` : ''}`;
        await worker.attempt(type, config, {
          run,
          target: 'host',
          attempt: 2,
          checkpoint: { list: 'another', done: 0, parts: { [target]: fingerprint } },
        });
        const row = (await worker.transfers(run)).at(-1);
        expect(row).toMatchObject({ status: 'completed', bytes_transferred: bytes.length, sha256: sha256(bytes) });
        const said = (await worker.log(run)).map(({ text }) => text).join('; ');
        expect(left - (row?.resumed_from ?? 0), said).toBeLessThanOrEqual(2 * 1024 * 1024);
        expect(sha256(readFileSync(target))).toBe(sha256(bytes));
        expect(parts(directory)).toEqual([]);
      });

      test('a part that is not the beginning of the source is not gone on with', async () => {
        const bytes = randomBytes(6_000_000);
        writeFileSync(here('changed'), bytes);
        const run = await worker.newRun();
        writeFileSync(there(`.changed.${run}.part`), randomBytes(5_000_000));
        chmodSync(there(`.changed.${run}.part`), 0o666);
        await worker.attempt('sftp.upload', { local_path: 'changed', remote_path: there('changed') }, { run, target: 'host', attempt: 2 });
        expect((await worker.transfers(run)).at(-1)).toMatchObject({ resumed_from: 0, sha256: sha256(bytes) });
        expect(sha256(readFileSync(there('changed')))).toBe(sha256(bytes));
      });

      test('a longer part of a source that has shrunk does not lengthen the file', async () => {
        const bytes = randomBytes(6_000_000);
        writeFileSync(here('shrunk'), bytes.subarray(0, 4_000_000));
        const run = await worker.newRun();
        writeFileSync(there(`.shrunk.${run}.part`), bytes);
        chmodSync(there(`.shrunk.${run}.part`), 0o666);
        await worker.attempt('sftp.upload', { local_path: 'shrunk', remote_path: there('shrunk') }, { run, target: 'host', attempt: 2 });
        expect(statSync(there('shrunk')).size).toBe(4_000_000);
        truncateSync(here('shrunk'), 0);
      });

      test('cancelled, it ends soon, with its part removed and the old file as it was', async () => {
        writeFileSync(here('slow'), randomBytes(64 * 1024 * 1024));
        await done('sftp.upload', { content: 'old', remote_path: there('slow') });
        const run = await worker.newRun();
        const cancel = new AbortController();
        const watching = setInterval(() => parts(peer.directory).length > 0 && cancel.abort(), 1);
        const ended = worker.attempt(
          'sftp.upload',
          { local_path: 'slow', remote_path: there('slow') },
          { run, target: 'host', cancel: cancel.signal },
        );
        await expect(ended)
          .rejects.toMatchObject({ name: 'CancelledFailure' })
          .finally(() => clearInterval(watching));
        expect(parts(peer.directory)).toEqual([]);
        expect(readFileSync(there('slow'), 'utf8')).toBe('old');
      });
    });
  });
});
