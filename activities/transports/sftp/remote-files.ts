import { constants } from 'node:fs';
import type { FileEntryWithStats, Stats } from 'ssh2';
import type { SshSession } from '../ssh/session.ts';
import { SftpChannel, SftpStatus, STATUS } from './channel.ts';
import { quoted, RemoteDigests } from './digests.ts';
import { fileFailure, type Spot, type Stage, sftpFailure } from './failure.ts';
import { type Attributes, type Entry, type Facts, type Files, type Kind, readFully, type Sink, type Source } from './files.ts';
import { Places } from './parallel.ts';

const OPEN = { read: 1, write: 2, create: 8, truncate: 16 } as const;
/** READDIR requests of one directory in flight: the next entries are on their way while these are taken. */
const LISTING = 4;

/** The files of a host, over SFTP. A channel that ends is replaced by the next request. */
export class RemoteFiles implements Files {
  readonly where: string;
  readonly isLocal = false;
  readonly canResume = true;
  readonly #session: SshSession;
  readonly #signal: AbortSignal;
  readonly #digests: RemoteDigests;
  #channel: Promise<SftpChannel> | null = null;
  #current: SftpChannel | null = null;
  #handles: Places | null = null;
  #home: Promise<string> | null = null;

  constructor(session: SshSession, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
    this.where = session.peer.target;
    this.#digests = new RemoteDigests(session, signal);
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  blockSize = async (): Promise<number> => (await this.#open()).blockSize;

  async absolute(given: string): Promise<string> {
    const spot: Spot = { where: this.where, stage: 'resolve', path: given };
    if (given.includes('\0')) throw fileFailure('invalid_input', spot, 'a path holds no NUL');
    if (given.startsWith('/')) return normalized(given);
    this.#home ??= this.#do('resolve', '.', (sftp) => sftp.realPath('.'));
    return normalized(`${await this.#home}/${given.replace(/^~(\/|$)/, '')}`);
  }

  look = (path: string, links: 'follow' | 'keep'): Promise<Facts | null> =>
    this.#do('resolve', path, async (sftp) => {
      try {
        return factsOf(await (links === 'follow' ? sftp.stat(path) : sftp.lstat(path)));
      } catch (error) {
        if (isStatus(error, STATUS.noSuchFile)) return null;
        throw error;
      }
    });

  resolved = (path: string): Promise<string> => this.#do('resolve', path, (sftp) => sftp.realPath(path));

