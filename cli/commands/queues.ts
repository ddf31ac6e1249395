import type { Command } from 'commander';
import type { z } from 'zod';
import type { QueueDetail, QueueView } from '#api/views/queue.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandGroup } from './command-group.ts';

type Queue = z.infer<typeof QueueView>;
type Say = (line: string) => void;

/** `capstan queues …`: where steps wait, and whether they are handed out. */
export function addQueueCommands(program: Command, { api, say, finish }: CommandGroup): void {
  const queues = program.command('queues').description('where steps wait until a worker takes them');
  queues
    .command('list', { isDefault: true })
    .description('list them')
    .option('--zone <zone>', 'only those of this time zone')
    .option('--json', 'the API’s own answer')
    .action((options: { zone?: string; json?: boolean }) => finish(listCommand(api(), options, say)));
  queues
    .command('show <queue>')
    .description('what waits in one, by priority, and who serves it')
    .option('--json', 'the API’s own answer, with each minute of the last day')
    .action((queue: string, options: { json?: boolean }) => finish(showCommand(api(), queue, options, say)));
  for (const verb of ['pause', 'resume'] as const) {
    queues
      .command(`${verb} <queue>`)
      .description(verb === 'pause' ? 'hand out nothing more of it; what runs goes on' : 'hand out again what waits')
      .option('--note <text>', 'why')
      .action((queue: string, options: { note?: string }) => finish(steerCommand(api(), verb, queue, options, say)));
  }
}

const pathOf = (queue: string): string => `/queues/${encodeURIComponent(queue)}`;

async function listCommand(api: ApiClient, { zone, json }: { zone?: string; json?: boolean }, say: Say): Promise<number> {
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(zone && { zone }), ...(after !== null && { after }) });
    const { body }: { body: { items: Queue[]; next: string | null } } = await api.ask('GET', `/queues?${query}`);
    if (json) say(JSON.stringify(body));
    else for (const queue of body.items) say(lineOf(queue));
    after = body.next;
  } while (after !== null);
  return EXIT.completed;
}

const lineOf = ({ name, state, depth, oldest_seconds, slots, local_time }: Queue): string => {
  const waits =
    depth === null ? 'Temporal does not answer' : `${depth.total} wait${depth.total > 0 ? `, the first for ${oldest_seconds} s` : ''}`;
  return `${name}  ${state}  ${waits}  ${slotsOf(slots)}${local_time === null ? '' : `  ${local_time}`}`;
};

const slotsOf = ({ used, total, waiting }: Queue['slots']): string =>
  `${used} of ${total} slots${waiting > 0 ? `, ${waiting} about to have one` : ''}`;

async function showCommand(api: ApiClient, name: string, { json }: { json?: boolean }, say: Say): Promise<number> {
  const { body: queue }: { body: z.infer<typeof QueueDetail> } = await api.ask('GET', pathOf(name));
  if (json) {
    say(JSON.stringify(queue));
    return EXIT.completed;
  }
  say(lineOf(queue));
  if (queue.paused) say(`  paused by ${queue.paused.by} since ${queue.paused.at}${queue.paused.note ? `: ${queue.paused.note}` : ''}`);
  if (queue.problem !== null) say(`  ${queue.problem}`);
  for (const { priority, steps, oldest_seconds } of queue.depth?.by_priority ?? [])
    say(`  priority ${priority}: ${steps}, the first for ${oldest_seconds} s`);
  for (const { id, ...slots } of queue.workers) say(`  ${id}: ${slotsOf(slots)}`);
  return EXIT.completed;
}

async function steerCommand(
  api: ApiClient,
  verb: 'pause' | 'resume',
  name: string,
  { note }: { note?: string },
  say: Say,
): Promise<number> {
  const { body: queue }: { body: Queue } = await api.ask('POST', `${pathOf(name)}/${verb}`, { body: note ? { note } : {} });
  say(lineOf(queue));
  return EXIT.completed;
}
