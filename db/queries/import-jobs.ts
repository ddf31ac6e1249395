import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { changeOnce } from './change-once.ts';
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

/** Undoes an import that is not to be saved, with its key. */
class NotSaved<Report> extends Error {
  readonly report: Report;

  constructor(report: Report) {
    super('not saved');
    this.report = report;
  }
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
  changeOnce(sql, dryRun ? null : key, async (tx) => {
    const existing = await lockJobs(tx, project, names);
    const taken = await tx<{ name: string }[]>`select name from jobs where project = ${project} and deleted_at is null`;
    const plan = decide(existing, new Set(taken.map(({ name }) => name)));
    if (plan.isBad) throw new NotSaved(plan.report);
    await saveJobsIn(tx, project, plan.changes, audit);
    if (dryRun) throw new NotSaved(plan.report);
    return { report: plan.report, isSaved: true };
  }).catch((error: unknown) => {
    if (error instanceof NotSaved) return { report: error.report as Report, isSaved: false };
    throw error;
  });
