import { getTagged, sendTagged } from '../../api/client.ts';
import type { JobView } from '../../api/views.ts';

/** A job as it stands at the server, and the tag that a change of it must match. */
export interface Base {
  readonly text: string;
  readonly tag: string | null;
  readonly version: number;
}

/** What the server has of a job now. */
export async function readBase(name: string): Promise<Base> {
  const { value, tag } = await getTagged<JobView>(`/jobs/${encodeURIComponent(name)}`);
  return { text: value.source, tag, version: value.version };
}

interface Saving {
  readonly source: string;
  readonly message: string;
  /** Null makes a new job. */
  readonly name: string | null;
  readonly tag: string | null;
  readonly key: string;
}

/** Saves a definition as the next version of its job, or as a job of its own, and says which state it is in then; throws a problem 412 when somebody else has saved since. */
export const save = async ({ source, message, name, tag: match, key }: Saving) => {
  const body = { source, ...(message.trim() !== '' && { message: message.trim() }) };
  const { value, tag } = await (name === null
    ? sendTagged<Saved>('POST', '/jobs', body, key)
    : sendTagged<Saved>('PUT', `/jobs/${encodeURIComponent(name)}`, body, key, { ifMatch: match }));
  return { job: value, tag };
};

type Saved = JobView & { readonly is_new_version?: boolean };
