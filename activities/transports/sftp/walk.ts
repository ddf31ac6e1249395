import { fileFailure } from './failure.ts';
import type { Facts, Files } from './files.ts';
import { Places } from './parallel.ts';
import { isPart } from './part.ts';

/** An entry below a root: its path from there, and where to read it. */
export interface Found {
  readonly relative: string;
  readonly path: string;
  readonly facts: Facts;
  /** Of a link that is kept. */
  readonly linkTarget: string | null;
}

export type Links = 'skip' | 'keep' | 'follow';

export interface WalkOptions {
  readonly links: Links;
  /** Pipes, devices and sockets are entries too. */
  readonly others?: boolean;
  /** Whether an entry is wanted; what is below an unwanted directory is not looked at. */
  wants(relative: string, facts: Facts): boolean;
  /** Called for what is left out because of what it is: a link, a pipe, a file under way. */
  leftOut?(relative: string, facts: Facts): void;
}

const DIRECTORIES = 8;
const DEEPEST = 128;

/** All entries below a directory, by path in the order of their bytes; several directories are listed at a time, and none of their files is asked for alone. */
export async function walk(files: Files, root: string, options: WalkOptions): Promise<readonly Found[]> {
  const found: Found[] = [];
  const places = new Places(DIRECTORIES);

  const enter = async (path: string, prefix: string, above: readonly string[]): Promise<void> => {
    if (above.length > DEEPEST)
      throw fileFailure('assertion', { where: files.where, stage: 'list', path }, `lies deeper than ${DEEPEST} directories`);
    await places.take();
    const entries = await files.list(path).finally(() => places.give());
    await Promise.all(
      entries.map(async ({ name, ...facts }) => {
        const relative = prefix + name;
        if (isPart(name)) return options.leftOut?.(relative, facts);
        const one = await resolve(`${path === '/' ? '' : path}/${name}`, relative, facts);
        if (one === null) return;
        found.push(one);
        // A link that leads back up would go on for ever.
        if (one.facts.kind === 'directory' && !above.includes(one.path)) await enter(one.path, `${relative}/`, [...above, one.path]);
      }),
    );
  };

  const resolve = async (path: string, relative: string, facts: Facts): Promise<Found | null> => {
    if (!options.wants(relative, facts)) return null;
    const entry: Found = { relative, path, facts, linkTarget: null };
    if (facts.kind === 'file' || facts.kind === 'directory' || (facts.kind === 'other' && options.others)) return entry;
    if (facts.kind === 'link' && options.links === 'keep') return { ...entry, linkTarget: await files.linkTarget(path) };
    if (facts.kind === 'link' && options.links === 'follow') {
      const target = await files.look(path, 'follow');
      if (target?.kind === 'file' || target?.kind === 'directory') return { ...entry, path: await files.resolved(path), facts: target };
    }
    options.leftOut?.(relative, facts);
    return null;
  };

  await enter(root, '', [root]);
  return found.sort((a, b) => (a.relative < b.relative ? -1 : 1));
}
