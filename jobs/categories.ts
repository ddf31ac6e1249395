/** A category in the tree that slashes make: its whole path, its own part of it, and how many jobs stand there and there or below. */
export interface Category {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly jobs: number;
  readonly total: number;
}

/** The tree of categories, each behind the one above it and in the order of names; one above that no job names is there too. */
export function categoryTree(counts: readonly { readonly category: string; readonly jobs: number }[]): readonly Category[] {
  const tree = new Map<string, { jobs: number; total: number }>();
  const at = (path: string) => {
    const found = tree.get(path) ?? { jobs: 0, total: 0 };
    tree.set(path, found);
    return found;
  };
  for (const { category, jobs } of counts) {
    at(category).jobs += jobs;
    for (let end = category.length; end > 0; end = category.lastIndexOf('/', end - 1)) at(category.slice(0, end)).total += jobs;
  }
  const partsOf = (path: string) => path.split('/');
  const inOrder = [...tree].sort(([a], [b]) => compareParts(partsOf(a), partsOf(b)));
  return inOrder.map(([path, { jobs, total }]) => ({
    path,
    name: partsOf(path).at(-1) ?? '',
    depth: partsOf(path).length - 1,
    jobs,
    total,
  }));
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (part !== other) return part < other ? -1 : 1;
  }
  return a.length - b.length;
}
