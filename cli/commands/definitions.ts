import type { Command } from 'commander';
import type { z } from 'zod';
import type { JobDiff, JobImportReport, JobView, Validation } from '#api/views/job.ts';
import { diffLines } from '#jobs/diff/diff-lines.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { readText } from '../parameters.ts';
import type { CommandGroup } from './command-group.ts';
import { saveJob } from './saved-job.ts';
import { isSchedule, saveSchedule } from './saved-schedule.ts';

type Say = (line: string) => void;

/** What is done with definitions: saved, checked, compared, taken in and out. */
export function addDefinitionCommands(program: Command, { api, say, finish }: CommandGroup): void {
  program
    .command('apply <file...>')
    .description('save definitions of jobs and schedules: new ones are created, changed ones become their next version')
    .option('-m, --message <text>', 'why, kept with the version')
    .option('--json', 'what became of each')
    .action((files: readonly string[], options: ApplyOptions) => finish(applyCommand(api(), files, options, say)));
  program
    .command('validate <file...>')
    .description('check definitions as a save would, and save nothing')
    .option('--json', 'the API’s own answers')
    .action((files: readonly string[], options: { json?: boolean }) => finish(validateCommand(api(), files, options, say)));
  program
    .command('diff <job> [file]')
    .description('how two versions of a job differ, or the current one and a file; exit code 9 when they do')
    .option('--from <version>', 'number or tag; the version before the other when absent')
    .option('--to <version>', 'number or tag; the current one when absent')
    .option('--json', 'the API’s own answer')
    .action((job: string, file: string | undefined, options: DiffOptions) => finish(diffCommand(api(), job, file, options, say)));
  program
    .command('export [job...]')
    .description('print definitions as they were typed, every job’s when none is named')
    .option('--format <format>', 'yaml or ndjson', 'yaml')
    .action((jobs: readonly string[], options: { format: string }) => finish(exportCommand(api(), jobs, options)));
  program
    .command('import <file>')
    .description('take over many definitions, all or nothing')
    .option('--format <format>', 'yaml, ndjson, config-style or step-type-style', 'yaml')
    .option('--on-conflict <what>', 'when a job has the name: fail, skip, update or rename', 'fail')
    .option('--leave-out-unknown', 'of foreign forms: go without steps whose type is not known')
    .option('--dry-run', 'only say what would happen')
    .option('--json', 'the API’s own answer')
    .action((file: string, options: ImportOptions) => finish(importCommand(api(), file, options, say)));
}

interface ApplyOptions {
  readonly message?: string;
  readonly json?: boolean;
}

async function applyCommand(api: ApiClient, files: readonly string[], { message, json }: ApplyOptions, say: Say): Promise<number> {
  for (const file of files) {
    const text = readText(file);
    if (isSchedule(text)) {
      const { schedule, what } = await saveSchedule(api, text);
      const { name, version } = schedule;
      say(json ? JSON.stringify({ file, schedule: name, version, what }) : `${name} v${version} ${what}`);
      continue;
    }
    const { job, what } = await saveJob(api, text, message);
    say(json ? JSON.stringify({ file, job: job.name, version: job.version, what }) : `${job.name} v${job.version} ${what}`);
  }
  return EXIT.completed;
}

type Verdict = z.infer<typeof Validation>;

async function validateCommand(api: ApiClient, files: readonly string[], { json }: { json?: boolean }, say: Say): Promise<number> {
  let isValid = true;
  for (const file of files) {
    const { body } = await api.ask<Verdict>('POST', '/jobs/validate', { yaml: readText(file) });
    isValid = isValid && body.valid;
    if (json) say(JSON.stringify({ file, ...body }));
    else for (const line of verdictLines(file, body)) say(line);
  }
  return isValid ? EXIT.completed : EXIT.invalid;
}

function* verdictLines(file: string, { valid, name, problems, today, would }: Verdict): Generator<string> {
  for (const { line, column, severity, message } of problems) yield `${file}:${line ?? 1}:${column ?? 1}: ${severity}: ${message}`;
  for (const { message } of today?.findings ?? []) yield `${file}: today: ${message}`;
  if (valid) yield `${file}: ${name} is valid${would ? wouldBe(would) : ''}`;
}

const wouldBe = ({ action, version }: { readonly action: string; readonly version: number }): string =>
  action === 'nothing' ? `, and says what version ${version} says` : `; a save would make version ${version}`;

interface DiffOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

async function diffCommand(api: ApiClient, job: string, file: string | undefined, options: DiffOptions, say: Say): Promise<number> {
  const path = `/jobs/${encodeURIComponent(job)}`;
  if (file !== undefined) {
    if (options.from || options.to)
      throw new CommandFailed(EXIT.usage, 'a file is held against the current version; leave out --from and --to');
    const { body } = await api.ask<JobView>('GET', path);
    const hunks = diffLines(body.source, readText(file));
    if (options.json) say(JSON.stringify({ from: body.version, to: file, text: hunks }));
    else sayHunks(hunks, `version ${body.version}`, file, say);
    return hunks.length > 0 ? EXIT.differences : EXIT.completed;
  }
  const query = new URLSearchParams({ ...(options.from && { from: options.from }), ...(options.to && { to: options.to }) });
  const { body } = await api.ask<z.infer<typeof JobDiff>>('GET', `${path}/diff?${query}`);
  if (options.json) say(JSON.stringify(body));
  else sayHunks(body.text, `version ${body.from}`, `version ${body.to}`, say);
  return body.text.length > 0 ? EXIT.differences : EXIT.completed;
}

function sayHunks(hunks: z.infer<typeof JobDiff>['text'] | ReturnType<typeof diffLines>, before: string, after: string, say: Say): void {
  if (hunks.length === 0) return;
  say(`--- ${before}`);
  say(`+++ ${after}`);
  for (const { from, to, lines } of hunks) {
    say(`@@ -${from} +${to} @@`);
    for (const { kind, text } of lines) say(`${kind}${text}`);
  }
}

async function exportCommand(api: ApiClient, jobs: readonly string[], { format }: { format: string }): Promise<number> {
  const query = new URLSearchParams({ format, ...(jobs.length > 0 && { names: jobs.join(',') }) });
  for await (const text of api.text(`/jobs/export?${query}`)) process.stdout.write(text);
  return EXIT.completed;
}

interface ImportOptions {
  readonly format: string;
  readonly onConflict: string;
  readonly leaveOutUnknown?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

async function importCommand(api: ApiClient, file: string, options: ImportOptions, say: Say): Promise<number> {
  const query = new URLSearchParams({
    format: options.format,
    on_conflict: options.onConflict,
    ...(options.leaveOutUnknown && { unknown_steps: 'leave_out' }),
    ...(options.dryRun && { dry_run: 'true' }),
  });
  const { body } = await api.ask<JobImportReport>('POST', `/jobs/import?${query}`, { yaml: readText(file) });
  if (options.json) say(JSON.stringify(body));
  else {
    for (const { name, action, saved_as, problems, report } of body.items) {
      say(`${action.padEnd(8)} ${name}${saved_as && saved_as !== name ? ` as ${saved_as}` : ''}`);
      for (const { message } of problems) say(`         ${message}`);
      for (const { kind, pointer, message } of report) say(`         ${kind} ${pointer}: ${message}`);
    }
    if (body.dry_run) say('nothing was saved: this was a trial');
  }
  return body.counts.bad > 0 ? EXIT.invalid : EXIT.completed;
}
