import type { Command } from 'commander';
import type { z } from 'zod';
import type { CleanupView, LogFilePage } from '#api/views/log-file.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { runId } from '../run-reference.ts';
import type { CommandGroup } from './command-group.ts';

type Page = z.infer<typeof LogFilePage>;
type Cleanup = z.infer<typeof CleanupView>;

interface ListOptions {
  readonly class?: string;
  readonly zone?: string;
  readonly run?: string;
  readonly date?: string;
  readonly json?: boolean;
}

/** `capstan log-files …`: what lies in the folder of log files, what a file says, what a cleanup removes. */
export function addLogFileCommands(program: Command, { api, say, finish, screen }: CommandGroup): void {
  const files = program.command('log-files').description('files of what happened, by time zone, run, performance, audit and process');
  files
    .command('list', { isDefault: true })
    .description('list them with their sizes')
    .option('--class <name>', 'timezones, runs, performance, audit or system')
    .option('--zone <zone>', 'of a time zone, e.g. Asia/Tokyo')
    .option('--run <run>', 'of a run')
    .option('--date <day>', 'about a day, e.g. 2026-11-22')
    .option('--json', 'the API’s own answers')
    .action((options: ListOptions) => finish(listCommand(api(), options, say)));
  files
    .command('cat <name>')
    .description('print a file; one that is packed is unpacked')
    .action((name: string) => finish(catCommand(api(), name, screen.out)));
  files
    .command('cleanup')
    .description('remove the files that have had their time')
    .option('--dry-run', 'only tell which')
    .option('--json', 'the API’s own answer')
    .action((options: { dryRun?: boolean; json?: boolean }) => finish(cleanupCommand(api(), options, say)));
}

async function listCommand(api: ApiClient, { json, run, ...wanted }: ListOptions, say: (line: string) => void): Promise<number> {
  const id = run === undefined ? undefined : await runId(api, run);
  const filters = Object.entries({ limit: '200', ...wanted, run: id }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  let after: string | null = null;
  do {
    const query = new URLSearchParams(filters);
    if (after !== null) query.set('after', after);
    const { body }: { body: Page } = await api.ask('GET', `/log-files?${query}`);
    if (json) say(JSON.stringify(body));
    else {
      if (after === null && body.writer?.problem) say(`not written since ${body.writer.problem_since}: ${body.writer.problem}`);
      for (const { name, bytes } of body.items) say(`${sizeWords(bytes).padStart(9)}  ${name}`);
    }
    after = body.next;
  } while (after !== null);
  return EXIT.completed;
}

async function catCommand(api: ApiClient, name: string, out: (text: string) => void): Promise<number> {
  for await (const text of api.text(`/log-files/${encodeURIComponent(name)}`)) out(text);
  return EXIT.completed;
}

async function cleanupCommand(
  api: ApiClient,
  { dryRun = false, json }: { dryRun?: boolean; json?: boolean },
  say: (line: string) => void,
): Promise<number> {
  const { body } = await api.ask<Cleanup>('POST', '/log-files/cleanup', { body: { dry_run: dryRun } });
  if (json) say(JSON.stringify(body));
  else {
    for (const { name, bytes, reason } of body.files) say(`${sizeWords(bytes).padStart(9)}  ${name}  ${REASONS[reason]}`);
    for (const { name, why } of body.failed) say(`cannot be removed: ${name}: ${why}`);
    say(`${dryRun ? 'would remove' : 'removed'} ${body.files.length} files, ${sizeWords(body.bytes).trim()}`);
  }
  return body.failed.length > 0 ? EXIT.failed : EXIT.completed;
}

const REASONS = { age: 'has had its time', size: 'its class is too large' } as const satisfies Record<
  Cleanup['files'][number]['reason'],
  string
>;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

function sizeWords(bytes: number): string {
  const power = bytes === 0 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
