import { readCredential } from '#db/queries/read-credential.ts';
import { readRunSecrets } from '#db/queries/run-secrets.ts';
import type { CredentialRow } from '#db/schema/targets.ts';
import { stepFailure } from '#jobs/failure.ts';
import { open, runSecretPlace, type Sealed, VaultError } from '#platform/vault.ts';
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
  /** The value of a secret parameter of this run. Throws `invalid_input` when the run has none of that name, `auth` when it does not open. */
  parameter(run: string, name: string): Promise<string>;
  /** Every secret value opened so far. */
  secrets(): readonly string[];
}

/** Opens credentials of a project, waiting for the database while it is away. */
export function openedCredentials(vault: Vault, project: string, signal: AbortSignal): OpenedCredentials {
  const opened = new Map<string, OpenedCredential>();
  const parameters = new Map<string, string>();
  return {
    get: async (name) => {
      const known = opened.get(name) ?? (await openCredential(vault, project, name, signal));
      opened.set(name, known);
      return known;
    },
    parameter: async (run, name) => {
      const known = parameters.get(name) ?? (await openParameter(vault, { project, run, name }, signal));
      parameters.set(name, known);
      return known;
    },
    secrets: () => [...[...opened.values()].flatMap(({ fields }) => [...fields.values()]), ...parameters.values()],
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

interface ParameterPlace {
  readonly project: string;
  readonly run: string;
  readonly name: string;
}

async function openParameter({ database, keyRing }: Vault, { project, run, name }: ParameterPlace, signal: AbortSignal): Promise<string> {
  const sealed = await patiently(signal, () => readRunSecrets(database.sql, project, run));
  const own = sealed !== null && Object.hasOwn(sealed, name) ? sealed[name] : undefined;
  if (own === undefined) throw stepFailure('invalid_input', `the run has no secret parameter ${JSON.stringify(name)}`, { parameter: name });
  try {
    return open(keyRing, own as Sealed, runSecretPlace(project, run, name));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw stepFailure('auth', error.message, { parameter: name }, error);
  }
}
