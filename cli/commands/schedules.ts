import type { Command } from 'commander';
import type { z } from 'zod';
import type { ResumedView, ScheduleSummary } from '#api/views/schedule.ts';
import type { ScheduleFireView } from '#api/views/schedule-fire.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { pagesOf } from '../pages.ts';
import { readText } from '../parameters.ts';
import { wholeNumber } from '../whole-number.ts';
import { addBackfillCommands } from './backfill.ts';
import type { CommandGroup } from './command-group.ts';
import { parametersFor, type Schedule, saveSchedule, schedulePath } from './saved-schedule.ts';
import { addScheduleTimeCommands } from './schedule-times.ts';

type Say = (line: string) => void;
type Summary = z.infer<typeof ScheduleSummary>;
type Fire = z.infer<typeof ScheduleFireView>;

/** `capstan schedules …`: when jobs start by themselves. */
export function addScheduleCommands(program: Command, group: CommandGroup): void {
  const { api, say, finish, collect } = group;
  const schedules = program.command('schedules').description('when jobs start by themselves');
  schedules
    .command('list', { isDefault: true })
    .description('list them, each with its next moment on the clocks of its zone')
    .option('--state <state>', 'only those that are active, paused, stopped, over or not_armed')
    .option('--job <name>', 'only those of this job')
    .option('--timezone <zone>', 'only those of this zone')
    .option('--json', 'the API’s own answers')
    .action((options: ListOptions) => finish(listCommand(api(), options, say)));
  schedules
    .command('show <schedule>')
    .description('one of them, as it was written and as it stands')
    .option('--json', 'the API’s own answer')
    .action((name: string, options: { json?: boolean }) => finish(showCommand(api(), name, options, say)));
  schedules
    .command('apply <file...>')
    .description('save schedules; nothing is started by that')
    .option('--json', 'what became of each')
    .action((files: readonly string[], options: { json?: boolean }) => finish(applyCommand(api(), files, options, say)));
  schedules
    .command('delete <schedule>')
    .description('take one away; what it started goes on')
    .action((name: string) => finish(deleteCommand(api(), name, say)));
  schedules
    .command('pause <schedule>')
    .description('start nothing from now on')
    .option('--note <text>', 'why')
    .option('--until <instant>', 'when it goes on by itself, e.g. 2027-01-31T18:00:00Z')
    .action((name: string, options: { note?: string; until?: string }) => finish(pauseCommand(api(), name, options, say)));
  schedules
    .command('resume <schedule>')
    .description('go on, and say how many moments were missed')
    .option('--run-missed', 'start those too, one after the other')
    .option('--note <text>', 'why')
    .action((name: string, options: { runMissed?: boolean; note?: string }) => finish(resumeCommand(api(), name, options, say)));
  schedules
    .command('trigger <schedule>')
    .description('start its job now, also while it is paused')
    .option('--at <moment>', 'the moment that the run stands for: an instant, or a time on the clocks of the schedule')
    .option('--overlap <policy>', 'in place of that of the schedule')
    .option('-p, --param <name=value>', 'in place of one of the schedule; may be given many times', collect, [])
    .option('--note <text>', 'why')
    .option('--json', 'the API’s own answer')
    .action((name: string, options: TriggerOptions) => finish(triggerCommand(api(), name, options, say)));
  schedules
    .command('fires <schedule>')
    .description('what became of its moments, the latest first')
    .option('--status <status>', 'only those that are started, missed or asked')
    .option('--from <moment>', 'an instant, or a time on the clocks of the schedule')
    .option('--to <moment>', 'not included')
    .option('--limit <count>', 'how many', '20')
    .option('--json', 'the API’s own answers')
    .action((name: string, options: FiresOptions) => finish(firesCommand(api(), name, options, say)));
  addScheduleTimeCommands(schedules, group);
  addBackfillCommands(schedules, group);
}

interface ListOptions {
  readonly state?: string;
  readonly job?: string;
  readonly timezone?: string;
  readonly json?: boolean;
}

async function listCommand(api: ApiClient, { json, ...filter }: ListOptions, say: Say): Promise<number> {
  for await (const page of pagesOf<Summary>(api, '/schedules', filter)) {
    if (json) say(JSON.stringify(page));
    else for (const one of page.items) say(lineOf(one));
  }
  return EXIT.completed;
}

const lineOf = ({ name, state, next_local, timezone, last_status, words }: Summary): string =>
  [name.padEnd(28), state.padEnd(9), (next_local ?? '-').padEnd(25), timezone.padEnd(20), (last_status ?? '-').padEnd(10), words].join(' ');

async function showCommand(api: ApiClient, name: string, { json }: { json?: boolean }, say: Say): Promise<number> {
  const { body } = await api.ask<Schedule>('GET', schedulePath(name));
  if (json) say(JSON.stringify(body));
  else for (const line of linesOf(body)) say(line);
  return EXIT.completed;
}

