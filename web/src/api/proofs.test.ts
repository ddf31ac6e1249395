import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));

/** What a file of views declares that no answer of the API is, and why. */
const OWN: readonly string[] = [
  // News of the stream, which the page reads word by word (`live/`).
  'LiveMessage',
  // An answer with the tag of its state, which came in a header.
  'JobNow',
  'TaggedTarget',
];

const filesNamed = (name: string): readonly string[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file === name || file.endsWith(`/${name}`))
    .map((file) => readFileSync(SOURCES + file, 'utf8'));

const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

test('every view that the page declares is held against what the API promises, by itself or within another', () => {
  const proofs = filesNamed('views.test.ts').join('\n');
  const declared = filesNamed('views.ts')
    .join('\n')
    .split(/^(?=export (?:interface|type) )/m)
    .flatMap((text) => {
      const name = /^export (?:interface|type) (\w+)/.exec(text)?.[1];
      return name ? [{ name, text }] : [];
    });
  const proven = new Set(declared.filter(({ name }) => mentions(proofs, name)).map(({ name }) => name));
  for (const one of proven)
    for (const { name } of declared) if (declared.some((whole) => whole.name === one && mentions(whole.text, name))) proven.add(name);
  expect(declared.length).toBeGreaterThan(50);
  expect(declared.map(({ name }) => name).filter((name) => !proven.has(name) && !OWN.includes(name))).toEqual([]);
});
