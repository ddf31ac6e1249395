import { stepFailure } from '#jobs/failure.ts';
import type { Facts, Files } from './files.ts';

/** The one file of a step that has its content in its config; nothing else can be asked of it. */
export function contentFiles(bytes: Buffer): Files {
  const facts: Facts = { kind: 'file', size: bytes.length, mtime: Math.floor(Date.now() / 1000), mode: 0o644, id: '' };
  const no = (): never => {
    throw stepFailure('internal', 'content given in the config is no file system');
  };
  const pretend = async (): Promise<never> => no();
  return {
    where: 'content',
    isLocal: true,
    canResume: true,
    blockSize: async () => Number.MAX_SAFE_INTEGER,
    absolute: async (path) => path,
    look: async () => facts,
    resolved: async (path) => path,
    open: async () => ({
      facts,
      read: async (position, length) => bytes.subarray(position, position + length),
      look: async () => facts,
      close: async () => undefined,
    }),
    list: pretend,
    create: pretend,
    place: pretend,
    change: pretend,
    remove: pretend,
    makeDirectory: pretend,
    removeDirectory: pretend,
    linkTarget: pretend,
    link: pretend,
    digest: async () => null,
    freeBytes: async () => null,
    close: () => undefined,
  };
}
