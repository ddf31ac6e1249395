import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { InUse } from '../conflicts.ts';
import type { CredentialRow } from '../schema/targets.ts';
import { deleteVersioned, saveVersioned, type VersionedTable } from '../versioned.ts';
import { credentialUsers } from './credential-users.ts';
import { lockInventory } from './save-target.ts';

/** What of a credential can be set; `sealed` was sealed for `id` at the version this save makes. */
export type CredentialValues = Pick<
  CredentialRow,
  'id' | 'name' | 'kind' | 'description' | 'username' | 'sealed' | 'fingerprint' | 'sample'
>;

const CREDENTIALS: VersionedTable<CredentialRow> = {
  table: 'credentials',
  kind: 'credential',
  owned: true,
  shown: ({ sealed, ...open }) => ({ ...open, fields: Object.keys(sealed) }),
};

/** Creates a credential (`expected` null, version 1) or replaces it at `expected` + 1; what is sealed is bound to that id and version. Throws NameTaken, NotFound, VersionConflict. */
export const saveCredential = async (
  sql: Sql,
  project: string,
  credential: CredentialValues,
  expected: number | null,
  audit: Audit,
): Promise<CredentialRow> => {
  const saved = await sql.begin(async (tx) => [await saveVersioned(tx, CREDENTIALS, project, { ...credential }, expected, audit)]);
  return saved[0] as CredentialRow;
};

/** Deletes a credential. Throws NotFound, VersionConflict, InUse when targets or jobs use it. */
export const deleteCredential = async (sql: Sql, project: string, name: string, expected: number | null, audit: Audit): Promise<void> => {
  await sql.begin(async (tx) => {
    await lockInventory(tx, project);
    const users = (await credentialUsers(tx, project, [name])).get(name);
    if (users && users.total > 0) {
      throw new InUse('credential', name, [...users.targets.map((user) => `target ${user}`), ...users.jobs.map((user) => `job ${user}`)]);
    }
    await deleteVersioned(tx, CREDENTIALS, project, name, expected, audit);
  });
};
