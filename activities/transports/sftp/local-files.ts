import * as fs from 'node:fs';
import { chmod, mkdir, readdir, readlink, realpath, rename, rmdir, statfs, symlink, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { fileFailure, localFailure, type Stage } from './failure.ts';
import type { FileRoots } from './file-roots.ts';
import { type Attributes, type Entry, type Facts, type Files, readFully, type Sink, type Source } from './files.ts';
import { inParallel } from './parallel.ts';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants;
const BLOCK = 261_120;
const WHERE = 'the worker';

/** The files of the worker itself, as far as its roots let a step touch them. */
export class LocalFiles implements Files {
  readonly where = WHERE;
  readonly isLocal = true;
  readonly canResume = true;
  readonly #roots: FileRoots;

  constructor(roots: FileRoots) {
    this.#roots = roots;
  }

  blockSize = async (): Promise<number> => BLOCK;
  absolute = async (given: string): Promise<string> => this.#roots.absolute(given);

  async look(asked: string, links: 'follow' | 'keep'): Promise<Facts | null> {
    const file = await this.#roots.within(asked);
    try {
      const facts = factsOf(await lstat(file));
      if (facts.kind !== 'link' || links === 'keep') return facts;
      return this.look(await realpath(file), 'keep');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw localFailure({ where: WHERE, stage: 'resolve', path: asked }, error);
    }
  }

  resolved = (asked: string): Promise<string> => this.#do('resolve', asked, async (file) => this.#roots.within(await realpath(file)));

  list = (asked: string): Promise<readonly Entry[]> =>
    this.#do('list', asked, async (file) => {
      // Reading a directory follows a link to it, and that may lead out.
      const directory = await this.#roots.within(await realpath(file));
      const names = await readdir(directory);
      const entries: Entry[] = [];
      await inParallel(names, 32, async (name) => {
        // What is gone by now is no entry.
        const stats = await lstat(path.join(directory, name)).catch((error) => (isAbsent(error) ? null : Promise.reject(error)));
        if (stats !== null) entries.push({ name, ...factsOf(stats) });
      });
      return entries;
    });

  open = (asked: string): Promise<Source> =>
    this.#do('open', asked, async (file) => {
      // Without O_NONBLOCK, opening a pipe would wait for whoever writes to it.
      const fd = await openFile(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const facts = factsOf(await fstat(fd));
        if (facts.kind !== 'file')
          throw fileFailure('invalid_input', { where: WHERE, stage: 'open', path: asked }, `is a ${facts.kind}, not a file`);
        let isOpen = true;
        // Large buffers made anew for each block would keep the collector busy for longer than the disk.
        const spare: Buffer[] = [];
        return {
          facts,
          read: (position, length) =>
            readFully((at, most) => readFile(fd, at, most, length === BLOCK ? spare.pop() : undefined), position, length).catch(
              (error: unknown) => {
                throw localFailure({ where: WHERE, stage: 'read', path: asked }, error);
              },
            ),
          reuse: (bytes) => {
            if (bytes.length === BLOCK) spare.push(bytes);
          },
          look: () => this.look(asked, 'keep'),
          close: async () => {
            // A number given back twice may by then be another file's.
            if (isOpen) {
              isOpen = false;
              await closeFile(fd);
            }
          },
        };
      } catch (error) {
        await closeFile(fd);
        throw error;
      }
    });

  create = (asked: string, { mode }: Attributes, keep: number): Promise<Sink> =>
    this.#do('open', asked, async (file) => {
      const flags = O_RDWR | O_CREAT | O_NOFOLLOW | (keep === 0 ? O_TRUNC : 0);
      return this.#sink(await openFile(file, flags, mode ?? 0o666), asked);
    });

  #sink(fd: number, asked: string): Sink {
    const failing = (stage: Stage) => (error: unknown) => {
      throw localFailure({ where: WHERE, stage, path: asked }, error);
    };
    let turn: Promise<void> = Promise.resolve();
    return {
      // One after the other, so that there is no hole where the worker was killed.
      write: (position, bytes) => {
        const writing = turn.then(() => writeFile(fd, position, bytes));
        turn = writing.catch(() => undefined);
        return writing.catch(failing('write'));
      },
      read: (position, length) => readFully((at, most) => readFile(fd, at, most), position, length).catch(failing('read')),
      finish: async (size, attributes) => {
        try {
          if ((await fstat(fd)).size > size) await call((done) => fs.ftruncate(fd, size, done));
          const { mode, mtime } = attributes;
          if (mode !== undefined) await call((done) => fs.fchmod(fd, mode, done));
          await call((done) => fs.fsync(fd, done));
          if (mtime !== undefined) await call((done) => fs.futimes(fd, mtime, mtime, done));
          return (await fstat(fd)).size;
        } catch (error) {
          return failing('sync')(error);
        } finally {
          await closeFile(fd);
        }
      },
      close: () => closeFile(fd),
    };
  }

  place = (part: string, asked: string): Promise<void> =>
    this.#do('place', asked, async (file) => rename(await this.#roots.within(part), file));

  change = (asked: string, { mode, mtime }: Attributes): Promise<void> =>
    this.#do('attributes', asked, async (file) => {
      if ((await lstat(file)).isSymbolicLink()) return;
      if (mode !== undefined) await chmod(file, mode);
      if (mtime !== undefined) await utimes(file, mtime, mtime);
    });

  remove = (asked: string): Promise<void> => this.#do('delete', asked, unlink);

  makeDirectory = (asked: string): Promise<void> =>
    this.#do('directory', asked, async (directory) => {
      await mkdir(directory).catch(async (error) => {
        if (!isCalled(error, 'EEXIST') || (await this.look(asked, 'keep'))?.kind !== 'directory') throw error;
      });
    });

  removeDirectory = (asked: string): Promise<void> => this.#do('delete', asked, rmdir);
  linkTarget = (asked: string): Promise<string> => this.#do('link', asked, (file) => readlink(file));

  link = (target: string, asked: string): Promise<void> =>
    this.#do('link', asked, async (file) => {
      this.#roots.forget();
      await symlink(target, file);
    });

  /** What reads the file here hashes it on the way. */
  digest = async (): Promise<null> => null;

  freeBytes = (asked: string): Promise<number | null> =>
    this.#do('space', asked, async (file) => {
      const { bavail, bsize } = await statfs(path.dirname(file));
      return bavail * bsize;
    });

  close(): void {}

  async #do<T>(stage: Stage, asked: string, act: (file: string) => Promise<T>): Promise<T> {
    const file = await this.#roots.within(asked);
    return act(file).catch((error: unknown) => {
      throw localFailure({ where: WHERE, stage, path: asked }, error);
    });
  }
}

