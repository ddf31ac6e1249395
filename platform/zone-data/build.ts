/**
 * Makes iana.br, the zone data that the product carries, and jobs/zones/names.ts from the wheel of PyPI's tzdata. Run it after `pip download --no-deps tzdata==2026.6`:
 * node platform/zone-data/build.ts tzdata-2026.6-py2.py3-none-any.whl
 */
import { writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { packed } from '#jobs/zones/container.ts';
import { readRelease } from './read-release.ts';

const [, , wheel] = process.argv;
if (wheel === undefined) throw new Error('name the wheel: node build.ts <tzdata-….whl>');
const release = readRelease(wheel);
const whole = packed(release);
const small = brotliCompressSync(whole, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length },
});
await writeFile(new URL('iana.br', import.meta.url), small);

const names = [...release.files.keys(), ...release.aliases.keys()].sort();
const lines = names.reduce<string[]>((all, name) => {
  const last = all.at(-1);
  if (last === undefined || last.length + name.length > 130) all.push(name);
  else all[all.length - 1] = `${last} ${name}`;
  return all;
}, []);
await writeFile(
  new URL('../../jobs/zones/names.ts', import.meta.url),
  `// Made by platform/zone-data/build.ts from the zone data ${release.version}.

/** Names of all time zones, other names of theirs too, as the zone data that the product carries have them. */
export const ZONE_NAMES: readonly string[] = \`
${lines.join('\n')}
\`
  .trim()
  .split(/\\s+/);
`,
);
console.log(`${release.files.size} zones and ${release.aliases.size} aliases of ${release.version}: ${small.length} bytes`);
