import type { Command } from 'commander';
import type { z } from 'zod';
import type { CalendarDryRun, CalendarEffects, CalendarSaved, CalendarSummary, CalendarView } from '#api/views/calendar.ts';
import type { Answer, ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { pagesOf } from '../pages.ts';
import { readText } from '../parameters.ts';
import type { CommandGroup } from './command-group.ts';
import { nameIn } from './saved-schedule.ts';

type Say = (line: string) => void;
type Summary = z.infer<typeof CalendarSummary>;
type View = z.infer<typeof CalendarView>;
type Saved = z.infer<typeof CalendarSaved> | z.infer<typeof CalendarDryRun>;

/** `capstan calendars …`: named times at which nothing is to start, or only then. */
export function addCalendarCommands(program: Command, { api, say, finish }: CommandGroup): void {
  const calendars = program.command('calendars').description('named times that schedules avoid or keep to');
  calendars
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'the API’s own answers')
    .action((options: { json?: boolean }) => finish(listCommand(api(), options, say)));
  calendars
    .command('show <calendar>')
    .description('one of them, as it was written, and who uses it')
    .option('--json', 'the API’s own answer')
    .action((name: string, options: { json?: boolean }) => finish(showCommand(api(), name, options, say)));
  calendars
    .command('apply <file...>')
    .description('save calendars, and say which starts that removes, adds and moves')
    .option('--dry-run', 'only say it')
    .option('--json', 'the API’s own answers')
    .action((files: readonly string[], options: SaveOptions) => finish(applyCommand(api(), files, options, say)));
  calendars
    .command('import <calendar> <file>')
    .description('give a calendar the events of an .ics file, in place of those it had from one')
    .option('--dry-run', 'only say which starts that removes, adds and moves')
    .option('--json', 'the API’s own answer')
    .action((name: string, file: string, options: SaveOptions) => finish(importCommand(api(), name, file, options, say)));
  calendars
    .command('delete <calendar>')
    .description('take one away that nothing uses')
    .action((name: string) => finish(deleteCommand(api(), name, say)));
}

interface SaveOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const pathOf = (name: string): string => `/calendars/${encodeURIComponent(name)}`;

async function listCommand(api: ApiClient, { json }: { json?: boolean }, say: Say): Promise<number> {
  for await (const page of pagesOf<Summary>(api, '/calendars', {})) {
    if (json) say(JSON.stringify(page));
    else for (const one of page.items) say(lineOf(one));
  }
  return EXIT.completed;
}

function lineOf({ name, version, timezone, entries, feed, note }: Summary): string {
  const imported = feed === null ? '' : `, ${feed.events} events${feed.alarm === null ? '' : ` (${feed.alarm})`}`;
  const zone = timezone ?? 'that of its schedule';
  return `${name.padEnd(24)} ${`v${version}`.padEnd(5)} ${zone.padEnd(20)} ${entries} entries${imported}${note === null ? '' : `  ${note}`}`;
}

async function showCommand(api: ApiClient, name: string, { json }: { json?: boolean }, say: Say): Promise<number> {
  const { body } = await api.ask<View>('GET', pathOf(name));
  if (json) {
    say(JSON.stringify(body));
    return EXIT.completed;
  }
  const { schedules, targets } = body.used_by;
  say(lineOf(body));
  if (schedules.length > 0) say(`used by schedules ${schedules.join(', ')}`);
  if (targets.length > 0) say(`used by targets ${targets.join(', ')}`);
  say('');
  say(body.source.trimEnd());
  return EXIT.completed;
}

async function applyCommand(api: ApiClient, files: readonly string[], options: SaveOptions, say: Say): Promise<number> {
  for (const file of files) {
    const text = readText(file);
    const name = nameIn(text);
    const current = name === '' ? null : await api.ask<View>('GET', pathOf(name), { accept: [404] });
    const dry = options.dryRun ? '?dry_run=true' : '';
    const saved: Answer<Saved> =
      !current || current.status === 404
        ? await api.ask<Saved>('POST', `/calendars${dry}`, { yaml: text })
        : await api.ask<Saved>('PUT', `${pathOf(name)}${dry}`, { yaml: text, headers: { 'if-match': current.etag ?? '*' } });
    sayEffects(saved.body, options, say);
  }
  return EXIT.completed;
}

async function importCommand(api: ApiClient, name: string, file: string, options: SaveOptions, say: Say): Promise<number> {
  const query = new URLSearchParams({ name, ...(options.dryRun && { dry_run: 'true' }) });
  const headers = { 'content-type': 'text/calendar' };
  const { body } = await api.ask<Saved>('POST', `/calendars/import?${query}`, { yaml: readText(file), headers });
  sayEffects(body, options, say);
  return EXIT.completed;
}

async function deleteCommand(api: ApiClient, name: string, say: Say): Promise<number> {
  await api.ask('DELETE', pathOf(name));
  say(`${name}: deleted`);
  return EXIT.completed;
}

function sayEffects(saved: Saved, { json }: SaveOptions, say: Say): void {
  if (json) {
    say(JSON.stringify(saved));
    return;
  }
  const { effects, feed, name } = saved;
  const events = feed === null ? '' : `, ${feed.events} events`;
  say(saved.dry_run ? `${name}${events}: nothing was saved` : `${name} v${saved.version} saved${events}`);
  for (const line of effectLines(effects)) say(line);
}

function* effectLines({ removed, added, moved, changes, until }: z.infer<typeof CalendarEffects>): Generator<string> {
  yield `until ${until}: ${removed} starts removed, ${added} added, ${moved} moved`;
  for (const { schedule, change, at, to } of changes.slice(0, SHOWN))
    yield `  ${change.padEnd(8)} ${schedule} ${at ?? ''}${to === null ? '' : ` -> ${to}`}`;
  const rest = removed + added + moved - Math.min(changes.length, SHOWN);
  if (rest > 0) yield `  and ${rest} more`;
}

const SHOWN = 10;
