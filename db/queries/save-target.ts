import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { TargetRow } from '../schema/targets.ts';
import { deleteVersioned, saveVersioned, type VersionedTable } from '../versioned.ts';

/** What of a target can be set; the rest is ours. */
export type TargetValues = Omit<TargetRow, 'id' | 'project' | 'version' | 'created_at' | 'created_by' | 'updated_at' | 'updated_by'>;

const TARGETS: VersionedTable<TargetRow> = { table: 'targets', kind: 'target', owned: true, shown: (target) => target };

/** Creates a target (`expected` null) or changes it from that version. Throws NameTaken, NotFound, VersionConflict. */
export const saveTarget = (sql: Sql, project: string, target: TargetValues, expected: number | null, audit: Audit): Promise<TargetRow> =>
  saveVersioned(sql, TARGETS, project, { ...target }, expected, audit);

/** Deletes a target; steps that name it fail from then on. Throws NotFound, VersionConflict. */
export const deleteTarget = (sql: Sql, project: string, name: string, expected: number | null, audit: Audit): Promise<void> =>
  deleteVersioned(sql, TARGETS, project, name, expected, audit);
