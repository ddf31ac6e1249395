import type { Writable } from 'node:stream';
import type { FileEntryWithStats, InputAttributes, SFTPWrapper, Stats } from 'ssh2';

/** An answer of the server that is not OK; `code` is SFTP's: 1 end, 2 no such file, 3 permission, 4 failure, 8 unsupported. */
export class SftpStatus extends Error {
  override readonly name = 'SftpStatus';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The channel ended before it answered. */
export class ChannelEnded extends Error {
  override readonly name = 'ChannelEnded';
}

export const STATUS = { end: 1, noSuchFile: 2, permission: 3, failure: 4, unsupported: 8 } as const;

/** Blocks of this size are what every server takes; bigger ones only where `limits@openssh.com` says so, since some servers corrupt them. */
const SAFE_BLOCK = 32_768;
const LARGEST_BLOCK = 261_120;

/** What of ssh2's SFTP object its types leave out. This file alone touches it. */
interface Inner {
  readonly _extensions: { readonly [name: string]: string };
  readonly _maxReadLen: number;
  readonly _maxWriteLen: number;
  /** Set once the server has told its limits. */
  readonly maxOpenHandles: number | undefined;
  readonly _requests: { [id: number]: { cb: (error: Error | undefined, data?: Buffer) => void } };
  readonly _writeReqid: number;
  readonly _client: { readonly _sock: Pick<Writable, 'cork' | 'uncork'> | undefined };
}

const EMPTY = Buffer.alloc(0);
/** ssh2 wants a buffer to check a READ against; nothing is written to it. */
const SCRATCH = Buffer.alloc(LARGEST_BLOCK);

type Done<T> = (error?: Error | null, value?: T) => void;

/** Raw requests on one SFTP channel, any number in flight. Rejects with `SftpStatus`, or `ChannelEnded` at once when the channel is gone. */
export class SftpChannel {
  /** Bytes of one READ or WRITE. */
  readonly blockSize: number;
  readonly maxHandles: number;
  readonly #sftp: SFTPWrapper;
  readonly #inner: Inner;
  readonly #waiting = new Set<(error: Error) => void>();
  #ended = false;
  #gathers = false;

  constructor(sftp: SFTPWrapper) {
    this.#sftp = sftp;
    this.#inner = sftp as unknown as Inner;
    const { maxOpenHandles, _maxReadLen, _maxWriteLen } = this.#inner;
    this.blockSize = maxOpenHandles === undefined ? SAFE_BLOCK : Math.min(LARGEST_BLOCK, _maxReadLen, _maxWriteLen);
    this.maxHandles = Math.max(1, Math.min(64, (maxOpenHandles ?? 64) - 4));
    const end = () => {
      this.#ended = true;
      for (const reject of this.#waiting) reject(new ChannelEnded('the channel ended'));
      this.#waiting.clear();
    };
    for (const event of ['close', 'end', 'error']) sftp.on(event, end);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the server offers an extension, e.g. `fsync@openssh.com`. */
  offers = (extension: string): boolean => this.#inner._extensions[extension] !== undefined;

  end(): void {
    this.#sftp.end();
  }

  open = (path: string, flags: number, mode?: number): Promise<Buffer> =>
    this.#ask((done) => this.#sftp.open(path, flags, mode === undefined ? {} : { mode }, done));

  close = (handle: Buffer): Promise<void> => this.#ask((done) => this.#sftp.close(handle, done));

  /** What the file holds there, at most `length` bytes and possibly fewer; nothing at its end. */
  read(handle: Buffer, position: number, length: number): Promise<Buffer> {
    return this.#ask((done: Done<Buffer>) => {
      this.#sftp.read(handle, SCRATCH, 0, length, position, () => undefined);
      // The bytes are taken out of the packet as they are; ssh2 would copy them into a buffer of ours.
      this.#inner._requests[this.#inner._writeReqid] = {
        cb: (error, data) => (isEnd(error) ? done(null, EMPTY) : done(error ?? null, data ?? EMPTY)),
      };
    });
  }

  /** Writes at most a block; the bytes may be reused as soon as this has returned. */
  write = (handle: Buffer, bytes: Buffer, position: number): Promise<void> =>
    this.#ask((done) => this.#sftp.write(handle, bytes, 0, bytes.length, position, done));

