import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { JobView } from '#api/views/job.ts';
import type { RunView } from '#api/views/run.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { ApiClient } from '../api-client.ts';
import { askHidden } from '../ask-hidden.ts';
import { EXIT } from '../exit-codes.ts';
import { askSecrets, parseParameters, readParameters, readText } from '../parameters.ts';
import { targetOf } from '../target-option.ts';
import { type Screen, watchRun } from '../watch-run.ts';
import { saveJob } from './saved-job.ts';

/** What a run starts with, as it is typed. */
export interface InputOptions {
  readonly parameter: readonly string[];
  readonly paramsFile?: string;
  readonly target?: string;
}

export interface RunOptions extends InputOptions {
  readonly follow?: boolean;
  readonly timeout?: string;
  readonly client?: string;
  readonly refNum?: string;
  readonly message?: string;
  readonly priority?: string;
  readonly version?: string;
  readonly tag?: string;
  readonly step?: readonly string[];
  readonly at?: string;
  readonly plan?: string;
  readonly json?: boolean;
}

/** Starts a job by name, or the one a file holds after saving it, and with `--follow` stays until it ends. */
export async function runCommand(api: ApiClient, jobOrFile: string, options: RunOptions, screen: Screen): Promise<number> {
  const job = existsSync(jobOrFile)
    ? (await saveJob(api, readText(jobOrFile))).job
    : (await api.ask<JobView>('GET', `/jobs/${encodeURIComponent(jobOrFile)}`)).body;
  const { body: run } = await api.ask<RunView>('POST', `/jobs/${encodeURIComponent(job.name)}/runs`, {
    body: {
      parameters: await inputsOf(job, options),
      ...(options.target && { target: targetOf(options.target) }),
      ...(options.client && { client: options.client }),
      ...(options.refNum && { ref_num: options.refNum }),
      ...(options.message && { message: options.message }),
      ...(options.priority && { priority: Number(options.priority) }),
      ...(options.version && { version: Number(options.version) }),
      ...(options.tag && { tag: options.tag }),
      ...(options.step?.length && { steps: options.step }),
      ...(options.at && { scheduled_for: options.at }),
      ...(options.plan && { plan: options.plan }),
    },
    headers: { 'idempotency-key': randomUUID() },
  });
  return started(api, run, options, screen);
}

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
