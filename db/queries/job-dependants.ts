import type { JobDefinition } from '#jobs/definition.ts';
import { type Dependence, jobReferences } from '#jobs/references.ts';
import type { Queryable } from '../client.ts';

/** A job whose current version names another, and the ways it does. */
export interface JobDependant {
  readonly name: string;
  readonly how: readonly Dependence[];
}

/** The jobs that would miss this one, by name. Of those whose definition holds the name at all, every current version is read. */
export const jobDependants = async (sql: Queryable, project: string, name: string): Promise<readonly JobDependant[]> => {
  const rows = await sql<{ name: string; definition: JobDefinition }[]>`
    select j.name, v.definition from jobs j join job_versions v on v.job_id = j.id and v.version = j.version
    where j.project = ${project} and j.deleted_at is null and j.name <> ${name} and strpos(v.definition::text, ${JSON.stringify(name)}) > 0
    order by j.name`;
  return rows.flatMap(({ name: dependant, definition }) => {
    const ways = jobReferences(definition).flatMap(({ job, how }) => (job === name ? [how] : []));
    return ways.length > 0 ? [{ name: dependant, how: [...new Set(ways)] }] : [];
  });
};

/** Runs of a job that have not ended, newest first, at most `limit`. Served by runs_job. */
export const openRunsOf = async (sql: Queryable, project: string, name: string, limit: number): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`
    select id from runs where project = ${project} and job = ${name} and ended_at is null order by id desc limit ${limit}`;
  return rows.map(({ id }) => id);
};
