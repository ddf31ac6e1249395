export type Kind = 'file' | 'directory' | 'link' | 'other';

/** What a file system says of a path. */
export interface Facts {
  readonly kind: Kind;
  readonly size: number;
  /** Seconds since 1970, whole: what SFTP can tell. */
  readonly mtime: number;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** What tells one file from its successor of the same name, where the file system says; else empty. */
  readonly id: string;
}

export interface Entry extends Facts {
  readonly name: string;
}

/** What a file is to have; what is absent is left to the host. */
export interface Attributes {
  readonly mode?: number | undefined;
  readonly mtime?: number | undefined;
}

/** Where files are: the disk of the worker or that of a host. Paths are absolute, `/` separates. Failures are typed and name place, stage and path. */
export interface Files {
  /** For people: `web-1`, `the worker`. */
  readonly where: string;
  readonly isLocal: boolean;
  /** Whether a file can be read and written from its middle. */
  readonly canResume: boolean;
  /** Bytes that one read or write moves at most. */
  blockSize(): Promise<number>;
  /** An absolute path for one as a person wrote it; of a directory that may not exist yet. */
  absolute(path: string): Promise<string>;
  /** null where there is nothing. */
  look(path: string, links: 'follow' | 'keep'): Promise<Facts | null>;
  /** The path with every link followed, its last component's too. */
  resolved(path: string): Promise<string>;
  /** The entries of a directory, unordered, its links as links. */
  list(path: string): Promise<readonly Entry[]>;
  open(path: string): Promise<Source>;
  /** A file to write, new or emptied; or, to go on at `keep` bytes, the one that is there. */
  create(path: string, attributes: Attributes, keep: number, size: number): Promise<Sink>;
  /** Puts a written file where it belongs, over what is there; a reader sees the old or the new one. */
  place(part: string, path: string): Promise<void>;
  change(path: string, attributes: Attributes): Promise<void>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  removeDirectory(path: string): Promise<void>;
  linkTarget(path: string): Promise<string>;
  link(target: string, path: string): Promise<void>;
  /** SHA-256 in hex of the file, or of its first `length` bytes, computed where the file is; null where nobody there computes. */
  digest(path: string, length?: number): Promise<string | null>;
  /** Bytes free for the directory of a path; null where that is not told. */
  freeBytes(path: string): Promise<number | null>;
  close(): void;
}

/** A file open for reading. */
export interface Source {
  readonly facts: Facts;
  /** The bytes there, fewer only at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  /** Takes back what `read` gave, for what it gives next. */
  reuse?(bytes: Buffer): void;
  /** As it is now, by its name: null once it has vanished. */
  look(): Promise<Facts | null>;
  /** May be called again. */
  close(): Promise<void>;
}

/** A file being written. */
export interface Sink {
  /** Bytes go there; any number of writes may be under way, asked for in the order of their positions. */
  write(position: number, bytes: Buffer): Promise<void>;
  /** What was written, read back; null where that cannot be had while it is open. */
  readonly read: ((position: number, length: number) => Promise<Buffer>) | null;
  /** Gives the file its length and attributes, has the host put it on its disk, and closes it; answers with its size. */
  finish(size: number, attributes: Attributes): Promise<number>;
  /** Closes without finishing. */
  close(): Promise<void>;
}

/** Reads until `length` bytes are there or the file ends, whatever portions its reader gives. */
export async function readFully(
  read: (position: number, length: number) => Promise<Buffer>,
  position: number,
  length: number,
): Promise<Buffer> {
  const first = await read(position, length);
  if (first.length === length || first.length === 0) return first;
  const parts = [first];
  for (let have = first.length; have < length; ) {
    const next = await read(position + have, length - have);
    if (next.length === 0) break;
    parts.push(next);
    have += next.length;
  }
  return Buffer.concat(parts);
}
