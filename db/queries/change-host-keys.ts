import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { HostKey, TargetRow } from '../schema/targets.ts';
import { saveVersioned } from '../versioned.ts';
import { changeOnce } from './change-once.ts';
import { TARGETS } from './save-target.ts';
import type { OwnedKey } from './take-key.ts';

/** The keys that a target was given. */
export interface AddedKeys {
  readonly target: string;
  readonly added: HostKey[];
}

/**
 * Gives targets other host keys, in one transaction with an entry in the audit for each that changes; `change` answers null for one that stays as it
 * is; answers which changed, with the keys they did not hold before. `names` null means every target. Once for a key; throws IdempotencyConflict. Served by targets_name.
 */
export const changeHostKeys = async (
  sql: Sql,
  project: string,
  names: readonly string[] | null,
  change: (target: TargetRow) => readonly HostKey[] | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<readonly AddedKeys[]> =>
  changeOnce(sql, key, async (tx) => {
    const rows = await tx<TargetRow[]>`
      select * from targets where project = ${project} ${names === null ? tx`` : tx`and name = any(${[...names]}::text[])`}
      order by name for update`;
    const changed: AddedKeys[] = [];
    for (const row of rows) {
      const host_keys = change(row);
      if (host_keys === null) continue;
      await saveVersioned(tx, TARGETS, project, { name: row.name, host_keys }, row.version, audit);
      changed.push({ target: row.name, added: missingKeys(row.host_keys, host_keys) });
    }
    return changed;
  });

/** Those of the keys that are not held like this yet. */
export const missingKeys = (held: readonly HostKey[], keys: readonly HostKey[]): HostKey[] =>
  keys.filter((key) => !held.some((other) => other.key === key.key && (other.revoked ?? false) === (key.revoked ?? false)));
