import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { HostKey, TargetRow } from '../schema/targets.ts';
import { saveVersioned } from '../versioned.ts';
import { changeOnce } from './change-once.ts';
import { TARGETS } from './save-target.ts';
import type { OwnedKey } from './take-key.ts';

/**
 * Gives targets other host keys, in one transaction with an entry in the audit for each that changes; `change` answers null for one that stays as it
 * is; answers which changed. `names` null means every target. Once for a key; throws IdempotencyConflict. Served by targets_name.
 */
export const changeHostKeys = async (
  sql: Sql,
  project: string,
  names: readonly string[] | null,
  change: (target: TargetRow) => readonly HostKey[] | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<readonly string[]> =>
  changeOnce(sql, key, async (tx) => {
    const rows = await tx<TargetRow[]>`
      select * from targets where project = ${project} ${names === null ? tx`` : tx`and name = any(${[...names]}::text[])`}
      order by name for update`;
    const changed: string[] = [];
    for (const row of rows) {
      const host_keys = change(row);
      if (host_keys === null) continue;
      await saveVersioned(tx, TARGETS, project, { name: row.name, host_keys }, row.version, audit);
      changed.push(row.name);
    }
    return changed;
  });
