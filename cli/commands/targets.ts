import type { Command } from 'commander';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { checkCommand } from './check-targets.ts';
import type { CommandGroup } from './command-group.ts';
import { type ImportOptions, importCommand } from './import-targets.ts';
import { type ScanOptions, scanCommand } from './scan-target.ts';

type Say = (line: string) => void;

interface Listed {
  readonly name: string;
  readonly kind: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly last_check: { readonly at: string; readonly healthy: boolean; readonly stage: string | null } | null;
}

/** `capstan targets …`: the inventory. */
export function addTargetCommands(program: Command, { api, say, finish }: CommandGroup): void {
  const collect = (word: string, words: readonly string[]) => [...words, word];
  const targets = program.command('targets').description('the hosts and devices that steps run on');
  targets
    .command('list')
    .description('list targets with how they were found at the last look')
    .option('--tag <tag>', 'only those with this tag')
    .option('--kind <kind>', 'only of this kind')
    .option('--unhealthy', 'only those that were not well')
    .option('--json', 'the API’s own answers')
    .action((options: ListOptions) => finish(listCommand(api(), options, say)));
  targets
    .command('check [selector]')
    .description('look at targets now; exit code 1 when one is not well')
    .addHelpText(
      'after',
      '\nA selector is names and globs, tag:edge, kind:device, site=ber, with commas between; without one all are looked at.',
    )
    .option('--json', 'the API’s own answer')
    .action((selector: string | undefined, options: { json?: boolean }) => finish(checkCommand(api(), selector ?? '*', options, say)));
  targets
    .command('import <file>')
    .description('take over an inventory, all or nothing')
    .option('--format <format>', 'yaml, json, csv, ssh_config, ansible_ini, ansible_yaml or known_hosts (default: by the file’s name)')
    .option('--dry-run', 'only say what would happen')
    .action((file: string, options: ImportOptions) => finish(importCommand(api(), file, options, say)));
  targets
    .command('scan <target>')
    .description('show the keys that a host offers, and pin those that are accepted')
    .option('--accept <fingerprint>', 'pin the key with this fingerprint; may be given many times', collect, [])
    .option('--accept-new', 'pin every key whose type is not pinned yet; compare the fingerprints at the host')
    .action((target: string, options: ScanOptions) => finish(scanCommand(api(), target, options, say)));
}

interface ListOptions {
  readonly tag?: string;
  readonly kind?: string;
  readonly unhealthy?: boolean;
  readonly json?: boolean;
}

async function listCommand(api: ApiClient, { tag, kind, unhealthy, json }: ListOptions, say: Say): Promise<number> {
  const query = { limit: '200', ...(tag && { tag }), ...(kind && { kind }), ...(unhealthy && { healthy: 'false' }) };
  let after: string | null = null;
  do {
    const search: string = new URLSearchParams({ ...query, ...(after !== null && { after }) }).toString();
    const { body } = await api.ask<{ items: Listed[]; next: string | null }>('GET', `/targets?${search}`);
    if (json) say(JSON.stringify(body));
    else for (const target of body.items) say(lineOf(target));
    after = body.next;
  } while (after !== null);
  return EXIT.completed;
}

function lineOf({ name, kind, host, port, tags, enabled, last_check: check }: Listed): string {
  const state = !enabled ? 'off' : check === null ? 'unknown' : check.healthy ? 'healthy' : `fails at ${check.stage}`;
  return [name.padEnd(28), kind.padEnd(7), `${host}${port === null ? '' : `:${port}`}`.padEnd(28), state.padEnd(18), tags.join(' ')]
    .join(' ')
    .trimEnd();
}
