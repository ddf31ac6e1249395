import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ImportReport } from '#api/views/inventory.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';

type Say = (line: string) => void;

export interface ImportOptions {
  readonly format?: string;
  readonly dryRun?: boolean;
}

/** Takes over an inventory, or the keys of a known_hosts file; 3 when a dry run finds something wrong. */
export async function importCommand(
  api: ApiClient,
  file: string,
  { format = formatOf(file), dryRun = false }: ImportOptions,
  say: Say,
): Promise<number> {
  const text = readFile(file);
  if (format === 'known_hosts') return importKnownHosts(api, text, dryRun, say);
  const query = new URLSearchParams({ format, dry_run: String(dryRun) });
  const { body } = await api.ask<ImportReport>('POST', `/targets/import?${query}`, { yaml: text });
  for (const { name, line, action, fields, problems } of body.items) {
    if (action === 'same') continue;
    say(`${String(line).padStart(5)}  ${action.padEnd(7)} ${name ?? ''}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}`.trimEnd());
    for (const problem of problems) say(`         ${problem}`);
  }
  const { create, change, same, bad } = body.counts;
  say(`${dryRun ? 'would be ' : ''}created ${create}, changed ${change}, same ${same}, bad ${bad}`);
  return bad > 0 ? EXIT.invalid : EXIT.completed;
}

async function importKnownHosts(api: ApiClient, text: string, dryRun: boolean, say: Say): Promise<number> {
  interface Report {
    readonly items: readonly {
      readonly target: string;
      readonly added: readonly { type: string; fingerprint: string; revoked?: boolean }[];
    }[];
    readonly problems: readonly { readonly line: number; readonly message: string }[];
  }
  const { body } = await api.ask<Report>('POST', `/targets/host-keys/import?dry_run=${dryRun}`, { yaml: text });
  for (const { target, added } of body.items)
    for (const { type, fingerprint, revoked } of added)
      say(`${target.padEnd(28)} ${type.padEnd(20)} ${fingerprint}${revoked ? ' revoked' : ''}`);
  for (const { line, message } of body.problems) say(`line ${line}: ${message}`);
  return EXIT.completed;
}

const FORMATS: readonly (readonly [name: RegExp, format: string])[] = [
  [/\.ya?ml$/i, 'yaml'],
  [/\.json$/i, 'json'],
  [/\.csv$/i, 'csv'],
  [/\.ini$/i, 'ansible_ini'],
  [/^(ssh_)?config$/i, 'ssh_config'],
  [/^(ssh_)?known_hosts/i, 'known_hosts'],
];

function formatOf(file: string): string {
  const known = FORMATS.find(([name]) => name.test(basename(file)));
  if (known) return known[1];
  throw new CommandFailed(EXIT.usage, `${file}: its name says no format; give --format`);
}

function readFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CommandFailed(EXIT.usage, `${file}: ${error instanceof Error ? error.message : error}`);
  }
}
