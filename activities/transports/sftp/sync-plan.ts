import { stepFailure } from '#jobs/failure.ts';
import type { Facts, Kind } from './files.ts';

/** What is on one side, below the directory that is kept alike. */
export interface Side extends Pick<Facts, 'kind' | 'size' | 'mtime' | 'mode'> {
  readonly relative: string;
  readonly linkTarget: string | null;
}

export interface PlanOptions {
  readonly compare: 'size_and_mtime' | 'checksum';
  readonly delete: 'none' | 'after';
  readonly maxDelete: number;
  readonly preservePermissions: boolean;
  /** Paths of the right side that stay whatever the left side has: what was left out of the comparison, and the directories it is in. */
  readonly keeps: ReadonlySet<string>;
  /** For `checksum`: whether two files of one size hold the same. */
  readonly isSame: (relative: string) => boolean;
}

/** What is done with one path. `replaces` is of another kind and must go first. */
export interface Action {
  readonly do: 'directory' | 'new' | 'update' | 'link' | 'attributes' | 'delete';
  readonly relative: string;
  readonly size: number;
  readonly replaces: Kind | null;
  readonly linkTarget: string | null;
}

/**
 * What makes the right side like the left one: directories before what is in them, deletions last and deepest first.
 * Pure. Throws `policy` when more would be deleted than allowed; nothing is done then.
 */
export function planSync(left: readonly Side[], right: readonly Side[], options: PlanOptions): readonly Action[] {
  const there = new Map(right.map((side) => [side.relative, side]));
  const wanted = new Set(left.map(({ relative }) => relative));
  const actions: Action[] = [];
  const replaced: string[] = [];
  for (const side of inOrder(left)) {
    const old = there.get(side.relative);
    const action = actionFor(side, old, options);
    if (action === null) continue;
    actions.push(action);
    if (action.replaces === 'directory') replaced.push(`${side.relative}/`);
  }
  // What stands in a directory that gives way to a file goes with it, whatever the rule for the rest is.
  const isReplaced = (relative: string): boolean => replaced.some((directory) => relative.startsWith(directory));
  const gone = inOrder(right)
    .filter(({ relative }) => !wanted.has(relative) && !options.keeps.has(relative) && (options.delete === 'after' || isReplaced(relative)))
    .toReversed()
    .map((side): Action => ({ do: 'delete', relative: side.relative, size: side.size, replaces: null, linkTarget: null }));
  for (const directory of replaced) assertMayGo(directory, right, options);
  const deleted = gone.length + replaced.length;
  if (deleted > options.maxDelete) {
    throw refusal(
      `${deleted} entries would be deleted, first ${gone[0]?.relative ?? replaced[0] ?? ''}; max_delete allows ${options.maxDelete}`,
      { deletes: deleted },
    );
  }
  return [...actions, ...gone];
}

const refusal = (what: string, details: { readonly [name: string]: string | number }) =>
  stepFailure('policy', `${what}; nothing was changed`, details);

/** A directory that makes way takes all it holds along. */
function assertMayGo(directory: string, right: readonly Side[], { delete: deletes, keeps }: PlanOptions): void {
  const path = directory.slice(0, -1);
  const holds = (relative: string): boolean => relative.startsWith(directory);
  if (deletes === 'none' && right.some(({ relative }) => holds(relative))) {
    throw refusal(`the directory ${path} would have to be deleted to make way for a file, and delete is none`, { path });
  }
  const [kept] = [...keeps].filter(holds);
  if (kept !== undefined)
    throw refusal(`the directory ${path} would have to be deleted to make way for a file, and holds ${kept}, which was left out`, { path });
}

function actionFor(side: Side, old: Side | undefined, options: PlanOptions): Action | null {
  const action = (what: Action['do'], replaces: Kind | null = null): Action => ({
    do: what,
    relative: side.relative,
    size: side.size,
    replaces,
    linkTarget: side.linkTarget,
  });
  if (old !== undefined && old.kind !== side.kind) return action(NEW[side.kind], old.kind);
  if (old === undefined) return action(NEW[side.kind]);
  const differsInMode = options.preservePermissions && side.mode !== old.mode;
  if (side.kind === 'directory') return differsInMode ? action('attributes') : null;
  if (side.kind === 'link') return side.linkTarget === old.linkTarget ? null : action('link', 'link');
  if (side.size !== old.size) return action('update');
  if (options.compare === 'checksum') {
    if (!options.isSame(side.relative)) return action('update');
    return side.mtime !== old.mtime || differsInMode ? action('attributes') : null;
  }
  if (side.mtime !== old.mtime) return action('update');
  return differsInMode ? action('attributes') : null;
}

const NEW = { directory: 'directory', file: 'new', link: 'link', other: 'new' } as const satisfies {
  readonly [kind in Kind]: Action['do'];
};

/** A directory stands right before what is in it. */
const inOrder = (sides: readonly Side[]): readonly Side[] => sides.toSorted((a, b) => (keyOf(a.relative) < keyOf(b.relative) ? -1 : 1));

/** `a/b` comes before `a-b`, as names are compared part by part. */
const keyOf = (relative: string): string => relative.replaceAll('/', '\0');

/** One line of a plan, for people and for comparison: `new a/b`, `delete c`. */
export const actionLine = ({ do: what, relative, linkTarget }: Action): string =>
  `${what} ${relative}${what === 'link' && linkTarget !== null ? ` -> ${linkTarget}` : ''}`;
