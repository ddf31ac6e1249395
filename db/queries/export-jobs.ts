import type { Queryable } from '../client.ts';
import type { JobVersionRow } from '../schema/jobs.ts';

/** A job as an export carries it: its current version. */
export type ExportedJob = Pick<JobVersionRow, 'version' | 'source' | 'format' | 'message'> & { readonly name: string };

/** Jobs read at a time: each text may have 256 KiB. */
const PAGE = 25;

/** The current versions of the jobs of these names, or of all, by name; read page by page, so that no more than one stands in memory. Served by jobs_name. */
export async function* exportJobs(sql: Queryable, project: string, names: readonly string[] | null): AsyncGenerator<ExportedJob> {
  let after = '';
  for (;;) {
    const page: readonly ExportedJob[] = await sql<ExportedJob[]>`
      select j.name, v.version, v.source, v.format, v.message
      from jobs j join job_versions v on v.job_id = j.id and v.version = j.version
      where j.project = ${project} and j.deleted_at is null and j.name > ${after}
        ${names === null ? sql`` : sql`and j.name = any(${[...names]}::text[])`}
      order by j.name limit ${PAGE}`;
    yield* page;
    after = page.at(-1)?.name ?? '';
    if (page.length < PAGE) return;
  }
}

/** Those of these names that no job has. Served by jobs_name. */
export const missingJobs = async (sql: Queryable, project: string, names: readonly string[]): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    select name from jobs where project = ${project} and deleted_at is null and name = any(${[...names]}::text[])`;
  return names.filter((name) => !rows.some((row) => row.name === name));
};
