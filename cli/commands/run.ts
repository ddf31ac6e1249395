import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { JobView } from '#api/views/job.ts';
import type { RunView } from '#api/views/run.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { ApiClient } from '../api-client.ts';
import { askHidden } from '../ask-hidden.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { askSecrets, parseParameters, readParameters, readText } from '../parameters.ts';
import { targetOf } from '../target-option.ts';
import { checkWatching, type Screen, watchRun } from '../watch-run.ts';
import { wholeNumber } from '../whole-number.ts';
import { savedVersion, saveJob, type VersionOptions } from './saved-job.ts';

/** What a run starts with, as it is typed. */
export interface InputOptions {
  readonly parameter: readonly string[];
  readonly paramsFile?: string;
  readonly target?: string;
}

export interface RunOptions extends InputOptions, VersionOptions {
  readonly follow?: boolean;
  readonly timeout?: string;
  readonly client?: string;
  readonly refNum?: string;
  readonly message?: string;
  readonly priority?: string;
  readonly step?: readonly string[];
  readonly at?: string;
  readonly plan?: string;
  readonly json?: boolean;
}

/** Starts a job by name, or the one a file holds after saving it, and with `--follow` stays until it ends. */
export async function runCommand(api: ApiClient, jobOrFile: string, options: RunOptions, screen: Screen): Promise<number> {
  checkWatching(options);
  const priority = options.priority && wholeNumber('--priority', options.priority);
  const version = options.version && wholeNumber('--version', options.version);
  if (isFile(jobOrFile) && (options.version ?? options.tag) !== undefined)
    throw new CommandFailed(EXIT.usage, 'a file is saved and run as it is; give the name of the job with --version or --tag');
  const job = isFile(jobOrFile) ? (await saveJob(api, readText(jobOrFile))).job : await savedVersion(api, jobOrFile, options);
  const { body: run } = await api.ask<RunView>('POST', `/jobs/${encodeURIComponent(job.name)}/runs`, {
    body: {
      parameters: await inputsOf(job, options),
      ...(options.target && { target: targetOf(options.target) }),
      ...(options.client && { client: options.client }),
      ...(options.refNum && { ref_num: options.refNum }),
      ...(options.message && { message: options.message }),
      ...(priority && { priority }),
      ...(version && { version }),
      ...(options.tag && { tag: options.tag }),
      ...(options.step?.length && { steps: options.step }),
      ...(options.at && { scheduled_for: options.at }),
      ...(options.plan && { plan: options.plan }),
    },
    headers: { 'idempotency-key': randomUUID() },
  });
  return started(api, run, options, screen);
}

/** A path, or a file that is there; else the name of a job. */
const isFile = (word: string): boolean => word.includes('/') || (statSync(word, { throwIfNoEntry: false })?.isFile() ?? false);

/** Says which run was started, and with `follow` stays with it. */
export async function started(
  api: ApiClient,
  run: RunView,
  options: Pick<RunOptions, 'follow' | 'timeout' | 'json'>,
  screen: Screen,
): Promise<number> {
  const quiet = options.json && options.follow;
  if (!quiet) screen.out(`${options.json ? JSON.stringify(run) : lineOfStart(run)}\n`);
  for (const warning of run.warnings ?? []) screen.err(`capstan: warning: ${warning}\n`);
  return options.follow ? watchRun(api, run, options, screen) : EXIT.completed;
}

const lineOfStart = (run: RunView): string => `#${run.number} ${run.job}${run.version === null ? '' : ` v${run.version}`}  ${run.id}`;

/** The parameters a person gives, the secret ones from the environment or asked for. */
export async function inputsOf({ definition }: Pick<JobView, 'definition'>, { parameter, paramsFile }: InputOptions): Promise<JsonObject> {
  const schemas = definition.parameters ?? {};
  const given = { ...(paramsFile === undefined ? {} : readParameters(paramsFile)), ...parseParameters(parameter, schemas) };
  return { ...given, ...(await askSecrets(schemas, given, process.env, process.stdin.isTTY ? askHidden : null)) };
}
