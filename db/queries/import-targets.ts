import type { Problem } from '#jobs/problem.ts';
import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { TargetRow } from '../schema/targets.ts';
import { lockInventory, saveTargetsIn, type TargetChange } from './save-target.ts';
import { referenceProblems } from './target-references.ts';

/** What an import would do, decided over the targets that stand there now. */
export interface ImportPlan {
  readonly changes: readonly TargetChange[];
  /** Something is wrong already: nothing is to be saved. */
  readonly isBad: boolean;
}

/**
 * Saves what `decide` makes of the targets of these names, all or nothing, in one transaction with one audit entry each. Answers what the changes
 * refer to in vain, which keeps all of them from being saved, as does `dryRun`. Served by targets_name.
 */
export const importTargets = async <Plan extends ImportPlan>(
  sql: Sql,
  project: string,
  names: readonly string[],
  decide: (existing: ReadonlyMap<string, TargetRow>) => Plan,
  dryRun: boolean,
  audit: Audit,
): Promise<{ readonly plan: Plan; readonly problems: readonly Problem[]; readonly isSaved: boolean }> =>
  sql.begin(async (tx) => {
    await lockInventory(tx, project);
    const rows = await tx<TargetRow[]>`select * from targets where project = ${project} and name = any(${[...names]}::text[])
      order by name for update`;
    const plan = decide(new Map(rows.map((row) => [row.name, row])));
    const problems = await referenceProblems(tx, project, plan.changes);
    const isSaved = !dryRun && !plan.isBad && problems.length === 0;
    if (isSaved) await saveTargetsIn(tx, project, plan.changes, audit);
    return { plan, problems, isSaved };
  });
