import { readCredential } from '#db/queries/read-credential.ts';
import type { CredentialRow } from '#db/schema/targets.ts';
import { stepFailure } from '#jobs/failure.ts';
import { open, type Sealed, VaultError } from '#platform/vault.ts';
import { patiently } from './history.ts';
import type { WorkerParts } from './worker-parts.ts';

/** What opens secrets: the database that holds them and the keys that wrap theirs. */
export type Vault = Pick<WorkerParts, 'database' | 'keyRing'>;

export interface OpenedCredential {
  readonly row: CredentialRow;
  readonly fields: ReadonlyMap<string, string>;
}

/** Credentials opened for one attempt, each once. */
export interface OpenedCredentials {
  /** Throws `invalid_input` for a name that does not exist, `auth` for a secret that does not open. */
  get(name: string): Promise<OpenedCredential>;
  /** Every secret value opened so far. */
  secrets(): readonly string[];
}

/** Opens credentials of a project, waiting for the database while it is away. */
export function openedCredentials(vault: Vault, project: string, signal: AbortSignal): OpenedCredentials {
  const opened = new Map<string, OpenedCredential>();
  return {
    get: async (name) => {
      const known = opened.get(name) ?? (await openCredential(vault, project, name, signal));
      opened.set(name, known);
      return known;
    },
    secrets: () => [...opened.values()].flatMap(({ fields }) => [...fields.values()]),
  };
}

async function openCredential({ database, keyRing }: Vault, project: string, name: string, signal: AbortSignal): Promise<OpenedCredential> {
  const row = await patiently(signal, () => readCredential(database.sql, project, name));
  if (row === null) throw stepFailure('invalid_input', `there is no credential ${JSON.stringify(name)}`, { credential: name });
  try {
    const place = { project: row.project, id: row.id, version: row.version };
    const fields = Object.entries(row.sealed).map(
      ([field, sealed]) => [field, open(keyRing, sealed as Sealed, { ...place, field })] as const,
    );
    return { row, fields: new Map(fields) };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw stepFailure('auth', error.message, { credential: name }, error);
  }
}