  list = (path: string): Promise<readonly Entry[]> =>
    this.#do('list', path, (sftp) =>
      this.#withHandle(sftp, sftp.openDirectory(path), async (handle) => {
        const entries = new Map<string, Entry>();
        const read = async (): Promise<void> => {
          for (let batch = await sftp.readDirectory(handle); batch !== null; batch = await sftp.readDirectory(handle)) {
            for (const entry of batch) this.#enter(entries, path, entry);
          }
        };
        await Promise.all(Array.from({ length: LISTING }, read));
        return [...entries.values()];
      }),
    );

  #enter(entries: Map<string, Entry>, path: string, { filename: name, attrs }: FileEntryWithStats): void {
    if (name === '.' || name === '..') return;
    // A hostile server's way to make a client write elsewhere.
    if (!isName(name)) throw fileFailure('policy', this.#spot('list', path), `the server sent ${JSON.stringify(name)}, which is no name`);
    if (!entries.has(name)) entries.set(name, { name, ...factsOf(attrs) });
  }

  open = (path: string): Promise<Source> =>
    this.#do('open', path, async (sftp) => {
      const places = await this.#takeHandle(sftp);
      const handle = await sftp.open(path, OPEN.read).catch((error) => {
        places.give();
        throw error;
      });
      let closing: Promise<void> | null = null;
      const close = (): Promise<void> => {
        closing ??= sftp
          .close(handle)
          .catch(() => undefined)
          .finally(() => places.give());
        return closing;
      };
      try {
        const facts = factsOf(await sftp.fstat(handle));
        if (facts.kind !== 'file') throw fileFailure('invalid_input', this.#spot('open', path), `is a ${facts.kind}, not a file`);
        const read = (position: number, length: number) =>
          this.#told(
            'read',
            path,
            readFully((at, most) => sftp.read(handle, at, most), position, length),
          );
        return { facts, read, look: () => this.look(path, 'keep'), close };
      } catch (error) {
        await close();
        throw error;
      }
    });

  create = (path: string, { mode }: Attributes, keep: number): Promise<Sink> =>
    this.#do('open', path, async (sftp) => {
      const places = await this.#takeHandle(sftp);
      const flags = OPEN.read | OPEN.write | OPEN.create | (keep === 0 ? OPEN.truncate : 0);
      const handle = await sftp.open(path, flags, mode).catch((error) => {
        places.give();
        throw error;
      });
      const close = () =>
        sftp
          .close(handle)
          .catch((error) => Promise.reject(sftpFailure(this.#spot('write', path), error)))
          .finally(() => places.give());
      return {
        write: (position, bytes) => this.#written(path, sftp.write(handle, bytes, position)),
        read: (position, length) =>
          this.#told(
            'verify',
            path,
            readFully((at, most) => sftp.read(handle, at, most), position, length),
          ),
        finish: (size, attributes) => this.#finish(sftp, handle, path, size, attributes).finally(close),
        close,
      };
    });

  async #finish(sftp: SftpChannel, handle: Buffer, path: string, size: number, { mode, mtime }: Attributes): Promise<number> {
    // In the order they must happen, and all on their way at once: a server does what concerns one file in the order it was asked.
    const synced = sftp.offers('fsync@openssh.com') ? this.#written(path, sftp.sync(handle)) : null;
    const changed =
      mode === undefined && mtime === undefined
        ? null
        : this.#told('attributes', path, sftp.fsetstat(handle, attributesOf({ mode, mtime })));
    const looked = this.#told('verify', path, sftp.fstat(handle));
    const [, , stats] = await Promise.all([synced, changed, looked]);
    if (stats.size <= size) return stats.size;
    await this.#told('write', path, sftp.fsetstat(handle, { size }));
    return (await this.#told('verify', path, sftp.fstat(handle))).size;
  }

  place = (part: string, path: string): Promise<void> =>
    this.#do('place', path, async (sftp) => {
      if (sftp.offers('posix-rename@openssh.com')) return sftp.renameOver(part, path);
      try {
        await sftp.rename(part, path);
      } catch (error) {
        // SFTP's own rename refuses to replace: what is there steps aside, and comes back should the new one not get there.
        if (!(error instanceof SftpStatus) || (await this.look(path, 'keep')) === null) throw error;
        const aside = `${part}.old`;
        await sftp.rename(path, aside);
        try {
          await sftp.rename(part, path);
        } catch (second) {
          await sftp.rename(aside, path);
          throw second;
        }
        await sftp.remove(aside).catch(() => undefined);
      }
    });

  change = (path: string, attributes: Attributes): Promise<void> =>
    this.#do('attributes', path, (sftp) => sftp.setstat(path, attributesOf(attributes)));

  remove = (path: string): Promise<void> => this.#do('delete', path, (sftp) => sftp.remove(path));

  makeDirectory = (path: string): Promise<void> =>
    this.#do('directory', path, async (sftp) => {
      await sftp.makeDirectory(path).catch(async (error) => {
        if ((await this.look(path, 'follow'))?.kind !== 'directory') throw error;
      });
    });

  removeDirectory = (path: string): Promise<void> => this.#do('delete', path, (sftp) => sftp.removeDirectory(path));
  linkTarget = (path: string): Promise<string> => this.#do('link', path, (sftp) => sftp.readLink(path));
  link = (target: string, path: string): Promise<void> => this.#do('link', path, (sftp) => sftp.link(target, path));
  digest = (path: string, length?: number): Promise<string | null> => this.#digests.of(path, length);

  async freeBytes(path: string): Promise<number | null> {
    const directory = path.slice(0, path.lastIndexOf('/')) || '/';
    const sftp = await this.#open();
    if (sftp.offers('statvfs@openssh.com')) {
      const room = await sftp.room(directory).catch(() => null);
      if (room?.readOnly) throw fileFailure('policy', this.#spot('space', path), 'the file system is read-only');
      return room?.freeBytes ?? null;
    }
    const answer = await this.#session
      .ask(`df -Pk ${quoted(directory)} | awk 'NR == 2 { print $4 }'\n`, { signal: this.#signal, limitMs: 10_000, maxBytes: 1000 })
      .catch(() => null);
    const kilobytes = Number.parseInt(answer?.stdout.toString() ?? '', 10);
    return Number.isNaN(kilobytes) ? null : kilobytes * 1024;
  }

  close(): void {
    this.#current?.end();
  }

  /** SFTP has one word for a full disk, a quota and much else; the file system may say which. */
  async #written<T>(path: string, doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } catch (error) {
      if (isStatus(error, STATUS.failure) && (await this.freeBytes(path)) === 0) {
        throw fileFailure('assertion', this.#spot('write', path), 'the disk is full', error);
      }
      throw sftpFailure(this.#spot('write', path), error);
    }
  }

  #told<T>(stage: Stage, path: string, doing: Promise<T>): Promise<T> {
    return doing.catch((error: unknown) => {
      throw sftpFailure(this.#spot(stage, path), error);
    });
  }

  async #do<T>(stage: Stage, path: string, act: (sftp: SftpChannel) => Promise<T>): Promise<T> {
    return this.#told(stage, path, act(await this.#open()));
  }

  async #open(): Promise<SftpChannel> {
    this.#signal.throwIfAborted();
    if (this.#current !== null && !this.#current.ended) return this.#current;
    this.#channel ??= this.#session
      .sftp(this.#signal)
      .then((sftp) => {
        const channel = new SftpChannel(sftp);
        this.#current = channel;
        this.#handles = new Places(channel.maxHandles);
        return channel;
      })
      .finally(() => {
        this.#channel = null;
      });
    return this.#channel;
  }

  async #takeHandle(sftp: SftpChannel): Promise<Places> {
    const places = this.#handles ?? new Places(sftp.maxHandles);
    await places.take();
    return places;
  }

  async #withHandle<T>(sftp: SftpChannel, opening: Promise<Buffer>, act: (handle: Buffer) => Promise<T>): Promise<T> {
    const handle = await opening;
    return act(handle).finally(() => sftp.close(handle).catch(() => undefined));
  }

  #spot = (stage: Stage, path: string): Spot => ({ where: this.where, stage, path });
}

/** Without `.`, empty parts and a slash at the end; `..` stays, since what it means depends on links. */
const normalized = (path: string): string =>
  `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;

/** A server's word for an entry of a directory may name nothing but that. */
export const isName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);

const isStatus = (error: unknown, code: number): boolean => error instanceof SftpStatus && error.code === code;

/** SFTP sets both times or none. */
const attributesOf = ({ mode, mtime }: Attributes) => ({
  ...(mode !== undefined && { mode }),
  ...(mtime !== undefined && { atime: mtime, mtime }),
});

const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = constants;
const KINDS = new Map<number, Kind>([
  [S_IFREG, 'file'],
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'link'],
]);

/** A server may leave attributes out; what has no type is taken for a file, as it says so itself when it is none. */
const factsOf = ({ size = 0, mtime = 0, mode = S_IFREG | 0o644 }: Partial<Stats>): Facts => ({
  kind: KINDS.get(mode & S_IFMT) ?? 'other',
  size,
  mtime,
  mode: mode & 0o7777,
  id: '',
});
