import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { BackfillDryRun, BackfillFireView, BackfillView } from '#api/views/backfill.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { pagesOf } from '../pages.ts';
import { wholeNumber } from '../whole-number.ts';
import type { CommandGroup } from './command-group.ts';
import { parametersFor, schedulePath } from './saved-schedule.ts';

type Say = (line: string) => void;
type Backfill = z.infer<typeof BackfillView>;
type Fire = z.infer<typeof BackfillFireView>;

/** `capstan schedules backfill …`: moments of the past that are started after all. */
export function addBackfillCommands(schedules: Command, { api, say, finish, collect }: CommandGroup): void {
  schedules
    .command('backfill <schedule>')
    .description('start moments of the past; with --dry-run, only list them')
    .requiredOption('--from <moment>', 'an instant, or a time on the clocks of the schedule, e.g. 2027-01-31 or 2027-01-31T18:00')
    .requiredOption('--to <moment>', 'not included')
    .option('--reprocess <which>', 'missing: moments without a run; failed: those whose last run ended badly; all', 'missing')
    .option('--max-active <count>', 'its runs under way at a time', '1')
    .option('--limit <count>', 'moments at most, the first in order')
    .option('--order <order>', 'oldest or newest first', 'oldest')
    .option('--ignore-calendars', 'start also what blackouts and windows leave out')
    .option('-p, --param <name=value>', 'in place of one of the schedule; may be given many times', collect, [])
    .option('--note <text>', 'why')
    .option('--dry-run', 'list what would be started, and a hash of it')
    .option('--hash <hash>', 'of a dry run: start exactly what it listed, else end with 6')
    .option('-f, --follow', 'stay until it has ended; 1 when a run of it ended badly')
    .option('--json', 'the API’s own answer')
    .action((name: string, options: BackfillOptions) => finish(backfillCommand(api(), name, options, say)));
  schedules
    .command('backfills <schedule> [id]')
    .description('the backfills of a schedule, or what became of each moment of one')
    .option('--json', 'the API’s own answers')
    .action((name: string, id: string | undefined, options: { json?: boolean }) => finish(listCommand(api(), name, id, options, say)));
  schedules
    .command('cancel-backfill <schedule> <id>')
    .description('start nothing more of it; what runs goes on')
    .action((name: string, id: string) => finish(cancelCommand(api(), name, id, say)));
}

interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly reprocess: string;
  readonly maxActive: string;
  readonly limit?: string;
  readonly order: string;
  readonly ignoreCalendars?: boolean;
  readonly param: readonly string[];
  readonly note?: string;
  readonly dryRun?: boolean;
  readonly hash?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

async function backfillCommand(api: ApiClient, name: string, options: BackfillOptions, say: Say): Promise<number> {
  const { from, to, reprocess, order, limit, param, note, dryRun = false, hash, json } = options;
  const parameters = await parametersFor(api, name, param);
  const body = {
    from,
    to,
    reprocess,
    order,
    max_active: wholeNumber('--max-active', options.maxActive),
    ignore_calendars: options.ignoreCalendars ?? false,
    dry_run: dryRun,
    ...(limit !== undefined && { limit: wholeNumber('--limit', limit) }),
    ...(parameters && { parameters }),
    ...(note !== undefined && { note }),
    ...(hash !== undefined && { hash }),
  };
  const path = `${schedulePath(name)}/backfills`;
  if (dryRun) {
    const { body: list } = await api.ask<z.infer<typeof BackfillDryRun>>('POST', path, { body });
    if (json) say(JSON.stringify(list));
    else {
      for (const { local_time, marks, earlier_run } of list.fires)
        say(`${local_time} ${[...marks, ...(earlier_run === null ? [] : [`again, after ${earlier_run}`])].join(', ')}`.trimEnd());
      say(`${list.total} would be started; --hash ${list.hash} starts exactly these`);
    }
    return EXIT.completed;
  }
  const { body: made } = await api.ask<Backfill>('POST', path, { body });
  const shown = options.follow ? await followed(api, `${path}/${made.id}`) : made;
  say(json ? JSON.stringify(shown) : lineOf(shown));
  return options.follow && shown.failed + shown.refused > 0 ? EXIT.failed : EXIT.completed;
}

const LOOK_MS = 1_000;

async function followed(api: ApiClient, path: string): Promise<Backfill> {
  for (;;) {
    const { body } = await api.ask<Backfill>('GET', path);
    if (body.ended_at !== null) return body;
    await sleep(LOOK_MS);
  }
}

const lineOf = ({ id, status, total, ended, failed, refused, active, from, to }: Backfill): string => {
  const rest = [
    ...(active > 0 ? [`${active} under way`] : []),
    ...(failed > 0 ? [`${failed} ended badly`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return [`${id} ${status.padEnd(9)} ${from} to ${to} ${ended} of ${total}`, ...rest].join(', ');
};

async function listCommand(api: ApiClient, name: string, id: string | undefined, { json }: { json?: boolean }, say: Say): Promise<number> {
  const path = `${schedulePath(name)}/backfills`;
  if (id === undefined) {
    for await (const page of pagesOf<Backfill>(api, path, {})) {
      if (json) say(JSON.stringify(page));
      else for (const one of page.items) say(lineOf(one));
    }
    return EXIT.completed;
  }
  for await (const page of pagesOf<Fire>(api, `${path}/${encodeURIComponent(id)}/fires`, {})) {
    if (json) say(JSON.stringify(page));
    else for (const one of page.items) say(fireLine(one));
  }
  return EXIT.completed;
}

const fireLine = ({ local_time, status, run, run_status, error }: Fire): string =>
  `${local_time} ${status.padEnd(9)} ${error ?? [run, run_status].filter((word) => word !== null).join(' ')}`.trimEnd();

async function cancelCommand(api: ApiClient, name: string, id: string, say: Say): Promise<number> {
  const { body } = await api.ask<Backfill>('POST', `${schedulePath(name)}/backfills/${encodeURIComponent(id)}/cancel`);
  say(lineOf(body));
  return EXIT.completed;
}
