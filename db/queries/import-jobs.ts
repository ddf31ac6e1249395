import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { saveOnce } from './change-once.ts';
import { type JobChange, type LockedJob, lockJobs, saveJobsIn } from './save-job.ts';
import type { OwnedKey } from './take-key.ts';

/** What an import would do, decided over the jobs that stand there now. */
export interface JobImportPlan<Report> {
  readonly changes: readonly JobChange[];
  /** Something is wrong already: nothing is to be saved. */
  readonly isBad: boolean;
  /** What is told of it. */
  readonly report: Report;
}

/** Saves what `decide` makes of the jobs of these names, all or nothing, unless something is bad; a dry run undoes it. `decide` also hears every name that is taken. One that was saved under this key is told of again. Throws NameTaken for one that is made meanwhile. Served by jobs_name. */
export const importJobs = async <Report extends object>(
  sql: Sql,
  project: string,
  names: readonly string[],
  decide: (existing: ReadonlyMap<string, LockedJob>, taken: ReadonlySet<string>) => JobImportPlan<Report>,
  dryRun: boolean,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<{ readonly report: Report; readonly isSaved: boolean }> =>
  saveOnce(sql, dryRun ? null : key, async (tx) => {
    const existing = await lockJobs(tx, project, names);
    const taken = await tx<{ name: string }[]>`select name from jobs where project = ${project} and deleted_at is null`;
    const plan = decide(existing, new Set(taken.map(({ name }) => name)));
    // Also a dry run finds what only the save itself does.
    if (!plan.isBad) await saveJobsIn(tx, project, plan.changes, audit);
    return { report: plan.report, isSaved: !plan.isBad && !dryRun };
  });
