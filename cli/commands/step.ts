import type { Command } from 'commander';
import type { z } from 'zod';
import type { SurgeryReport } from '#api/views/step-surgery.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { readParameters } from '../parameters.ts';
import { runId } from '../run-reference.ts';
import type { CommandGroup } from './command-group.ts';

type Say = (line: string) => void;

/** `capstan step …`: one step of a run under way. */
export function addStepCommands(program: Command, { api, say, finish }: CommandGroup): void {
  const step = program.command('step').description('operate on one step of a run under way');
  step
    .command('skip <run> <step>')
    .description('skip a step that waits or has not started; those that need it go on')
    .option('--outputs-file <file>', 'what later steps see of it, YAML or JSON')
    .option('--reason <text>', 'kept with the step')
    .action((run: string, key: string, options: SkipOptions) => finish(skipCommand(api(), run, key, options, say)));
  step
    .command('cancel <run> <step>')
    .description('end one step; the run goes on as after a failure of it')
    .option('--reason <text>', 'kept with the step')
    .action((run: string, key: string, options: { reason?: string }) => finish(moveCommand(api(), run, key, 'cancel', options, say)));
  for (const [operation, about] of [
    ['pause', 'interrupt a step and let no further attempt begin'],
    ['resume', 'let a paused step go on'],
    ['reset', 'interrupt a step and begin it again with all its attempts'],
  ] as const) {
    const command = step.command(`${operation} <run> <step>`).description(about).requiredOption('--reason <text>', 'kept in the audit');
    if (operation !== 'resume') command.option('--force', 'also a step that must not be executed twice; it then ends as lost');
    command.action((run: string, key: string, options: { reason: string; force?: boolean }) =>
      finish(operate(api(), run, key, ['POST', operation], options, say)),
    );
  }
  step
    .command('set <run> <step>')
    .description('change time and attempts of a step while it runs')
    .option('--timeout <duration>', 'longest execution, the one under way included')
    .option('--attempts <count>', 'executions, those so far included')
    .option('--delay <duration>', 'before the second execution')
    .option('--backoff <factor>', 'by which each further wait is longer')
    .option('--max-delay <duration>', 'longest wait')
    .option('--heartbeat <duration>', 'how long the worker may be silent')
    .requiredOption('--reason <text>', 'kept in the audit')
    .action((run: string, key: string, options: SetOptions) =>
      finish(operate(api(), run, key, ['PATCH', 'options'], changeOf(options), say)),
    );
}

interface SkipOptions {
  readonly outputsFile?: string;
  readonly reason?: string;
}

interface SetOptions {
  readonly timeout?: string;
  readonly attempts?: string;
  readonly delay?: string;
  readonly backoff?: string;
  readonly maxDelay?: string;
  readonly heartbeat?: string;
  readonly reason: string;
}

function changeOf({ attempts, backoff, maxDelay, ...rest }: SetOptions): object {
  const number = (option: string, text: string): number => {
    if (Number.isFinite(Number(text))) return Number(text);
    throw new CommandFailed(EXIT.usage, `--${option} ${text}: expected a number`);
  };
  return {
    ...rest,
    ...(attempts !== undefined && { attempts: number('attempts', attempts) }),
    ...(backoff !== undefined && { backoff: number('backoff', backoff) }),
    ...(maxDelay !== undefined && { max_delay: maxDelay }),
  };
}

const pathOf = async (api: ApiClient, run: string, key: string): Promise<string> =>
  `/runs/${await runId(api, run)}/steps/${encodeURIComponent(key)}`;

async function skipCommand(api: ApiClient, run: string, key: string, { outputsFile, reason }: SkipOptions, say: Say): Promise<number> {
  const outputs = outputsFile === undefined ? undefined : readParameters(outputsFile);
  return moveCommand(api, run, key, 'skip', { ...(outputs && { outputs }), ...(reason && { reason }) }, say);
}

async function moveCommand(api: ApiClient, run: string, key: string, move: 'skip' | 'cancel', body: object, say: Say): Promise<number> {
  await api.ask('POST', `${await pathOf(api, run, key)}/${move}`, { body });
  say(`${run}: ${key}: asked to ${move}`);
  return EXIT.completed;
}

async function operate(
  api: ApiClient,
  run: string,
  key: string,
  [method, operation]: readonly ['POST' | 'PATCH', string],
  body: object,
  say: Say,
): Promise<number> {
  const answer = await api.ask<z.infer<typeof SurgeryReport>>(method, `${await pathOf(api, run, key)}/${operation}`, { body });
  for (const one of answer.body.items) say(JSON.stringify(one));
  return EXIT.completed;
}
