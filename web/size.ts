import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = new URL('./dist/', import.meta.url);
const KB = 1000;
/** Gzipped kilobytes: the first list with everything it needs, any other page's own code, the styles. */
const BUDGET = { first: 140, route: 40, css: 25 } as const;
const FIRST = 'src/pages/runs/RunsPage.tsx';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest: Readonly<Record<string, Chunk>> = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));
const sizeOf = (file: string): number => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length / KB;
const sum = (files: Iterable<string>): number => [...files].reduce((total, file) => total + sizeOf(file), 0);

/** The scripts a chunk needs before it runs, itself included. */
const needed = (name: string, found = new Set<string>()): Set<string> => {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const one of chunk.imports ?? []) needed(one, found);
  return found;
};

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? '';
const shell = needed(entry);
const first = new Set([...shell, ...needed(FIRST)]);
const routes = Object.keys(manifest).filter((name) => manifest[name]?.isDynamicEntry);
const lines = [
  { what: 'first list, JavaScript', size: sum(first), most: BUDGET.first },
  ...routes.map((name) => ({ what: name, size: sum([...needed(name)].filter((file) => !first.has(file))), most: BUDGET.route })),
  { what: 'all styles', size: sum(new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []))), most: BUDGET.css },
];

for (const { what, size, most } of lines)
  console.log(`${size.toFixed(1).padStart(7)} kB gz of ${most}  ${what}${size > most ? '  TOO BIG' : ''}`);
if (lines.some(({ size, most }) => size > most)) process.exitCode = 1;
