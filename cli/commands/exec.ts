import { randomUUID } from 'node:crypto';
import type { RunView } from '#api/views/run.ts';
import type { StepView } from '#api/views/step.ts';
import type { JsonObject } from '#jobs/json.ts';
import { hasEndedBadly } from '#jobs/run-state.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { targetsOf } from '../target-option.ts';
import { unreadLines } from '../unread-lines.ts';
import type { Screen } from '../watch-run.ts';
import { wholeNumber } from '../whole-number.ts';

export interface ExecOptions {
  readonly target: string;
  readonly device?: boolean;
  readonly maxParallel?: string;
  readonly timeout?: string;
}

/**
 * Runs one command on all targets that a selector means, prints what each of them writes as it comes, and answers 0 when it ended well on all, else
 * the highest exit code; 1 where there is none. An interrupt cancels the run, and its end is still awaited.
 */
export async function execCommand(api: ApiClient, words: readonly string[], options: ExecOptions, screen: Screen): Promise<number> {
  const definition = definitionOf(words.join(' '), options);
  const { body: run } = await api.ask<RunView>('POST', '/runs', { body: { definition }, headers: { 'idempotency-key': randomUUID() } });
  screen.onInterrupt(() => {
    screen.err(`capstan: asking run #${run.number} to stop\n`);
    api.ask('POST', `/runs/${run.id}/cancel`, { body: { reason: 'interrupted at the command line' } }).catch((error: unknown) => {
      screen.err(`capstan: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  });

  const parts = new Map<string, StepView>();
  const print = linePrinter(api, run.id, parts, screen);
  const ended = await follow(api, run.id, {
    step: (step) => {
      if (step.parent_key !== null) parts.set(step.key, step);
    },
    log: print,
  });
  const bad = [...parts.values()].filter(({ status }) => status !== 'completed');
  for (const { target, status, error } of bad) screen.err(`${target}: ${error?.message ?? status}\n`);
  if (ended.error_message !== null) screen.err(`capstan: run #${run.number}: ${ended.error_message}\n`);
  const codes = bad.flatMap(({ exit_code }) => (exit_code === null ? [] : [exit_code]));
  return hasEndedBadly(ended.status) || ended.status === 'cancelled' ? Math.max(EXIT.failed, ...codes) : EXIT.completed;
}

function definitionOf(command: string, { target, device = false, maxParallel, timeout }: ExecOptions): JsonObject {
  if (command.includes('${{')) throw new CommandFailed(EXIT.usage, 'the command holds ${{, which Capstan would read as an expression');
  const step = device ? { type: 'device.command', config: { commands: [command] } } : { type: 'ssh.exec', config: { command } };
  return {
    name: 'exec',
    title: command.slice(0, 200),
    steps: [
      {
        id: 'exec',
        ...step,
        target: targetsOf(target) as JsonObject,
        ...(maxParallel !== undefined && { max_parallel: wholeNumber('--max-parallel', maxParallel) }),
        ...(timeout !== undefined && { timeout }),
      },
    ],
  };
}

/** Prints what a part has written since, each line behind the name of its target. */
function linePrinter(api: ApiClient, run: string, parts: ReadonlyMap<string, StepView>, { out, err }: Screen) {
  const unread = unreadLines(api, run);
  return async (key: string): Promise<void> => {
    for await (const { stream, text } of unread(key)) {
      if (stream === 'system') continue;
      const name = parts.get(key)?.target ?? (await targetOf(api, run, key));
      (stream === 'stderr' ? err : out)(`${name} | ${text}\n`);
    }
  };
}

/** A part may write before it was heard of. */
async function targetOf(api: ApiClient, run: string, key: string): Promise<string> {
  const { items } = (await api.ask<{ items: StepView[] }>('GET', `/runs/${run}/steps`)).body;
  return items.find((step) => step.key === key)?.target ?? key;
}
