import { z } from 'zod';
import { listJobTags } from '#db/queries/job-tags.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';

/** How a request names a version of a job: by number or by tag. */
export const VERSION = {
  version: z.int().min(1).max(2_147_483_647).nullable().default(null).meta({ description: 'the current one when absent' }),
  tag: z.string().min(1).max(200).nullable().default(null).meta({ description: 'or the version that this tag stands for now' }),
};

/** The version of a job that was asked for, by number or by tag; null when neither was. Throws 404 for a tag that the job does not have. */
export async function versionAsked(
  { database }: Services,
  job: string,
  { version, tag }: { readonly version: number | null; readonly tag: string | null },
): Promise<number | null> {
  if (tag === null) return version;
  if (version !== null) throw new InvalidInput([errorAt('/tag', 'give either a version or a tag')]);
  const found = (await listJobTags(database.sql, PROJECT, job)).find((one) => one.tag === tag);
  if (!found) throw notFound(`no tag ${tag} on a version of a job ${job}`);
  return found.version;
}
