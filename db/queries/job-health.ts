import type { JobDefinition } from '#jobs/definition.ts';
import type { HealthReport, Surroundings } from '#jobs/health.ts';
import type { SelectableTarget } from '#jobs/select-targets.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { notify } from '../notices.ts';

/** What there is today of what definitions of this project name. */
export const readSurroundings = async (sql: Queryable, project: string): Promise<Surroundings> => {
  const [targets, credentials, jobs] = await Promise.all([
    sql<SelectableTarget[]>`select name, kind, tags, attributes, enabled from targets where project = ${project} order by name`,
    sql<{ name: string; kind: string }[]>`select name, kind from credentials where project = ${project}`,
    sql<{ name: string; active: boolean; version: number; version_tags: readonly string[] }[]>`
      select name, active, version, array(select tag from job_tags where job_id = jobs.id) as version_tags
      from jobs where project = ${project} and deleted_at is null`,
  ]);
  return { targets, credentials, jobs };
};

/** A job's current version, as the check of its health needs it. */
export interface CurrentDefinition {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly version: number;
  readonly definition: JobDefinition;
}

/** The current versions of all jobs of a project in the order of their ids, after one; those in the trash are left out. Served by the primary keys. */
export const listDefinitions = async (
  sql: Queryable,
  project: string,
  after: string | null,
  limit: number,
): Promise<readonly CurrentDefinition[]> =>
  sql<CurrentDefinition[]>`
    select j.id, j.project, j.name, j.version, v.definition
    from jobs j join job_versions v on v.job_id = j.id and v.version = j.version
    where j.project = ${project} and j.deleted_at is null ${after === null ? sql`` : sql`and j.id > ${after}`}
    order by j.id limit ${limit}`;

/** How one job was found at one of its versions. */
export interface FoundHealth extends HealthReport {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

/** Keeps how jobs were found; one that was saved meanwhile stays as it is. Served by the primary key. */
export const recordHealth = async (sql: Queryable, found: readonly FoundHealth[]): Promise<void> => {
  const rows = found.map(({ id, version, health, findings }) => ({ id, version, health, health_findings: findings }));
  const changed = await sql<{ name: string }[]>`
    with found as (select * from jsonb_populate_recordset(null::jobs, ${jsonRows(sql, rows)})),
      before as (select jobs.id, jobs.health from jobs join found on found.id = jobs.id),
      kept as (
        update jobs set health = found.health, health_findings = found.health_findings, health_checked_at = now()
        from found where jobs.id = found.id and jobs.version = found.version and jobs.deleted_at is null returning jobs.id, jobs.name, jobs.health)
    select kept.name from kept join before on before.id = kept.id where before.health is distinct from kept.health`;
  if (changed.length > 0) await notify(sql, { jobs: changed.map(({ name }) => name) });
};
