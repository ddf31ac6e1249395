import type { Command } from 'commander';
import type { z } from 'zod';
import type { LockView } from '#api/views/lock.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { runId } from '../run-reference.ts';
import type { CommandGroup } from './command-group.ts';

type Lock = z.infer<typeof LockView>;

/** `capstan locks …`: who holds what, and who waits. */
export function addLockCommands(program: Command, { api, say, finish }: CommandGroup): void {
  const locks = program.command('locks').description('keys that runs hold, and who waits for them');
  locks
    .command('list', { isDefault: true })
    .description('list them')
    .option('--key <text>', 'only keys that begin so')
    .option('--json', 'the API’s own answer')
    .action((options: { key?: string; json?: boolean }) => finish(listCommand(api(), options, say)));
  locks
    .command('release <key> <run>')
    .description('take a key from the run that holds it and give it to the next')
    .option('--step <key>', 'only what this step of the run holds')
    .option('--reason <text>', 'kept in the audit')
    .action((key: string, run: string, options: { step?: string; reason?: string }) =>
      finish(releaseCommand(api(), key, run, options, say)),
    );
}

async function listCommand(api: ApiClient, { key, json }: { key?: string; json?: boolean }, say: (line: string) => void): Promise<number> {
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(key && { key }), ...(after !== null && { after }) });
    const { body }: { body: { items: Lock[]; next: string | null } } = await api.ask('GET', `/locks?${query}`);
    if (json) say(JSON.stringify(body));
    else for (const lock of body.items) for (const line of linesOf(lock)) say(line);
    after = body.next;
  } while (after !== null);
  return EXIT.completed;
}

function* linesOf({ key, max, holders, waiters, waiting }: Lock): Generator<string> {
  yield `${key}  (${max} at a time)`;
  for (const { number, job, step_key, since } of holders)
    yield `  held by #${number ?? '?'} ${job ?? ''}${step_key ? ` ${step_key}` : ''} since ${since}`;
  for (const { position, number, job, step_key } of waiters)
    yield `  ${position}. #${number ?? '?'} ${job ?? ''}${step_key ? ` ${step_key}` : ''}`;
  if (waiting > waiters.length) yield `  and ${waiting - waiters.length} more wait`;
}

async function releaseCommand(
  api: ApiClient,
  key: string,
  run: string,
  { step, reason }: { step?: string; reason?: string },
  say: (line: string) => void,
): Promise<number> {
  const id = await runId(api, run);
  await api.ask('POST', '/locks/release', { body: { key, run: id, ...(step && { step }), ...(reason && { reason }) } });
  say(`${key}: released`);
  return EXIT.completed;
}
