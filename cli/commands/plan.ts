import type { z } from 'zod';
import type { PlanView } from '#api/views/plan.ts';
import { formatDuration } from '#jobs/duration.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { parseParameters, readParameters } from '../parameters.ts';
import { targetOf } from '../target-option.ts';
import { wholeNumber } from '../whole-number.ts';
import type { InputOptions } from './run.ts';
import { savedVersion, type VersionOptions } from './saved-job.ts';

export interface PlanOptions extends InputOptions, VersionOptions {
  readonly step?: readonly string[];
  readonly json?: boolean;
}
type Plan = z.infer<typeof PlanView>;

/** Prints what a run of a job would do on each target, and the id by which exactly that can be started. Exit code 3 when a step could not run as it is. */
export async function planCommand(api: ApiClient, job: string, options: PlanOptions, say: (line: string) => void): Promise<number> {
  const version = options.version && wholeNumber('--version', options.version);
  const { definition } = await savedVersion(api, job, options);
  const given = {
    ...(options.paramsFile === undefined ? {} : readParameters(options.paramsFile)),
    ...parseParameters(options.parameter, definition.parameters ?? {}),
  };
  const { body } = await api.ask<Plan>('POST', `/jobs/${encodeURIComponent(job)}/plan`, {
    body: {
      parameters: given,
      ...(options.target && { target: targetOf(options.target) }),
      ...(version && { version }),
      ...(options.tag && { tag: options.tag }),
      ...(options.step?.length && { steps: options.step }),
    },
  });
  if (options.json) say(JSON.stringify(body));
  else for (const line of linesOf(body)) say(line);
  return body.steps.some(({ error }) => error !== null) ? EXIT.invalid : EXIT.completed;
}

const RUNS = { yes: '', no: 'not run', later: 'decided at run time' } as const;
const CLOSED = { wait: 'it would wait', fail: 'it would fail', skip: 'it would be skipped' } as const;
const ON = { steps: '', failure: 'after a failure', cancel: 'after a cancel', undo: 'to undo' } as const;

function* linesOf(plan: Plan): Generator<string> {
  const usual = plan.estimate_ms === null ? '' : `, usually ${formatDuration(plan.estimate_ms)}`;
  yield `${plan.job} v${plan.version}${usual}`;
  for (const { key, max } of plan.locks) yield `  holds ${key} (${max} at a time)`;
  for (const step of plan.steps) yield* stepLines(step);
  for (const { step, target, message, on_closed } of plan.closed) yield `${step} on ${target}: shut, ${message} (${CLOSED[on_closed]})`;
  for (const warning of plan.warnings) yield `warning: ${warning}`;
  yield* sinceLast(plan.since_last);
  yield `start exactly this: capstan run ${plan.job} --plan ${plan.id}`;
}

function* stepLines(step: Plan['steps'][number]): Generator<string> {
  const notes = [ON[step.on], RUNS[step.runs], step.why ?? ''].filter((note) => note !== '').join('; ');
  yield `  ${step.id}  ${step.type}${notes ? `  (${notes})` : ''}`;
  if (step.error !== null) yield `    ${step.error}`;
  for (const { key, max } of step.locks) yield `    holds ${key} (${max} at a time)`;
  if (step.rate !== null) yield `    at most ${step.rate}`;
  if (step.parts === null && step.error === null) yield '    how many times is decided at run time';
  for (const part of step.parts ?? []) yield partLine(part);
  const more = (step.parts_total ?? 0) - (step.parts?.length ?? 0);
  if (more > 0) yield `    and ${more} more`;
}

function partLine({ target, item, config, later }: NonNullable<Plan['steps'][number]['parts']>[number]): string {
  const what = [target, item === null ? null : JSON.stringify(item)].filter((word) => word !== null).join(' ');
  return `    ${what ? `${what}: ` : ''}${JSON.stringify(config)}${later.length > 0 ? `  (at run time: ${later.join(', ')})` : ''}`;
}

function* sinceLast(last: Plan['since_last']): Generator<string> {
  if (last === null) return;
  const { number, status, version, parameters, targets } = last;
  if (version === null && parameters.length === 0 && targets.length === 0) yield `same as run #${number}, which ${status}`;
  if (version !== null) yield `since run #${number}: version ${version.before ?? '?'} became ${version.now}`;
  if (parameters.length > 0) yield `since run #${number}: other values of ${parameters.join(', ')}`;
  for (const { step, added, removed } of targets) {
    yield `since run #${number}: ${step}${added.length > 0 ? ` also on ${added.join(', ')}` : ''}${removed.length > 0 ? ` no more on ${removed.join(', ')}` : ''}`;
  }
}
