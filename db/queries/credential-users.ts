import type { Queryable } from '../client.ts';

/** Who uses a credential: targets that log in with it, jobs whose current version binds it; `total` counts both. */
export interface CredentialUsers {
  readonly targets: readonly string[];
  readonly jobs: readonly string[];
  readonly total: number;
}

/** Names shown of each kind. */
const SHOWN = 100;

/** The users of these credentials, by name. Targets are served by targets_credential; of jobs, whose steps bind `credential.field`, every current version is read. */
export const credentialUsers = async (
  sql: Queryable,
  project: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, CredentialUsers>> => {
  const [targets, jobs] = await Promise.all([
    sql<{ credential: string; name: string }[]>`
      select credential, name from targets where project = ${project} and credential = any(${[...names]}::text[]) order by name`,
    sql<{ credential: string; name: string }[]>`
      select distinct bound.credential, j.name
      from jobs j join job_versions v on v.job_id = j.id and v.version = j.version
      cross join lateral jsonb_path_query(v.definition, '$.steps[*].secrets.*') as reference
      cross join lateral (select regexp_replace(reference #>> '{}', '\\.[^.]*$', '')) as bound (credential)
      where j.project = ${project} and j.deleted_at is null and bound.credential = any(${[...names]}::text[])
      order by j.name`,
  ]);
  const of = (rows: readonly { credential: string; name: string }[]) => Map.groupBy(rows, ({ credential }) => credential);
  const [byTarget, byJob] = [of(targets), of(jobs)];
  const shown = (rows: readonly { name: string }[]) => rows.slice(0, SHOWN).map(({ name }) => name);
  return new Map(
    names.map((name) => {
      const [logins, binders] = [byTarget.get(name) ?? [], byJob.get(name) ?? []];
      return [name, { targets: shown(logins), jobs: shown(binders), total: logins.length + binders.length }];
    }),
  );
};
