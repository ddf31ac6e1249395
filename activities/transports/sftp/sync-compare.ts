import { createHash } from 'node:crypto';
import type { Facts, Files } from './files.ts';
import { inParallel } from './parallel.ts';
import { pathGlob } from './path-glob.ts';
import { feed } from './resume.ts';
import { type Action, planSync, type Side } from './sync-plan.ts';
import { type Found, type Links, walk } from './walk.ts';

export interface CompareConfig {
  readonly compare?: 'size_and_mtime' | 'checksum' | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly delete?: 'none' | 'after' | undefined;
  readonly max_delete?: number | undefined;
  readonly symlinks?: Links | undefined;
  readonly preserve_permissions?: boolean | undefined;
}

export interface Comparison {
  readonly actions: readonly Action[];
  /** By their path below the directory. */
  readonly sources: ReadonlyMap<string, Found>;
  readonly targets: ReadonlyMap<string, Found>;
}

/** Looks at both directories at once and says what makes `right` like `left`; a `right` that is not there is empty. */
export async function compare(from: Files, left: string, to: Files, right: string, config: CompareConfig): Promise<Comparison> {
  const keeps = new Set<string>();
  const keep = (relative: string): void => {
    keeps.add(relative);
    // Nor can the directories go that it is in.
    for (let slash = relative.lastIndexOf('/'); slash > 0; slash = relative.lastIndexOf('/', slash - 1))
      keeps.add(relative.slice(0, slash));
  };
  const wants = filterOf(config);
  const [sources, targets] = await Promise.all([
    walk(from, left, { links: config.symlinks ?? 'skip', wants, leftOut: keep }),
    walkIfThere(to, right, (relative, facts) => {
      const isWanted = wants(relative, facts);
      if (!isWanted) keep(relative);
      return isWanted;
    }),
  ]);
  const same = config.compare === 'checksum' ? await sameContents(from, sources, to, targets) : new Set<string>();
  const actions = planSync(sources.map(sideOf), targets.map(sideOf), {
    compare: config.compare ?? 'size_and_mtime',
    delete: config.delete ?? 'none',
    maxDelete: config.max_delete ?? 100,
    preservePermissions: config.preserve_permissions === true,
    keeps,
    isSame: (relative) => same.has(relative),
  });
  return { actions, sources: byPath(sources), targets: byPath(targets) };
}

async function walkIfThere(files: Files, path: string, wants: (relative: string, facts: Facts) => boolean): Promise<readonly Found[]> {
  if ((await files.look(path, 'follow')) === null) return [];
  return walk(files, path, { links: 'keep', others: true, wants });
}

const sideOf = ({ relative, linkTarget, facts }: Found): Side => ({ relative, linkTarget, ...facts });
const byPath = (side: readonly Found[]): ReadonlyMap<string, Found> => new Map(side.map((found) => [found.relative, found]));

/** Directories are looked into unless they are excluded; of everything else what is included, or all. */
function filterOf({ include = [], exclude = [] }: CompareConfig): (relative: string, facts: Facts) => boolean {
  const [included, excluded] = [include.map(pathGlob), exclude.map(pathGlob)];
  return (relative, { kind }) => {
    if (excluded.some((glob) => glob.matches(relative))) return false;
    return kind === 'directory' || included.length === 0 || included.some((glob) => glob.matches(relative));
  };
}

/** The files of one size on both sides that hold the same. */
async function sameContents(from: Files, left: readonly Found[], to: Files, right: readonly Found[]): Promise<ReadonlySet<string>> {
  const there = byPath(right);
  const same = new Set<string>();
  await inParallel(left, 64, async ({ relative, path, facts }) => {
    const other = there.get(relative);
    if (facts.kind !== 'file' || other?.facts.kind !== 'file' || other.facts.size !== facts.size) return;
    const [one, two] = await Promise.all([digestOf(from, path, facts.size), digestOf(to, other.path, facts.size)]);
    if (one === two) same.add(relative);
  });
  return same;
}

async function digestOf(files: Files, path: string, size: number): Promise<string> {
  const known = await files.digest(path);
  if (known !== null) return known;
  const file = await files.open(path);
  try {
    const hash = createHash('sha256');
    await feed(hash, file, 0, size, await files.blockSize());
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
