import type { JobView } from '#api/views/job.ts';
import type { ApiClient } from '../api-client.ts';

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
