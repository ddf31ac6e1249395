import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileRoots } from './file-roots.ts';
import { LocalFiles } from './local-files.ts';

describe('what a transfer may touch of the worker', () => {
  let outside: string;
  let root: string;
  let files: LocalFiles;
  beforeAll(() => {
    outside = mkdtempSync(join(tmpdir(), 'capstan-roots-'));
    root = join(outside, 'root');
    mkdirSync(join(root, 'inner'), { recursive: true });
    writeFileSync(join(outside, 'secret'), 'secret');
    writeFileSync(join(root, 'plain'), 'plain');
    symlinkSync('..', join(root, 'up'));
    symlinkSync('../secret', join(root, 'leak'));
    symlinkSync('inner', join(root, 'sideways'));
    files = new LocalFiles(new FileRoots([root]));
  });
  afterAll(() => rmSync(outside, { recursive: true }));

  test.each(['../secret', 'up/secret', 'inner/../../secret', '/etc/passwd', '/etc/no-such-file', '/', 'up/no/such/dir'])(
    '%s is refused with the list of roots',
    async (path) => {
      const opened = files.absolute(path).then((absolute) => files.open(absolute));
      await expect(opened).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining(`${root} (worker.file_roots)`) });
    },
  );

  test('a link in the last place is not followed, for reading nor for writing', async () => {
    const leak = await files.absolute('leak');
    await expect(files.open(leak)).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('symbolic link') });
    await expect(files.create(leak, {}, 0)).rejects.toMatchObject({ type: 'policy' });
    await expect(files.list(await files.absolute('up'))).rejects.toMatchObject({ type: 'policy' });
    await expect(files.resolved(leak)).rejects.toMatchObject({ type: 'policy' });
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  test('a link that stays within the roots is a way like any other', async () => {
    const sink = await files.create(await files.absolute('sideways/new'), {}, 0);
    await sink.write(0, Buffer.from('new'));
    await sink.finish(3, {});
    expect(readFileSync(join(root, 'inner/new'), 'utf8')).toBe('new');
  });

  test('a root that is missing is made, one that is a link is what it leads to', async () => {
    const made = new LocalFiles(new FileRoots([join(outside, 'made')]));
    expect(await made.list(await made.absolute('.'))).toEqual([]);
    symlinkSync(root, join(outside, 'alias'));
    const alias = new LocalFiles(new FileRoots([join(outside, 'alias')]));
    const source = await alias.open(await alias.absolute('plain'));
    expect((await source.read(0, 100)).toString()).toBe('plain');
    await source.close();
  });
});
