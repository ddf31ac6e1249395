import { fileURLToPath } from 'node:url';

/** The part of the bundler that knows which module imports which. */
interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A module with everything it needs before it runs. */
const needed = (id: string, modules: Modules, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(id)) return found;
  found.add(id);
  for (const one of modules.getModuleInfo(id)?.importedIds ?? []) needed(one, modules, found);
  return found;
};

const RUNTIME = '\0rolldown/runtime.js';

/** All that a module needs besides itself, which keeps a file of its own by its name. */
const group = (path: string, name: string, priority: number) => {
  const entry = at(path);
  let own: ReadonlySet<string> | undefined;
  return {
    priority,
    name: (id: string, modules: Modules): string | null => {
      own ??= needed(entry, modules, new Set([RUNTIME]));
      return id !== entry && own.has(id) ? name : null;
    },
  };
};

/** The packages that menus, popovers and dialogs are made of. */
const LAYERS = /node_modules\/(@kobalte|@floating-ui|@corvu|@solid-primitives|solid-presence|solid-prevent-scroll)\//;

/**
 * What every page begins with is one file, and what the first list needs beyond it another: each file more is a round trip more, and code apart
 * is compressed worse. What opens over a page is a third, which comes while nobody waits for it.
 */
export const FIRST_CHUNKS = [
  group('./src/main.tsx', 'base', 3),
  group('./src/pages/runs/RunsPage.tsx', 'list', 2),
  { priority: 1, name: 'layers', test: LAYERS },
];
