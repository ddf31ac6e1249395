import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { JobView } from '#api/views/job.ts';
import type { RunView } from '#api/views/run.ts';
import type { StepView } from '#api/views/step.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { parseParameters, readParameters } from '../parameters.ts';
import { runId } from '../run-reference.ts';
import { checkWatching, type Screen, watchRun } from '../watch-run.ts';
import { wholeNumber } from '../whole-number.ts';
import type { CommandGroup } from './command-group.ts';
import { type InputOptions, inputsOf, type RunOptions, started } from './run.ts';
import { savedVersion, type VersionOptions } from './saved-job.ts';

type Say = (line: string) => void;

/** What is done with runs under way, and with those that have ended. */
export function addSteeringCommands(program: Command, { api, say, finish, screen, collect }: CommandGroup): void {
  program
    .command('cancel <run>')
    .description('ask a run to stop')
    .option('--reason <text>', 'kept with the run')
    .option('--force', 'end also what it does to clean up')
    .action((run: string, options: CancelOptions) => finish(cancelCommand(api(), run, options, say)));
  for (const [move, what] of [
    ['pause', 'start no further step of a run'],
    ['resume', 'let a paused run go on'],
  ] as const) {
    program
      .command(`${move} <run>`)
      .description(what)
      .option('--reason <text>', 'kept with the run')
      .action((run: string, { reason }: { reason?: string }) => finish(moveCommand(api(), run, move, reason, say)));
  }
  program
    .command('approve <run> [step]')
    .description('approve what a run waits for, or reject it')
    .option('--reject', 'reject it')
    .option('--form <name=value>', 'a field of the form; may be given many times', collect, [])
    .option('--form-file <file>', 'the form, YAML or JSON')
    .option('--comment <text>', 'kept with the answer')
    .action((run: string, step: string | undefined, options: ApproveOptions) => finish(approveCommand(api(), run, step, options, say)));
  program
    .command('retry <run> [step]')
    .description('start the run anew; with a step, execute that step again in the waiting run')
    .option('--failed-targets', 'steps on several targets only where they have not completed')
    .option('--config-file <file>', 'of a step: config fields in place of its own, YAML or JSON')
    .option('-f, --follow', 'stay until the run ends')
    .option('--timeout <duration>', 'with --follow: longest stay')
    .option('--json', 'the API’s own answer')
    .action((run: string, step: string | undefined, options: RetryOptions) => finish(retryCommand(api(), run, step, options, screen)));
  program
    .command('rerun <run>')
    .description('start the run anew from some of its steps, keeping what the others found')
    .option('--from <steps>', 'steps to run again, with commas between, and all that depends on them; else what had not completed')
    .option('--failed-items', 'steps in parts keep those that completed')
    .option('--version <number>', 'of another version of the job')
    .option('--tag <name>', 'of the version with this tag')
    .option('-p, --param <name=value>', 'instead of that of the run; may be given many times', collect, [])
    .option('--params-file <file>', 'parameters, YAML or JSON')
    .option('--reason <text>', 'kept with the run')
    .option('-f, --follow', 'stay until the run ends')
    .option('--timeout <duration>', 'with --follow: longest stay')
    .option('--json', 'the API’s own answer')
    .action((run: string, options: RerunOptions) => finish(rerunCommand(api(), run, options, screen)));
}

interface CancelOptions {
  readonly reason?: string;
  readonly force?: boolean;
}

async function cancelCommand(api: ApiClient, run: string, { reason, force }: CancelOptions, say: Say): Promise<number> {
  await api.ask('POST', `/runs/${await runId(api, run)}/cancel`, { body: { ...(reason && { reason }), ...(force && { force }) } });
  say(`${run}: asked to stop`);
  return EXIT.completed;
}

async function moveCommand(api: ApiClient, run: string, move: 'pause' | 'resume', reason: string | undefined, say: Say): Promise<number> {
  await api.ask('POST', `/runs/${await runId(api, run)}/${move}`, { body: reason ? { reason } : {} });
  say(`${run}: asked to ${move}`);
  return EXIT.completed;
}

interface ApproveOptions {
  readonly reject?: boolean;
  readonly form: readonly string[];
  readonly formFile?: string;
  readonly comment?: string;
}

