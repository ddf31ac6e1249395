import type { Release } from '#jobs/zones/release.ts';

const LINE = 138;

/** The source of jobs/zones/names.ts: all names of a release, for rooms that may not read files. */
export function namesModule({ version, files, aliases }: Release): string {
  const lines: string[] = [];
  for (const name of [...files.keys(), ...aliases.keys()].sort()) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length >= LINE) lines.push(name);
    else lines[lines.length - 1] = `${last} ${name}`;
  }
  return `// Made by platform/zone-data/update.ts from the zone data ${version}.

/** Names of all time zones, other names of theirs too, as the zone data that the product carries have them. */
export const ZONE_NAMES: readonly string[] = \`
${lines.join('\n')}
\`
  .trim()
  .split(/\\s+/);
`;
}
