import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { InUse } from '../conflicts.ts';
import type { CredentialRow } from '../schema/targets.ts';
import { type Deletion, deleteVersioned, saveVersioned, type VersionedTable } from '../versioned.ts';
import { changeOnce, doOnce } from './change-once.ts';
import { credentialUsers } from './credential-users.ts';
import { lockInventory } from './save-target.ts';
import type { OwnedKey } from './take-key.ts';

/** What of a credential can be set; `sealed` was sealed for `id` at the version this save makes. */
export type CredentialValues = Pick<
  CredentialRow,
  'id' | 'name' | 'kind' | 'description' | 'username' | 'sealed' | 'fingerprint' | 'sample'
> &
  Partial<Pick<CredentialRow, 'expires_at'>>;

const CREDENTIALS: VersionedTable<CredentialRow> = {
  table: 'credentials',
  kind: 'credential',
  owned: true,
  shown: ({ sealed, ...open }) => ({ ...open, fields: Object.keys(sealed) }),
};

/** Creates a credential (`expected` null, version 1) or replaces it at `expected` + 1; what is sealed is bound to that id and version. Once for a key; throws NameTaken, NotFound, VersionConflict, IdempotencyConflict. */
export const saveCredential = (
  sql: Sql,
  project: string,
  credential: CredentialValues,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<Pick<CredentialRow, 'id' | 'name' | 'version'>> =>
  changeOnce(sql, key, async (tx) => {
    const { id, name, version } = await saveVersioned(tx, CREDENTIALS, project, { ...credential }, expected, audit);
    return { id, name, version };
  });

/** Deletes a credential, once for a key. Throws NotFound, VersionConflict, InUse when targets or jobs use it, IdempotencyConflict. */
export const deleteCredential = (sql: Sql, deletion: Deletion, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const { project, name } = deletion;
    await lockInventory(tx, project);
    const users = (await credentialUsers(tx, project, [name])).get(name);
    if (users && users.total > 0) {
      throw new InUse('credential', name, [...users.targets.map((user) => `target ${user}`), ...users.jobs.map((user) => `job ${user}`)]);
    }
    await deleteVersioned(tx, CREDENTIALS, deletion);
  });
