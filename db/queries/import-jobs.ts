import type { Audit } from '../audit.ts';
import type { Sql, Transaction } from '../client.ts';
import { type JobChange, type LockedJob, lockJobs, saveJobsIn } from './save-job.ts';

/** What an import would do, decided over the jobs that stand there now. */
export interface JobImportPlan {
  readonly changes: readonly JobChange[];
  /** Something is wrong already: nothing is to be saved. */
  readonly isBad: boolean;
}

/** Saves what `decide` makes of the jobs of these names, all or nothing, unless something is bad; a dry run undoes it. `decide` also hears every name that is taken. Throws NameTaken for one that is made meanwhile. Served by jobs_name. */
export const importJobs = async <Plan extends JobImportPlan>(
  sql: Sql,
  project: string,
  names: readonly string[],
  decide: (existing: ReadonlyMap<string, LockedJob>, taken: ReadonlySet<string>) => Plan,
  dryRun: boolean,
  audit: Audit,
): Promise<{ readonly plan: Plan; readonly isSaved: boolean }> =>
  sql.begin(async (tx) => {
    const existing = await lockJobs(tx, project, names);
    const taken = await tx<{ name: string }[]>`select name from jobs where project = ${project} and deleted_at is null`;
    const plan = decide(existing, new Set(taken.map(({ name }) => name)));
    const isSaved = !dryRun && !plan.isBad;
    if (isSaved) await saveJobsIn(tx, project, plan.changes, audit);
    else if (!plan.isBad) await trySave(tx, project, plan.changes, audit);
    return { plan, isSaved };
  });

/** Saves and undoes it: what a save would refuse, this does. */
const trySave = async (tx: Transaction, project: string, changes: readonly JobChange[], audit: Audit): Promise<void> => {
  const undone = new Error('undone');
  await tx
    .savepoint(async (inner) => {
      await saveJobsIn(inner, project, changes, audit);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
};
