import { parse } from 'yaml';
import type { z } from 'zod';
import type { ScheduleSaved, ScheduleView } from '#api/views/schedule.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { ApiClient } from '../api-client.ts';
import { parseParameters } from '../parameters.ts';
import { savedVersion } from './saved-job.ts';

export type Schedule = z.infer<typeof ScheduleView>;

/** A schedule after its text was saved. */
export interface SavedSchedule {
  readonly schedule: z.infer<typeof ScheduleSaved>;
  readonly what: 'created' | 'updated' | 'unchanged';
}

export const schedulePath = (name: string): string => `/schedules/${encodeURIComponent(name)}`;

/** Whether a text says when a job starts, and not what a job does. */
export function isSchedule(text: string): boolean {
  const value = readFields(text);
  return 'job' in value && !('steps' in value);
}

/** The name that a text gives itself; empty for one that the API has to say something about. */
export function nameIn(text: string): string {
  const { name } = readFields(text);
  return typeof name === 'string' ? name : '';
}

function readFields(text: string): { readonly [field: string]: unknown } {
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Parameters from `name=value` words, each read as the job of a schedule declares it; null where there are none. */
export async function parametersFor(api: ApiClient, schedule: string, words: readonly string[]): Promise<JsonObject | null> {
  if (words.length === 0) return null;
  const { body } = await api.ask<Schedule>('GET', schedulePath(schedule));
  const { version } = body.definition;
  const { definition } = await savedVersion(api, body.job, typeof version === 'number' ? { version: String(version) } : {});
  return parseParameters(words, definition.parameters ?? {});
}

/** Creates the schedule that a text says, or puts the text in place of the one there is. */
export async function saveSchedule(api: ApiClient, text: string): Promise<SavedSchedule> {
  const name = nameIn(text);
  const current = name === '' ? null : await api.ask<Schedule>('GET', schedulePath(name), { accept: [404] });
  if (!current || current.status === 404) {
    const made = await api.ask<SavedSchedule['schedule']>('POST', '/schedules', { yaml: text });
    return { schedule: made.body, what: 'created' };
  }
  const { body: schedule } = await api.ask<SavedSchedule['schedule']>('PUT', schedulePath(name), {
    yaml: text,
    headers: { 'if-match': current.etag ?? '*' },
  });
  return { schedule, what: schedule.version === current.body.version ? 'unchanged' : 'updated' };
}