// By callbacks: a `FileHandle` costs several times as much, which small files would feel.
const call = <T>(act: (done: (error: Error | null, value?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    act((error, value) => (error ? reject(error) : resolve(value as T)));
  });
const openFile = (file: string, flags: number, mode = 0): Promise<number> => call((done) => fs.open(file, flags, mode, done));
const closeFile = (fd: number): Promise<void> => call((done) => fs.close(fd, done));
const lstat = (file: string): Promise<fs.Stats> => call((done) => fs.lstat(file, done));
const fstat = (fd: number): Promise<fs.Stats> => call((done) => fs.fstat(fd, done));
const readFile = async (fd: number, position: number, length: number, bytes: Buffer = Buffer.allocUnsafe(length)): Promise<Buffer> => {
  return bytes.subarray(0, await call<number>((done) => fs.read(fd, bytes, 0, length, position, done)));
};
const writeFile = async (fd: number, position: number, bytes: Buffer): Promise<void> => {
  for (let at = 0; at < bytes.length; ) at += await call<number>((done) => fs.write(fd, bytes, at, bytes.length - at, position + at, done));
};

const factsOf = (stats: fs.Stats): Facts => ({
  kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other',
  size: stats.size,
  mtime: Math.floor(stats.mtimeMs / 1000),
  mode: stats.mode & 0o7777,
  id: `${stats.dev}:${stats.ino}:${stats.mtimeMs}`,
});

const isCalled = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
const isAbsent = (error: unknown): boolean => isCalled(error, 'ENOENT', 'ENOTDIR');
