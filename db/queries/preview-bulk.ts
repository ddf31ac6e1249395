import { MOST_BULK_ITEMS } from '#jobs/bulk.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Transaction } from '../client.ts';
import { runsMatching } from './bulk-subjects.ts';
import type { RunsWanted } from './runs-wanted.ts';

/** Runs of the same status, job and version that an operation would be done to. */
export interface BulkGroup {
  /** Null: there is no such run. */
  readonly status: RunStatus | null;
  readonly standing: 'on' | 'off' | 'in_trash';
  /** A parameter of the version they ran that is secret, and would have to be given anew. */
  readonly secret: string | null;
  /** There is a version, or a definition of their own, that a retry can follow. */
  readonly followed: boolean;
  readonly runs: number;
  /** The number of one of them. */
  readonly example: number | null;
}

/**
 * What an operation would be done to, in groups; `more` when there are more than one operation may have. Served by the indexes of its filters and by
 * primary keys.
 */
export const groupSubjects = async (
  tx: Transaction,
  project: string,
  chosen: readonly string[] | RunsWanted,
): Promise<{ readonly groups: readonly BulkGroup[]; readonly more: boolean }> => {
  const groups = await tx<BulkGroup[]>`
    with wanted as materialized (${runsMatching(tx, project, chosen)}),
    grouped as (
      select r.status, r.job_id, r.version, count(*) as runs, min(r.number) as example,
        bool_or(r.job_id is null and exists (select from run_inputs i where i.run_id = r.id and i.definition is not null)) as own
      from wanted w left join runs r on r.id = w.subject::uuid and r.project = ${project}
      group by 1, 2, 3
    )
    select g.status, g.runs, g.example,
      case when g.job_id is null then 'on' when j.id is null or j.deleted_at is not null then 'in_trash' when j.active then 'on' else 'off' end as standing,
      (select p.key from jsonb_each(v.definition -> 'parameters') p where p.value -> 'secret' = 'true' limit 1) as secret,
      g.own or v.job_id is not null as followed
    from grouped g left join jobs j on j.id = g.job_id left join job_versions v on v.job_id = g.job_id and v.version = g.version`;
  return { groups, more: groups.reduce((sum, { runs }) => sum + runs, 0) > MOST_BULK_ITEMS };
};
