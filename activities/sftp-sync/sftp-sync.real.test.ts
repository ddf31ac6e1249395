import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from '#test/peers/sshd.ts';
import { testExamples } from '../testing/examples.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';

const RSYNC = '/usr/bin/rsync';
const rsyncMissing = existsSync(RSYNC) ? null : 'no rsync on this machine (Debian: rsync)';
const MTIME = 1_700_000_000;

interface Result {
  readonly files: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly plan_total: number;
  readonly plan: readonly { readonly do: string; readonly path: string }[];
}

describe.skipIf(sshdMissing !== null)(`sftp.sync${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let worker: TestWorker;
  let sshd: Sshd;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'capstan-sync-'));
    mkdirSync(join(root, 'site/css'), { recursive: true });
    writeFileSync(join(root, 'site/index.html'), '<h1>hi</h1>');
    writeFileSync(join(root, 'site/css/a.css'), 'h1 {}');
    [worker, sshd] = await Promise.all([testWorker({ CAPSTAN_WORKER__FILE_ROOTS: JSON.stringify([root]) }), startSshd()]);
    await worker.addTarget('host', sshd);
  });
  afterAll(async () => {
    await worker.close();
    await sshd.stop();
    rmSync(root, { recursive: true });
  });

  testExamples(
    'sftp.sync',
    () => worker,
    { target: 'host' },
    (config) => ({ ...config, remote_path: String(config.remote_path).replace(/^\/tmp/, sshd.directory) }),
  );

  /** Two trees that differ in every way there is; of the host and of the worker. */
  function trees(name: string): { readonly left: string; readonly right: string } {
    const [left, right] = [join(root, name), join(sshd.directory, name)];
    const write = (path: string, text: string, mtime = MTIME) => {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
      utimesSync(path, mtime, mtime);
    };
    for (const side of [left, right]) {
      write(join(side, 'same'), 'same');
      write(join(side, 'dir/same'), 'same');
      mkdirSync(join(side, 'empty-on-both'));
      symlinkSync('same', join(side, 'link-same'));
    }
    write(join(left, 'new'), 'new');
    write(join(left, 'new dir/deep/new'), "it's new");
    mkdirSync(join(left, 'new-empty'));
    write(join(left, 'bigger'), 'bigger');
    write(join(right, 'bigger'), 'big');
    write(join(left, 'newer'), 'newer', MTIME + 1);
    write(join(right, 'newer'), 'older');
    write(join(left, 'older'), 'left!', MTIME - 7200);
    write(join(right, 'older'), 'right');
    write(join(left, 'mode'), 'mode');
    write(join(right, 'mode'), 'mode');
    chmodSync(join(left, 'mode'), 0o750);
    symlinkSync('new', join(left, 'link-new'));
    symlinkSync('new', join(left, 'link-moved'));
    symlinkSync('same', join(right, 'link-moved'));
    write(join(right, 'gone'), 'gone');
    write(join(right, 'gone dir/a/gone'), 'gone');
    write(join(right, 'gone dir/gone'), 'gone');
    write(join(right, 'skip.tmp'), 'kept');
    write(join(left, 'other.tmp'), 'not sent');
    const { uid, gid } = statSync(sshd.directory);
    for (const path of ['.', ...readdirSync(right, { recursive: true }).map(String)]) {
      if (!lstatSync(join(right, path)).isSymbolicLink()) chownSync(join(right, path), uid, gid);
    }
    return { left, right };
  }

  const attempt = async (config: object): Promise<Result> => {
    const run = await worker.newRun();
    await worker.attempt('sftp.sync', { ...config } as never, { run, target: 'host' });
    return (await worker.step(run)).result as unknown as Result;
  };

  /** What rsync would do, in our words. */
  function rsyncPlan(left: string, right: string, options: readonly string[]): readonly string[] {
    const said = execFileSync(
      RSYNC,
      ['-n', '-i', '-r', '-t', '--omit-dir-times', '--omit-link-times', ...options, `${left}/`, `${right}/`],
      {
        encoding: 'utf8',
      },
    );
    return said
      .split('\n')
      .filter((line) => line !== '' && !/^(skipping|cannot delete) /.test(line))
      .map((line) => {
        const deleting = /^\*deleting +(.*?)\/?$/.exec(line);
        if (deleting) return `delete ${deleting[1]}`;
        const [, kind, type, changes = '', path = ''] = /^([.<>ch])([fdL])([^ ]{9}) (.*)$/.exec(line) ?? [];
        const name = path.replace(/ -> .*$/, '').replace(/\/$/, '');
        if (kind === '.') return `attributes ${name}`;
        if (type === 'd') return `directory ${name}`;
        if (type === 'L') return `link ${name}`;
        return `${changes.startsWith('++') ? 'new' : 'update'} ${name}`;
      })
      .toSorted();
  }
  const ourPlan = ({ plan }: Result): readonly string[] => plan.map((action) => `${action.do} ${action.path}`).toSorted();

  /** What a tree holds, as one text. */
  const contents = (directory: string): string =>
    readdirSync(directory, { recursive: true })
      .map(String)
      .toSorted()
      .map((name) => {
        const path = join(directory, name);
        const stats = lstatSync(path);
        if (stats.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
        if (stats.isDirectory()) return `${name}/`;
        return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${Math.floor(stats.mtimeMs / 1000)}`;
      })
      .join('\n');

  describe.skipIf(rsyncMissing !== null)(`against rsync${rsyncMissing === null ? '' : ` (${rsyncMissing})`}`, () => {
    test.each([
      ['plain', {}, []],
      ['deleting', { delete: 'after' }, ['--delete']],
      ['with links', { delete: 'after', symlinks: 'keep' }, ['--delete', '-l']],
      ['following links', { delete: 'after', symlinks: 'follow' }, ['--delete', '-L']],
      ['by checksum', { delete: 'after', compare: 'checksum', symlinks: 'keep' }, ['--delete', '-l', '-c']],
      ['with permissions', { delete: 'after', symlinks: 'keep', preserve_permissions: true }, ['--delete', '-l', '-p']],
      [
        'with exclusions',
        { delete: 'after', symlinks: 'keep', exclude: ['*.tmp', 'new dir/deep'] },
        ['--delete', '-l', '--exclude=*.tmp', '--exclude=/new dir/deep'],
      ],
    ] as const)('%s: the same plan up and down, and trees that hold the same', async (name, config, options) => {
      for (const direction of ['up', 'down'] as const) {
        const made = trees(`${direction} ${name}`);
        const [local, remote] = [made.left, made.right];
        const [left, right] = direction === 'up' ? [local, remote] : [remote, local];
        const paths = { direction, local_path: local, remote_path: remote };
        const before = contents(right);
        const dry = await attempt({ ...paths, ...config, dry_run: true });
        expect(ourPlan(dry)).toEqual(rsyncPlan(left, right, options));
        expect(contents(right)).toBe(before);

        const copy = join(root, `rsynced ${direction} ${name}`);
        cpSync(right, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
        execFileSync(RSYNC, ['-r', '-t', '--omit-dir-times', '--omit-link-times', ...options, `${left}/`, `${copy}/`], { stdio: 'ignore' });
        const done = await attempt({ ...paths, ...config });
        expect(ourPlan(done)).toEqual(ourPlan(dry));
        expect(contents(right)).toBe(contents(copy));
        expect(rsyncPlan(left, right, options)).toEqual([]);
        expect(await attempt({ ...paths, ...config })).toMatchObject({ plan_total: 0 });
      }
    });
  });

  test('more deletions than allowed are refused before anything is done', async () => {
    const { left, right } = trees('guarded');
    const before = contents(right);
    const ended = attempt({ direction: 'up', local_path: left, remote_path: right, delete: 'after', max_delete: 3 });
    await expect(ended).rejects.toMatchObject({
      type: 'policy',
      message: expect.stringContaining('max_delete allows 3; nothing was changed'),
    });
    expect(contents(right)).toBe(before);
  });

  test('a file that cannot be written is named, the others are brought over, and nothing is deleted', async () => {
    const { left, right } = trees('partly');
    mkdirSync(join(left, 'shut'));
    writeFileSync(join(left, 'shut/in'), 'in');
    mkdirSync(join(right, 'shut'));
    chmodSync(join(right, 'shut'), 0o555);
    const run = await worker.newRun();
    const config = { direction: 'up', local_path: left, remote_path: right, delete: 'after' } as const;
    await expect(worker.attempt('sftp.sync', config, { run, target: 'host' })).rejects.toThrow(
      /1 of \d+ files failed: host: opening .*permission denied/,
    );
    expect(readFileSync(join(right, 'new'), 'utf8')).toBe('new');
    expect(existsSync(join(right, 'gone'))).toBe(true);
    const failed = (await worker.transfers(run)).filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ remote_path: join(right, 'shut/in'), error_message: expect.stringContaining('permission denied') }]);
  });

  test('files under way of another run are neither copied nor deleted', async () => {
    const { left, right } = trees('under way');
    const part = '.file.0198c0de-0000-7000-8000-000000000000.part';
    writeFileSync(join(left, part), 'left');
    writeFileSync(join(right, `x${part}`.slice(1)), 'right');
    await attempt({ direction: 'up', local_path: left, remote_path: right, delete: 'after' });
    expect(readFileSync(join(right, part), 'utf8')).toBe('right');
  });

  test('a file takes the place of a directory, and a directory that of a file', async () => {
    const { left, right } = trees('kinds');
    writeFileSync(join(left, 'turned'), 'now a file');
    mkdirSync(join(right, 'turned/inner'), { recursive: true });
    writeFileSync(join(right, 'turned/inner/x'), 'x');
    mkdirSync(join(left, 'opened'));
    writeFileSync(join(left, 'opened/y'), 'y');
    writeFileSync(join(right, 'opened'), 'was a file');
    const { uid, gid } = statSync(sshd.directory);
    for (const path of ['turned', 'turned/inner']) chownSync(join(right, path), uid, gid);
    await attempt({ direction: 'up', local_path: left, remote_path: right, delete: 'after' });
    expect([readFileSync(join(right, 'turned'), 'utf8'), readFileSync(join(right, 'opened/y'), 'utf8')]).toEqual(['now a file', 'y']);
  });
});