async function approveCommand(api: ApiClient, run: string, step: string | undefined, options: ApproveOptions, say: Say): Promise<number> {
  const id = await runId(api, run);
  const key = step ?? (await onlyApproval(api, id, run));
  const fields = { ...(options.formFile === undefined ? {} : readParameters(options.formFile)), ...parseParameters(options.form, {}) };
  const form = Object.keys(fields).length > 0 ? fields : null;
  const verb = options.reject ? 'reject' : 'approve';
  await api.ask('POST', `/runs/${id}/steps/${encodeURIComponent(key)}/${verb}`, { body: { form, comment: options.comment ?? null } });
  say(`${run}: ${key} ${options.reject ? 'rejected' : 'approved'}`);
  return EXIT.completed;
}

/** The step that a run waits with, where there is one alone. */
async function onlyApproval(api: ApiClient, id: string, run: string): Promise<string> {
  const { body } = await api.ask<{ items: readonly StepView[] }>('GET', `/runs/${id}/steps`);
  const keys = body.items.filter(({ waiting_for }) => waiting_for === 'approval').map(({ key }) => key);
  const [only] = keys;
  if (only === undefined) throw new CommandFailed(EXIT.conflict, `${run}: no step waits for approval`);
  if (keys.length > 1) throw new CommandFailed(EXIT.usage, `${run}: several steps wait, name one: ${keys.join(', ')}`);
  return only;
}

interface RetryOptions extends Pick<RunOptions, 'follow' | 'timeout' | 'json'> {
  readonly failedTargets?: boolean;
  readonly configFile?: string;
}

/** Starts a new run of the same version and parameters; or, given a step, executes that one again in the run that waits for it. */
async function retryCommand(api: ApiClient, run: string, step: string | undefined, options: RetryOptions, screen: Screen): Promise<number> {
  checkWatching(options);
  const id = await runId(api, run);
  if (step !== undefined) {
    const config = options.configFile === undefined ? undefined : readParameters(options.configFile);
    await api.ask('POST', `/runs/${id}/steps/${encodeURIComponent(step)}/retry`, { body: config ? { config } : {} });
    if (!options.json) screen.out(`${run}: step ${step} runs again\n`);
    if (!options.follow && !options.json) return EXIT.completed;
    const { body } = await api.ask<RunView>('GET', `/runs/${id}`);
    if (options.follow) return watchRun(api, body, options, screen);
    screen.out(`${JSON.stringify(body)}\n`);
    return EXIT.completed;
  }
  const secrets = await inputsOf(await jobOf(api, id), { parameter: [] });
  const body = {
    ...(options.failedTargets && { only: 'failed_targets' }),
    ...(Object.keys(secrets).length > 0 && { parameters: secrets }),
  };
  const again = await api.ask<RunView>('POST', `/runs/${id}/retry`, { body, headers: { 'idempotency-key': randomUUID() } });
  return started(api, again.body, options, screen);
}

interface RerunOptions extends Pick<RunOptions, 'follow' | 'timeout' | 'json' | 'version' | 'tag'> {
  readonly from?: string;
  readonly failedItems?: boolean;
  readonly param: InputOptions['parameter'];
  readonly paramsFile?: string;
  readonly reason?: string;
}

async function rerunCommand(api: ApiClient, run: string, options: RerunOptions, screen: Screen): Promise<number> {
  checkWatching(options);
  const id = await runId(api, run);
  const { from, failedItems, version, tag, reason } = options;
  const job = await jobOf(api, id, options);
  const asked = { parameter: options.param, ...(options.paramsFile !== undefined && { paramsFile: options.paramsFile }) };
  const parameters: JsonObject = await inputsOf(job, asked);
  const body = {
    parameters,
    ...(from && { from: from.split(',').map((step) => step.trim()) }),
    ...(failedItems && { failed_items_only: true }),
    ...(version && { version: wholeNumber('--version', version) }),
    ...(tag && { tag }),
    ...(reason && { reason }),
  };
  const again = await api.ask<RunView>('POST', `/runs/${id}/rerun`, { body, headers: { 'idempotency-key': randomUUID() } });
  return started(api, again.body, options, screen);
}

/** What the run's job asks for; a run of no job asks for nothing. */
async function jobOf(api: ApiClient, id: string, asked: VersionOptions = {}): Promise<Pick<JobView, 'definition'>> {
  const { body: run } = await api.ask<RunView>('GET', `/runs/${id}`);
  const none = { definition: { name: run.job, steps: [] } };
  if (run.job_id === null) return none;
  if (asked.version !== undefined || asked.tag !== undefined) return savedVersion(api, run.job, asked);
  if (run.version === null) return none;
  const job = await api.ask<JobView>('GET', `/jobs/${encodeURIComponent(run.job)}/versions/${run.version}`, { accept: [404] });
  return job.status === 404 ? none : job.body;
}
