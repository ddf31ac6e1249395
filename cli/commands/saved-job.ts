import type { JobView } from '#api/views/job.ts';
import type { ApiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../whole-number.ts';

/** A version of a job as a person names it; the current one when neither is given. */
export interface VersionOptions {
  readonly version?: string;
  readonly tag?: string;
}

/** A job at the version that was asked for; refused when there is none. */
export async function savedVersion(api: ApiClient, job: string, { version, tag }: VersionOptions): Promise<JobView> {
  const path = `/jobs/${encodeURIComponent(job)}`;
  const at = version === undefined ? tag && (await taggedVersion(api, job, tag)) : wholeNumber('--version', version);
  return (await api.ask<JobView>('GET', at ? `${path}/versions/${at}` : path)).body;
}

async function taggedVersion(api: ApiClient, job: string, tag: string): Promise<number> {
  interface Tags {
    readonly items: readonly { readonly tag: string; readonly version: number }[];
  }
  const { body } = await api.ask<Tags>('GET', `/jobs/${encodeURIComponent(job)}/tags`);
  const found = body.items.find((one) => one.tag === tag);
  if (!found) throw new CommandFailed(EXIT.not_found, `no tag ${tag} on a version of job ${job}`);
  return found.version;
}

/** A job after its text was saved. */
export interface SavedJob {
  readonly job: JobView;
  readonly what: 'created' | 'updated' | 'unchanged';
}

/** Creates the job that a text defines, or makes the text its next version; one that says the same stays as it is. */
export async function saveJob(api: ApiClient, text: string, message?: string): Promise<SavedJob> {
  const { body: checked } = await api.ask<{ name: string }>('POST', '/jobs/validate', { yaml: text });
  const path = `/jobs/${encodeURIComponent(checked.name)}`;
  const note = message === undefined ? '' : `?message=${encodeURIComponent(message)}`;
  const current = await api.ask<JobView>('GET', path, { accept: [404] });
  if (current.status === 404) return { job: (await api.ask<JobView>('POST', `/jobs${note}`, { yaml: text })).body, what: 'created' };
  const { body: job } = await api.ask<JobView>('PUT', `${path}${note}`, { yaml: text, headers: { 'if-match': current.etag ?? '*' } });
  return { job, what: job.version === current.body.version ? 'unchanged' : 'updated' };
}
