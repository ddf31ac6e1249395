import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { JobView } from '#api/views/job.ts';
import type { RunView } from '#api/views/run.ts';
import { hasEndedBadly } from '#jobs/run-state.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { parseParameters } from '../parameters.ts';
import { endOf, stepLines } from '../step-lines.ts';
import { targetOf } from '../target-option.ts';

export interface RunOptions {
  readonly parameter: readonly string[];
  readonly follow?: boolean;
  readonly target?: string;
  readonly client?: string;
  readonly refNum?: string;
}

/** Starts a job by name, or the one a file holds after saving it, and with `--follow` stays until it ends. */
export async function runCommand(api: ApiClient, jobOrFile: string, options: RunOptions, say: (line: string) => void): Promise<number> {
  const job = existsSync(jobOrFile)
    ? await saveJob(api, readFileSync(jobOrFile, 'utf8'))
    : (await api.ask<JobView>('GET', `/jobs/${encodeURIComponent(jobOrFile)}`)).body;
  const { body: run } = await api.ask<RunView>('POST', `/jobs/${encodeURIComponent(job.name)}/runs`, {
    body: {
      parameters: parseParameters(options.parameter, job.definition.parameters ?? {}),
      ...(options.target && { target: targetOf(options.target) }),
      ...(options.client && { client: options.client }),
      ...(options.refNum && { ref_num: options.refNum }),
    },
    headers: { 'idempotency-key': randomUUID() },
  });
  say(`#${run.number} ${run.job} v${run.version}  ${run.id}`);
  if (!options.follow) return EXIT.completed;
  const ended = await follow(api, run.id, { step: stepLines(say) });
  say(endOf(ended));
  return hasEndedBadly(ended.status) || ended.status === 'cancelled' ? EXIT.failed : EXIT.completed;
}

/** Creates the job that a text defines, or makes the text its next version; an unchanged one stays as it is. */
async function saveJob(api: ApiClient, text: string): Promise<JobView> {
  const { body: checked } = await api.ask<{ name: string }>('POST', '/jobs/validate', { yaml: text });
  const path = `/jobs/${encodeURIComponent(checked.name)}`;
  const current = await api.ask<JobView>('GET', path, { accept: [404] });
  if (current.status === 404) return (await api.ask<JobView>('POST', '/jobs', { yaml: text })).body;
  return (await api.ask<JobView>('PUT', path, { yaml: text, headers: { 'if-match': current.etag ?? '*' } })).body;
}