function* linesOf({
  name,
  version,
  state,
  stopped_reason,
  job,
  words,
  pause,
  next_local,
  plan,
  source,
  ...one
}: Schedule): Generator<string> {
  yield `${name} v${version}  ${state}${stopped_reason === null ? '' : `: ${stopped_reason}`}`;
  yield `starts ${job}: ${words}`;
  if (pause) {
    const until = pause.until === null ? '' : `, until ${pause.until}`;
    yield `paused since ${pause.since}${pause.by === null ? '' : ` by ${pause.by}`}${until}${pause.note === null ? '' : `: ${pause.note}`}`;
  }
  if (next_local !== null) yield `next ${next_local}`;
  if (one.last_fire_at !== null) yield `last ${one.last_fire_at}, ${one.last_status}`;
  if (!plan.is_armed) yield `Temporal is yet to be told${plan.problem === null ? '' : `: ${plan.problem}`}`;
  yield '';
  yield source.trimEnd();
}

async function applyCommand(api: ApiClient, files: readonly string[], { json }: { json?: boolean }, say: Say): Promise<number> {
  for (const file of files) {
    const { schedule, what } = await saveSchedule(api, readText(file));
    const { name, version, next_local, warnings } = schedule;
    if (json) say(JSON.stringify({ file, schedule: name, version, what, next: next_local }));
    else {
      say(`${name} v${version} ${what}${next_local === null ? '' : `; next ${next_local}`}`);
      for (const { message } of warnings) say(`  ${message}`);
    }
  }
  return EXIT.completed;
}

async function deleteCommand(api: ApiClient, name: string, say: Say): Promise<number> {
  await api.ask('DELETE', schedulePath(name), { headers: { 'if-match': '*' } });
  say(`${name}: deleted`);
  return EXIT.completed;
}

async function pauseCommand(api: ApiClient, name: string, body: { note?: string; until?: string }, say: Say): Promise<number> {
  const { body: paused } = await api.ask<Schedule>('POST', `${schedulePath(name)}/pause`, { body });
  say(`${name}: paused${paused.pause?.until ? ` until ${paused.pause.until}` : ''}`);
  return EXIT.completed;
}

async function resumeCommand(
  api: ApiClient,
  name: string,
  { runMissed = false, note }: { runMissed?: boolean; note?: string },
  say: Say,
): Promise<number> {
  const sent = { run_missed: runMissed, ...(note !== undefined && { note }) };
  const { body } = await api.ask<z.infer<typeof ResumedView>>('POST', `${schedulePath(name)}/resume`, { body: sent });
  const { missed, backfill, next_local } = body;
  const count = `${missed.at_least ? 'at least ' : ''}${missed.count} missed`;
  say(`${name}: goes on; ${count}${next_local === null ? '' : `; next ${next_local}`}`);
  if (backfill !== null) say(`backfill ${backfill} starts what was missed`);
  return EXIT.completed;
}

interface TriggerOptions {
  readonly at?: string;
  readonly overlap?: string;
  readonly param: readonly string[];
  readonly note?: string;
  readonly json?: boolean;
}

async function triggerCommand(api: ApiClient, name: string, { at, overlap, param, note, json }: TriggerOptions, say: Say): Promise<number> {
  const parameters = await parametersFor(api, name, param);
  const body = {
    ...(at !== undefined && { nominal_time: at }),
    ...(overlap !== undefined && { overlap }),
    ...(parameters && { parameters }),
    ...(note !== undefined && { note }),
  };
  const { body: fire } = await api.ask<Fire>('POST', `${schedulePath(name)}/trigger`, { body });
  say(json ? JSON.stringify(fire) : fireLine(fire));
  return EXIT.completed;
}

interface FiresOptions {
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
  readonly json?: boolean;
}

async function firesCommand(api: ApiClient, name: string, { limit, json, ...filter }: FiresOptions, say: Say): Promise<number> {
  for await (const page of pagesOf<Fire>(api, `${schedulePath(name)}/fires`, { ...filter }, wholeNumber('--limit', limit))) {
    if (json) say(JSON.stringify(page));
    else for (const fire of page.items) say(fireLine(fire));
  }
  return EXIT.completed;
}

const fireLine = ({ nominal_at, nominal_local, again, trigger, status, reason, message, run }: Fire): string => {
  const what = run ? `#${run.number ?? '?'} ${run.status ?? 'deleted'}` : [reason, message].filter((word) => word !== null).join(': ');
  const which = again > 0 ? `${trigger} again` : trigger;
  return `${(nominal_local ?? nominal_at).padEnd(25)} ${status.padEnd(8)} ${which.padEnd(10)} ${what}`.trimEnd();
};
