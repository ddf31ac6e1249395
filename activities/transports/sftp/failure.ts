import { type FailureType, StepFailure, stepFailure } from '#jobs/failure.ts';
import { ChannelEnded, SftpStatus, STATUS } from './channel.ts';

/** What was being done when it failed. */
export type Stage =
  | 'resolve'
  | 'list'
  | 'open'
  | 'read'
  | 'write'
  | 'sync'
  | 'space'
  | 'verify'
  | 'place'
  | 'attributes'
  | 'directory'
  | 'delete'
  | 'link';

/** Where it failed. */
export interface Spot {
  readonly where: string;
  readonly stage: Stage;
  readonly path: string;
}

/** A failure at a file, naming place, stage and path. */
export const fileFailure = (type: FailureType, { where, stage, path }: Spot, what: string, cause?: unknown): StepFailure =>
  stepFailure(type, `${where}: ${DOING[stage]} ${path}: ${what}`, { target: where, stage, path }, cause);

const DOING: { readonly [stage in Stage]: string } = {
  resolve: 'finding',
  list: 'listing',
  open: 'opening',
  read: 'reading',
  write: 'writing',
  sync: 'writing to disk',
  space: 'room for',
  verify: 'checking',
  place: 'putting in place',
  attributes: 'setting the attributes of',
  directory: 'making the directory',
  delete: 'deleting',
  link: 'linking',
};

/** What SFTP's answer means; `connection` when there was none. */
export function sftpFailure(spot: Spot, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  if (error instanceof ChannelEnded) return fileFailure('connection', spot, 'the connection ended', error);
  if (!(error instanceof SftpStatus)) return fileFailure('internal', spot, error instanceof Error ? error.message : String(error), error);
  switch (error.code) {
    case STATUS.noSuchFile:
      return fileFailure('invalid_input', spot, spot.stage === 'read' ? 'it has vanished' : 'there is no such file or directory', error);
    case STATUS.permission:
      return fileFailure('policy', spot, 'permission denied', error);
    case STATUS.unsupported:
      return fileFailure('policy', spot, 'the server does not support this', error);
    default:
      return fileFailure('assertion', spot, `the server refused (${error.message})`, error);
  }
}

const WORDS: { readonly [code: string]: readonly [FailureType, string] } = {
  ENOENT: ['invalid_input', 'there is no such file or directory'],
  ENOTDIR: ['invalid_input', 'a part of the path is no directory'],
  EISDIR: ['invalid_input', 'is a directory'],
  ENAMETOOLONG: ['invalid_input', 'the name is too long'],
  EACCES: ['policy', 'permission denied'],
  EPERM: ['policy', 'not permitted'],
  EROFS: ['policy', 'the file system is read-only'],
  ELOOP: ['policy', 'is a symbolic link, which transfers do not follow'],
  ENOSPC: ['assertion', 'the disk is full'],
  EDQUOT: ['assertion', 'the quota is used up'],
  EFBIG: ['assertion', 'the file is too large for the file system'],
  ENOTEMPTY: ['assertion', 'the directory is not empty'],
};

/** What an error of the worker's own file system means. */
export function localFailure(spot: Spot, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [type, words] = WORDS[code] ?? ['internal', error instanceof Error ? error.message : String(error)];
  return fileFailure(type, spot, words, error);
}
