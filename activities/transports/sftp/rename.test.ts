import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { SshSession } from '../ssh/session.ts';
import { RemoteFiles } from './remote-files.ts';

type Done = (error: Error | null, value?: object) => void;

const status = (code: number): Error => Object.assign(new Error(`status ${code}`), { code });

/** A server without `posix-rename`, whose rename replaces nothing and refuses the `refused`th time, if any. */
function plainServer(files: Map<string, string>, refused: number | null): SshSession {
  let renames = 0;
  const sftp = Object.assign(new EventEmitter(), {
    _extensions: {},
    maxOpenHandles: undefined,
    lstat: (path: string, done: Done) => (files.has(path) ? done(null, { mode: 0o100644, size: 1, mtime: 1 }) : done(status(2))),
    unlink: (path: string, done: Done) => done(files.delete(path) ? null : status(2)),
    rename: (from: string, to: string, done: Done) => {
      renames += 1;
      const text = files.get(from);
      if (text === undefined) return done(status(2));
      if (files.has(to) || renames === refused) return done(status(4));
      files.delete(from);
      files.set(to, text);
      done(null);
    },
    end: () => undefined,
  });
  return { peer: { target: 'host' }, sftp: async () => sftp } as unknown as SshSession;
}

const placed = (files: Map<string, string>, refused: number | null = null) =>
  new RemoteFiles(plainServer(files, refused), new AbortController().signal).place('/srv/.file.part', '/srv/file');

describe('a server whose rename replaces nothing', () => {
  test('gets the new file in the place of the old one, and nothing else stays', async () => {
    const files = new Map([
      ['/srv/file', 'old'],
      ['/srv/.file.part', 'new'],
    ]);
    await placed(files);
    expect([...files]).toEqual([['/srv/file', 'new']]);
  });

  test('what stepped aside comes back when the new file does not get there', async () => {
    const files = new Map([
      ['/srv/file', 'old'],
      ['/srv/.file.part', 'new'],
    ]);
    // The first is refused because the old one is there, the second moves that aside.
    await expect(placed(files, 3)).rejects.toMatchObject({ message: expect.stringContaining('/srv/file') });
    expect(files.get('/srv/file')).toBe('old');
    expect(files.get('/srv/.file.part')).toBe('new');
  });
});
