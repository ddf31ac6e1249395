import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildPage } from '#platform/local/page-build.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = new URL('./dist/', import.meta.url);
const KB = 1000;
/** Gzipped kilobytes: the first list with everything it needs, what menus and dialogs of all pages are made of, any other page's own code, what a page loads later, the builder with its editor, what runs beside the page, the styles. */
const BUDGET = { first: 92, layers: 40, page: 40, later: 60, builder: 200, worker: 125, css: 25 } as const;
const PAGE = /^src\/pages\/.*Pages?\.tsx$/;
const FIRST = 'src/pages/runs/RunsPage.tsx';
const BUILDER = /^src\/(pages\/)?builder\//;
/** Names of vocabularies and of examples, which nothing is ever loaded from. */
const NAMES_ONLY = /^(https?:)?\/\/(www\.w3\.org|json-schema\.org|([a-z]+\.)?example\.(com|org)|localhost|127\.0\.0\.1)\b/;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

await buildPage(ROOT);
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
// A chunk that is not there weighs nothing and would always pass.
for (const name of [entry, FIRST]) if (!manifest[name]) throw new Error(`there is no chunk ${name || 'that is an entry'}`);
const first = new Set([...needed(entry), ...needed(FIRST)]);
const layers = manifest[Object.keys(manifest).find((name) => /^_layers-/.test(name)) ?? '']?.file;
if (!layers) throw new Error('there is no chunk of what opens over a page');
if (first.has(layers)) throw new Error('the first list brings what only opens over it');
const own = (files: Iterable<string>) => [...files].filter((file) => !first.has(file) && file !== layers);
/** What is there already wherever a part is asked for. */
const before = (name: string): ReadonlySet<string> => {
  const askers = Object.keys(manifest).filter((other) => manifest[other]?.dynamicImports?.includes(name));
  const there = askers.map((asker) => needed(asker));
  return new Set([...(there[0] ?? [])].filter((file) => there.every((files) => files.has(file))));
};
const parts = Object.keys(manifest).filter((name) => manifest[name]?.isDynamicEntry && !BUILDER.test(name));
const builder = Object.keys(manifest).filter((name) => BUILDER.test(name) && manifest[name]?.isDynamicEntry);
if (builder.length === 0) throw new Error('there is no chunk of the builder');
const scripts = readdirSync(new URL('assets/', DIST)).filter((file) => file.endsWith('.js'));
const known = new Set(Object.values(manifest).map(({ file }) => file));

const lines = [
  { what: 'first list, JavaScript', size: sum(first), most: BUDGET.first },
  { what: 'what opens over a page', size: sizeOf(layers), most: BUDGET.layers },
  ...parts.map((name) => ({
    what: name,
    size: sum(own(needed(name)).filter((file) => !before(name).has(file))),
    most: PAGE.test(name) ? BUDGET.page : BUDGET.later,
  })),
  // Scripts of workers are no part of the manifest.
  ...scripts
    .map((file) => `assets/${file}`)
    .filter((file) => !known.has(file))
    .map((file) => ({ what: file, size: sizeOf(file), most: BUDGET.worker })),
  { what: 'the builder with its editor', size: sum(new Set(builder.flatMap((name) => own(needed(name))))), most: BUDGET.builder },
  { what: 'all styles', size: sum(new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []))), most: BUDGET.css },
];

const foreign = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && /\.(js|css|html|svg)$/.test(file.name))
  .flatMap((file) => {
    const text = readFileSync(`${file.parentPath}/${file.name}`, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    return [...text.matchAll(/(?:https?:|(?<=["'(]))\/\/[a-z0-9-]+\.[a-z0-9.-]+[\w/.#-]*/gi)]
      .map(([url]) => url)
      .filter((url) => !NAMES_ONLY.test(url))
      .map((url) => `${file.name}: ${url}`);
  });

for (const { what, size, most } of lines)
  console.log(`${size.toFixed(1).padStart(7)} kB gz of ${most}  ${what}${size > most ? '  TOO BIG' : ''}`);
for (const one of foreign) console.log(`foreign address in ${one}`);
if (lines.some(({ size, most }) => size > most) || foreign.length > 0) process.exitCode = 1;
