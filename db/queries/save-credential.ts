import type { Audit } from '../audit.ts';
import type { Sql } from '../client.ts';
import type { CredentialRow } from '../schema/targets.ts';
import { deleteVersioned, saveVersioned, type VersionedTable } from '../versioned.ts';

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
export const saveCredential = (
  sql: Sql,
  project: string,
  credential: CredentialValues,
  expected: number | null,
  audit: Audit,
): Promise<CredentialRow> => saveVersioned(sql, CREDENTIALS, project, { ...credential }, expected, audit);

/** Deletes a credential; steps that need it fail from then on. Throws NotFound, VersionConflict. */
export const deleteCredential = (sql: Sql, project: string, name: string, expected: number | null, audit: Audit): Promise<void> =>
  deleteVersioned(sql, CREDENTIALS, project, name, expected, audit);
