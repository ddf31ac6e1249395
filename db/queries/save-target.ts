import type { Audit } from '../audit.ts';
import type { Queryable, Sql, Transaction } from '../client.ts';
import { InUse } from '../conflicts.ts';
import type { TargetRow } from '../schema/targets.ts';
import { type Deletion, deleteVersioned, saveAllVersioned, type VersionedTable } from '../versioned.ts';
import { changeOnce, doOnce } from './change-once.ts';
import type { OwnedKey } from './take-key.ts';
import { requireReferences } from './target-references.ts';

/** What of a target can be set; the rest is ours. */
export type TargetValues = Omit<TargetRow, 'id' | 'project' | 'version' | 'created_at' | 'created_by' | 'updated_at' | 'updated_by'>;

/** A target to be saved, from which version; null creates it. `pointer` is where it stands in what was sent. */
export interface TargetChange {
  readonly values: TargetValues;
  readonly expected: number | null;
  readonly pointer: string;
}

/** How targets are kept. */
export const TARGETS: VersionedTable<TargetRow> = { table: 'targets', kind: 'target', owned: true, shown: (target) => target };

/** Creates a target (`expected` null) or changes it from that version, once for a key. Throws InvalidInput for names it refers to in vain, NameTaken, NotFound, VersionConflict, IdempotencyConflict. */
export const saveTarget = (
  sql: Sql,
  project: string,
  values: TargetValues,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<TargetRow> =>
  changeOnce(sql, key, async (tx) => {
    const [saved] = await saveTargetsIn(tx, project, [{ values, expected, pointer: '' }], audit);
    return saved as TargetRow;
  });

/** Saves several targets, all or none, as part of a larger change; they may refer to each other in any order. Throws as `saveTarget` does. */
export const saveTargetsIn = async (
  tx: Transaction,
  project: string,
  changes: readonly TargetChange[],
  audit: Audit,
): Promise<readonly TargetRow[]> => {
  await lockInventory(tx, project);
  await requireReferences(tx, project, changes);
  return saveAllVersioned(
    tx,
    TARGETS,
    project,
    changes.map(({ values, expected }) => ({ values: { ...values }, expected })),
    audit,
  );
};

/** Deletes a target with what is known of its health; steps that name it fail from then on. Once for a key; throws NotFound, VersionConflict, InUse when others are reached through it, IdempotencyConflict. */
export const deleteTarget = (sql: Sql, deletion: Deletion, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const { project, name } = deletion;
    await lockInventory(tx, project);
    const users = await tx<{ name: string }[]>`
      select name from targets where project = ${project} and jump = ${name} and name <> ${name} order by name`;
    if (users.length > 0)
      throw new InUse(
        'target',
        name,
        users.map((user) => `target ${user.name} (jump)`),
      );
    await deleteVersioned(tx, TARGETS, deletion);
    await tx`delete from target_checks where project = ${project} and target = ${name}`;
  });

/** Makes changes to what targets and credentials refer to wait for each other, until the transaction ends: a chain of jumps is right only as a whole. */
export const lockInventory = async (tx: Queryable, project: string): Promise<void> => {
  await tx`select pg_advisory_xact_lock(hashtext('inventory'), hashtext(${project}))`;
};