  stat = (path: string): Promise<Stats> => this.#ask((done) => this.#sftp.stat(path, done));
  lstat = (path: string): Promise<Stats> => this.#ask((done) => this.#sftp.lstat(path, done));
  fstat = (handle: Buffer): Promise<Stats> => this.#ask((done) => this.#sftp.fstat(handle, done));
  setstat = (path: string, attributes: InputAttributes): Promise<void> => this.#ask((done) => this.#sftp.setstat(path, attributes, done));
  fsetstat = (handle: Buffer, attributes: InputAttributes): Promise<void> =>
    this.#ask((done) => this.#sftp.fsetstat(handle, attributes, done));
  openDirectory = (path: string): Promise<Buffer> => this.#ask((done) => this.#sftp.opendir(path, done));

  /** The next entries of an open directory with their attributes, `.` and `..` among them; null at its end. */
  readDirectory = (handle: Buffer): Promise<readonly FileEntryWithStats[] | null> =>
    this.#ask((done: Done<readonly FileEntryWithStats[] | null>) => {
      const answer: Callback<FileEntryWithStats[]> = (error, list) => (isEnd(error) ? done(null, null) : done(error, list));
      // By its handle ssh2 asks once; by a path it would collect the whole directory.
      (this.#sftp.readdir as unknown as ReadOnce).call(this.#sftp, handle, { full: true }, answer);
    });

  remove = (path: string): Promise<void> => this.#ask((done) => this.#sftp.unlink(path, done));
  makeDirectory = (path: string, mode?: number): Promise<void> =>
    this.#ask((done) => this.#sftp.mkdir(path, mode === undefined ? {} : { mode }, done));
  removeDirectory = (path: string): Promise<void> => this.#ask((done) => this.#sftp.rmdir(path, done));
  rename = (from: string, to: string): Promise<void> => this.#ask((done) => this.#sftp.rename(from, to, done));
  realPath = (path: string): Promise<string> => this.#ask((done) => this.#sftp.realpath(path, done));
  readLink = (path: string): Promise<string> => this.#ask((done) => this.#sftp.readlink(path, done));
  link = (target: string, path: string): Promise<void> => this.#ask((done) => this.#sftp.symlink(target, path, done));

  /** Renames over what is there; only where `posix-rename@openssh.com` is offered. */
  renameOver = (from: string, to: string): Promise<void> => this.#ask((done) => this.#sftp.ext_openssh_rename(from, to, done));
  /** Only where `fsync@openssh.com` is offered. */
  sync = (handle: Buffer): Promise<void> => this.#ask((done) => this.#sftp.ext_openssh_fsync(handle, (error) => done(error)));
  /** Room on the file system of a path; only where `statvfs@openssh.com` is offered. */
  room = async (path: string): Promise<Room> => {
    const { f_frsize, f_bavail, f_flag } = await this.#ask<VfsStats>((done) => this.#sftp.ext_openssh_statvfs(path, done));
    return { freeBytes: f_frsize * f_bavail, readOnly: (f_flag & 1) === 1 };
  };

  /** Requests made in one turn leave in one write: many small files would else cost a system call for each of their requests. */
  #gather(): void {
    const socket = this.#inner._client?._sock;
    if (this.#gathers || socket === undefined) return;
    this.#gathers = true;
    socket.cork();
    setImmediate(() => {
      this.#gathers = false;
      socket.uncork();
    });
  }

  #ask<T>(send: (done: Done<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // A request on a channel that has ended is never answered, not even with an error.
      if (this.#ended) return reject(new ChannelEnded('the channel ended'));
      this.#waiting.add(reject);
      this.#gather();
      send((error, value) => {
        this.#waiting.delete(reject);
        if (error) reject(statusOf(error));
        else resolve(value as T);
      });
    });
  }
}

type Callback<T> = (error: Error | undefined, value: T) => void;
type ReadOnce = (handle: Buffer, options: { readonly full: true }, done: Callback<FileEntryWithStats[]>) => void;

export interface Room {
  readonly freeBytes: number;
  readonly readOnly: boolean;
}

interface VfsStats {
  readonly f_frsize: number;
  readonly f_bavail: number;
  readonly f_flag: number;
}

const codeOf = (error: Error): number | undefined => ('code' in error && typeof error.code === 'number' ? error.code : undefined);

const isEnd = (error: Error | null | undefined): boolean => !!error && codeOf(error) === STATUS.end;

/** ssh2 gives what a server answered a number, and what it never answered none. */
function statusOf(error: Error): Error {
  const code = codeOf(error);
  return code === undefined ? new ChannelEnded(error.message) : new SftpStatus(code, error.message);
}
