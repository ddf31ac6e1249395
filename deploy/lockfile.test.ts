import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Entry {
  readonly version?: string;
  readonly optionalDependencies?: { readonly [name: string]: string };
}

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: { readonly [path: string]: Entry };
};

/** The entry a package resolves a dependency to: in its own folder or in one above. */
function resolved(path: string, name: string): Entry | undefined {
  const entry = packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  if (entry || path === '') return entry;
  const above = path.lastIndexOf('node_modules/');
  return resolved(above <= 0 ? '' : path.slice(0, above - 1), name);
}

test('npm ci works on every platform: the lockfile names each platform’s package, also those that the registry it was made with lacked', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => resolved(path, name)?.version === undefined),
  );
  expect(missing).toEqual([]);
});
