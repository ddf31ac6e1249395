import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { AgendaPage } from '#api/views/agenda.ts';
import type { SchedulePreview } from '#api/views/schedule-preview.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { pagesOf } from '../pages.ts';
import { readText } from '../parameters.ts';
import { wholeNumber } from '../whole-number.ts';
import type { CommandGroup } from './command-group.ts';

type Say = (line: string) => void;
type Preview = z.infer<typeof SchedulePreview>;
type Agenda = z.infer<typeof AgendaPage>;

/** `capstan schedules preview` and `agenda`: what starts when. */
export function addScheduleTimeCommands(schedules: Command, { api, say, finish }: CommandGroup): void {
  schedules
    .command('preview <schedule|file>')
    .description('the next moments of a schedule, saved or in a file, with what is particular about each; 3 when it is not right')
    .option('--from <moment>', 'an instant, or a time on the clocks of the schedule (default: now)')
    .option('--count <number>', 'how many, 500 at most', '20')
    .option('--zone <zone>', 'show them by the clocks of this zone, too')
    .option('--starts-only', 'leave out what does not start')
    .option('--json', 'the API’s own answer')
    .action((what: string, options: PreviewOptions) => finish(previewCommand(api(), what, options, say)));
  schedules
    .command('agenda')
    .description('what starts when, and what became of it, over all schedules')
    .option('--from <moment>', 'an instant, or a time on the clocks of the zone (default: now)')
    .option('--to <moment>', 'not included, 31 days later at most (default: a day later)')
    .option('--zone <zone>', 'on whose clocks times are shown', 'UTC')
    .option('--job <name>', 'only of this job')
    .option('--schedule <name>', 'only of this one')
    .option('--state <states>', 'planned, due, paused, left_out, asked, started, missed, delayed; separated by commas')
    .option('--limit <count>', 'how many', '50')
    .option('--hours', 'count by hours instead')
    .option('--json', 'the API’s own answers')
    .action((options: AgendaOptions) => finish(agendaCommand(api(), options, say)));
}

interface PreviewOptions {
  readonly from?: string;
  readonly count: string;
  readonly zone?: string;
  readonly startsOnly?: boolean;
  readonly json?: boolean;
}

/** A folder may be called as a schedule is; what has a slash in it can only be a file. */
const isFile = (what: string): boolean =>
  what === '-' || what.includes('/') || statSync(what, { throwIfNoEntry: false })?.isDirectory() === false;

async function previewCommand(api: ApiClient, what: string, options: PreviewOptions, say: Say): Promise<number> {
  const body = {
    ...(isFile(what) ? { source: readText(what) } : { schedule: what }),
    count: wholeNumber('--count', options.count),
    starts_only: options.startsOnly ?? false,
    ...(options.from !== undefined && { from: options.from }),
    ...(options.zone !== undefined && { viewer_zone: options.zone }),
  };
  const { body: preview } = await api.ask<Preview>('POST', '/schedules/preview', { body });
  if (options.json) say(JSON.stringify(preview));
  else for (const line of previewLines(preview)) say(line);
  return preview.valid ? EXIT.completed : EXIT.invalid;
}

function* previewLines({ words, problems, moments, complete, until, spacing, zone_data }: Preview): Generator<string> {
  for (const { severity, message } of problems) yield `${severity}: ${message}`;
  if (words === null) return;
  yield words;
  for (const { local, viewer, marks, starts, reason } of moments) {
    const shown = `${local.time} ${local.abbreviation.padEnd(5)}`;
    const other = viewer === null ? '' : ` ${viewer.time} ${viewer.abbreviation.padEnd(5)}`;
    yield `${starts ? ' ' : '-'} ${shown}${other} ${marks.join(', ')}${starts ? '' : ` (${reason}: nothing starts)`}`.trimEnd();
  }
  if (moments.length === 0) yield `nothing until ${until}`;
  else if (complete) yield `no more until ${until}`;
  if (spacing !== null && spacing.shortest !== spacing.longest) yield `between two starts: ${spacing.shortest} to ${spacing.longest}`;
  yield `zone data ${zone_data}`;
}

interface AgendaOptions {
  readonly from?: string;
  readonly to?: string;
  readonly zone: string;
  readonly job?: string;
  readonly schedule?: string;
  readonly state?: string;
  readonly limit: string;
  readonly hours?: boolean;
  readonly json?: boolean;
}

async function agendaCommand(api: ApiClient, { limit, hours, json, ...query }: AgendaOptions, say: Say): Promise<number> {
  const most = hours ? 1 : wholeNumber('--limit', limit);
  for await (const page of pagesOf<Agenda['items'][number], Agenda>(api, '/schedules/agenda', query, most)) {
    if (json) say(JSON.stringify(page));
    else for (const line of hours ? hourLines(page) : page.items.map(itemLine)) say(line);
  }
  return EXIT.completed;
}

const itemLine = ({ local_time, state, schedule, job, reason, message, marks, run_status }: Agenda['items'][number]): string => {
  const about = [...marks, ...(run_status === null ? [] : [run_status]), ...(reason === null ? [] : [message ?? reason])].join(', ');
  return [local_time, state.padEnd(8), (schedule ?? '-').padEnd(28), (job ?? '-').padEnd(24), about].join(' ').trimEnd();
};

function* hourLines({ hours, counted_until, to }: Agenda): Generator<string> {
  for (const { local, counts } of hours ?? []) {
    if (counts === null) break;
    const words = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
    yield `${local} ${words.join(', ')}`.trimEnd();
  }
  if (counted_until !== null && counted_until !== to) yield `counted until ${counted_until}; ask for a shorter range`;
}
