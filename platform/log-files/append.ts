import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { type LogFileName, numbered, readLogFileName } from './names.ts';
import { isFull, nextNumber } from './rotation.ts';
import { lastLines, wholeLines } from './whole-lines.ts';

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: bigint;
  size: number;
}

/** Lines for one file; they bear no line end. */
export interface Addition {
  readonly file: LogFileName;
  readonly lines: readonly string[];
  /** What tells lines apart, for lines that may stand in the file already, because something was cut short; null for older ones. Absent: nothing was. */
  readonly mayStand?: (line: string) => string | null;
  /** Waits until the disk has them. */
  readonly safely?: boolean;
}

export interface AppenderOptions {
  readonly dir: string;
  /** Bytes at which a file is closed and gets a number. */
  readonly rotateBytes: number;
  /** Files kept open. */
  readonly maxOpen?: number;
}

// A link in the place of a file leads elsewhere: it is refused.
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** Adds whole lines to the files of a folder, which it makes as needed, with so many open at a time. What cannot be written whole is taken back, and the error thrown; the next call tries anew. One call at a time. */
export class Appender {
  readonly #dir: string;
  readonly #rotateBytes: number;
  readonly #maxOpen: number;
  /** The one used longest ago first. */
  readonly #open = new Map<LogFileName, OpenFile>();

  constructor({ dir, rotateBytes, maxOpen = 64 }: AppenderOptions) {
    this.#dir = dir;
    this.#rotateBytes = rotateBytes;
    this.#maxOpen = maxOpen;
  }

  get open(): number {
    return this.#open.size;
  }

  async append({ file: name, lines, mayStand, safely = false }: Addition): Promise<void> {
    if (readLogFileName(name)?.base !== name) throw new Error(`${JSON.stringify(name)} is no log file that is written to`);
    let file = await this.#opened(name);
    try {
      const missing = mayStand ? await notStanding(file, lines, mayStand) : lines;
      if (missing.length === 0) return;
      const bytes = Buffer.from(`${missing.join('\n')}\n`);
      if (isFull(file.size, bytes.length, this.#rotateBytes)) file = await this.#rotated(name, file);
      await addWhole(file, bytes);
      if (safely) await file.handle.datasync();
    } catch (error) {
      await this.#forget(name);
      throw error;
    }
  }

  /** Closes all files; lines added later open theirs again. */
  async close(): Promise<void> {
    for (const name of [...this.#open.keys()]) await this.#forget(name);
  }

  /** The file as it is there now: whoever renamed or deleted it, or the folder, gets a new one. */
  async #opened(name: LogFileName): Promise<OpenFile> {
    const known = this.#open.get(name);
    if (known) {
      if (known.inode === (await inodeAt(path.join(this.#dir, name)))) {
        this.#open.delete(name);
        this.#open.set(name, known);
        return known;
      }
      await this.#forget(name);
    }
    const place = path.join(this.#dir, name);
    const handle = await openAnyway(place);
    try {
      const { ino, size } = await handle.stat({ bigint: true });
      const whole = await wholeLines(handle, Number(size));
      if (whole < size) await handle.truncate(whole);
      const file = { handle, inode: ino, size: whole };
      this.#open.set(name, file);
      for (const oldest of [...this.#open.keys()].slice(0, Math.max(0, this.#open.size - this.#maxOpen))) await this.#forget(oldest);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #rotated(name: LogFileName, full: OpenFile): Promise<OpenFile> {
    const place = path.join(this.#dir, name);
    const number = nextNumber(path.basename(name), await readdir(path.dirname(place)));
    await full.handle.datasync();
    await rename(place, path.join(this.#dir, numbered(name, number)));
    await this.#forget(name);
    return this.#opened(name);
  }

  async #forget(name: LogFileName): Promise<void> {
    const file = this.#open.get(name);
    this.#open.delete(name);
    await file?.handle.close().catch(() => undefined);
  }
}

async function notStanding(file: OpenFile, lines: readonly string[], idOf: (line: string) => string | null): Promise<readonly string[]> {
  const standing = new Set((await lastLines(file.handle, file.size, (line) => idOf(line) !== null)).map(idOf));
  return lines.filter((line) => !standing.has(idOf(line)));
}

/** Nearly always the folder is there. */
async function openAnyway(place: string): Promise<FileHandle> {
  try {
    return await open(place, FLAGS, 0o640);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(path.dirname(place), { recursive: true, mode: 0o750 });
    return open(place, FLAGS, 0o640);
  }
}

/** Half of a line is worse than none. */
async function addWhole(file: OpenFile, bytes: Buffer): Promise<void> {
  const before = file.size;
  try {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await file.handle.write(bytes, written);
      written += bytesWritten;
    }
    file.size = before + bytes.length;
  } catch (error) {
    await file.handle.truncate(before).catch(() => undefined);
    throw error;
  }
}

async function inodeAt(place: string): Promise<bigint | null> {
  try {
    return (await stat(place, { bigint: true })).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
