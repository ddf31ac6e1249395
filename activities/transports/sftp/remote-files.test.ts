import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { SshSession } from '../ssh/session.ts';
import { RemoteFiles } from './remote-files.ts';

/** A session whose SFTP server lists these names, two at a time, and answers nothing else. */
function listing(names: readonly string[]): SshSession {
  const left = [...names];
  const sftp = Object.assign(new EventEmitter(), {
    _extensions: {},
    maxOpenHandles: undefined,
    opendir: (_path: string, done: (error: null, handle: Buffer) => void) => done(null, Buffer.of(1)),
    readdir: (_handle: Buffer, _options: object, done: (error: Error | null, list?: object[]) => void) => {
      const batch = left.splice(0, 2);
      if (batch.length === 0) return done(Object.assign(new Error('end'), { code: 1 }));
      return done(
        null,
        batch.map((filename) => ({ filename, longname: filename, attrs: { mode: 0o100644, size: 1, mtime: 1 } })),
      );
    },
    close: (_handle: Buffer, done: (error: null) => void) => done(null),
    end: () => undefined,
  });
  return { peer: { target: 'host' }, sftp: async () => sftp } as unknown as SshSession;
}

const list = (names: readonly string[]) => new RemoteFiles(listing(names), new AbortController().signal).list('/srv');

describe('what a server says is in a directory', () => {
  test.each(['../evil', 'a/b', '/etc/passwd', 'nul\0nul', ''])('%j is no name, and ends the step as policy', async (name) => {
    await expect(list(['fine', name])).rejects.toMatchObject({ type: 'policy', message: expect.stringContaining('which is no name') });
  });

  test('itself and its parent are left out, and what is named twice is there once', async () => {
    const names = (await list(['.', '..', 'a', 'b', 'a', '...', 'c'])).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', '...', 'c']);
  });
});
