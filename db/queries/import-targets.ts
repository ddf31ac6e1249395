import type { Problem } from '#jobs/problem.ts';
import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { TargetRow } from '../schema/targets.ts';
import { saveOnce } from './change-once.ts';
import { lockInventory, saveTargetsIn, type TargetChange } from './save-target.ts';
import type { OwnedKey } from './take-key.ts';
import { referenceProblems } from './target-references.ts';

/** What an import would do, decided over the targets that stand there now. */
export interface TargetImportPlan<Item> {
  readonly changes: readonly TargetChange[];
  /** Something is wrong already: nothing is to be saved. */
  readonly isBad: boolean;
  /** What is told of each. */
  readonly items: readonly Item[];
}

/**
 * Saves what `decide` makes of the targets of these names, all or nothing, in one transaction with one audit entry each. Answers what the changes
 * refer to in vain, which keeps all of them from being saved, as does `dryRun`. What was saved under this key is told of again; throws
 * IdempotencyConflict. Served by targets_name.
 */
export const importTargets = <Item>(
  sql: Sql,
  project: string,
  names: readonly string[],
  decide: (existing: ReadonlyMap<string, TargetRow>) => TargetImportPlan<Item>,
  dryRun: boolean,
  audit: Audit,
  key: OwnedKey | null,
): Promise<{ readonly report: { readonly items: readonly Item[]; readonly problems: readonly Problem[] }; readonly isSaved: boolean }> =>
  saveOnce(sql, dryRun ? null : key, async (tx) => {
    await lockInventory(tx, project);
    const rows = await tx<TargetRow[]>`select * from targets where project = ${project} and name = any(${[...names]}::text[])
      order by name for update`;
    const plan = decide(new Map(rows.map((row) => [row.name, row])));
    const problems = await referenceProblems(tx, project, plan.changes);
    const isSaved = !dryRun && !plan.isBad && problems.length === 0;
    if (isSaved) await saveTargetsIn(tx, project, plan.changes, audit);
    return { report: { items: plan.items, problems }, isSaved };
  });
