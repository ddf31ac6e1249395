import { fileFailure } from './failure.ts';
import type { Facts, Files } from './files.ts';
import { inParallel } from './parallel.ts';

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const below = (directory: string, relative: string): string => `${directory === '/' ? '' : directory}/${relative}`;

/** Sees to it that a directory is there; makes it and those above it only when allowed to. */
export async function ensureDirectory(files: Files, path: string, mayCreate: boolean): Promise<void> {
  const facts = await files.look(path, 'follow');
  if (facts?.kind === 'directory') return;
  const spot = { where: files.where, stage: 'directory', path } as const;
  if (facts !== null) throw fileFailure('invalid_input', spot, `is a ${facts.kind}`);
  if (!mayCreate) throw fileFailure('invalid_input', spot, 'there is no such directory; create_directories: true makes it');
  await ensureDirectory(files, parentOf(path), mayCreate);
  await files.makeDirectory(path);
}

/** What stands at these paths, with few questions: a directory is listed once when much of it is wanted. */
export async function existing(files: Files, paths: readonly string[]): Promise<ReadonlyMap<string, Facts>> {
  const found = new Map<string, Facts>();
  const note = (path: string, facts: Facts | null | undefined): void => {
    if (facts) found.set(path, facts);
  };
  await inParallel(Map.groupBy(paths, parentOf), 16, async ([directory, wanted]) => {
    if (wanted.length <= 4) {
      for (const path of wanted) note(path, await files.look(path, 'keep'));
    } else if ((await files.look(directory, 'follow'))?.kind === 'directory') {
      const entries = new Map((await files.list(directory)).map((entry) => [entry.name, entry]));
      for (const path of wanted) note(path, entries.get(nameOf(path)));
    }
  });
  return found;
}

/** Refuses before the first byte when the files cannot fit: the new ones, and the largest replaced one beside what it replaces. */
export async function assertRoom(
  files: Files,
  directory: string,
  sizes: readonly { readonly size: number; readonly replaced: number | null }[],
): Promise<void> {
  const free = await files.freeBytes(below(directory, 'x'));
  if (free === null) return;
  const grown = sizes.reduce((sum, { size, replaced }) => sum + Math.max(0, size - (replaced ?? 0)), 0);
  const beside = sizes.reduce((most, { size, replaced }) => (replaced === null ? most : Math.max(most, Math.min(size, replaced))), 0);
  if (grown + beside <= free) return;
  throw fileFailure(
    'assertion',
    { where: files.where, stage: 'space', path: directory },
    `${grown + beside} bytes are needed, ${free} are free`,
  );
}
