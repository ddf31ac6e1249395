import { findTarget } from '#db/queries/find-target.ts';
import { pinHostKey } from '#db/queries/pin-host-key.ts';
import { readCredential } from '#db/queries/read-credential.ts';
import type { CredentialRow, TargetRow } from '#db/schema/targets.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { StepSpec } from '#jobs/step.ts';
import { open, type Sealed, VaultError } from '#platform/vault.ts';
import type { StepCall } from '#workflows/messages.ts';
import type { TargetFacts } from '../contract.ts';
import type { SshSession } from '../transports/ssh/session.ts';
import type { PinHostKey, SshCredential, SshTarget } from '../transports/ssh/target.ts';
import { patiently } from './history.ts';
import type { WorkerParts } from './worker-parts.ts';

/** What a step was promised by name, resolved for this attempt only. */
export interface StepResources {
  /** By environment name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Every secret value this attempt may see. */
  readonly toMask: readonly string[];
  /** null for a type that needs none. */
  readonly target: TargetFacts | null;
  /** A session on the step's target, or on another that its config names. */
  ssh(target?: string): Promise<SshSession>;
}

/** What resources are looked up by. */
export type ResourceCall = Pick<StepCall, 'run' | 'project' | 'key' | 'target' | 'config'> & {
  readonly step: Pick<StepCall['step'], 'type' | 'secrets'>;
};

/** Looks up the step's target and opens the secrets it may use. Throws `invalid_input` for a name that does not exist, `auth` for a secret that does not open. */
export async function resourcesOf(worker: WorkerParts, spec: StepSpec, call: ResourceCall, signal: AbortSignal): Promise<StepResources> {
  const opened = new Map<string, OpenedCredential>();
  const credential = async (name: string): Promise<OpenedCredential> => {
    const known = opened.get(name) ?? (await openCredential(worker, call.project, name, signal));
    opened.set(name, known);
    return known;
  };

  const secrets = new Map<string, string>();
  for (const [name, reference] of Object.entries(call.step.secrets))
    secrets.set(name, fieldOf(await credential(credentialOf(reference)), reference));
  const login = spec.target === 'ssh' ? await sshLogin(worker, call, credential, signal) : null;

  return {
    secrets,
    toMask: [...opened.values()].flatMap(({ fields }) => [...fields.values()]),
    target: login?.facts ?? null,
    ssh: async () => {
      if (login === null) throw stepFailure('internal', `${spec.type} declares no ssh target`);
      return worker.ssh.session(login.target, login.credential, login.pin, signal);
    },
  };
}

interface OpenedCredential {
  readonly row: CredentialRow;
  readonly fields: ReadonlyMap<string, string>;
}

async function openCredential(worker: WorkerParts, project: string, name: string, signal: AbortSignal): Promise<OpenedCredential> {
  const row = await patiently(signal, () => readCredential(worker.database.sql, project, name));
  if (row === null) throw stepFailure('invalid_input', `there is no credential ${JSON.stringify(name)}`, { credential: name });
  try {
    const place = { project: row.project, id: row.id, version: row.version };
    const fields = Object.entries(row.sealed).map(
      ([field, sealed]) => [field, open(worker.keyRing, sealed as Sealed, { ...place, field })] as const,
    );
    return { row, fields: new Map(fields) };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw stepFailure('auth', error.message, { credential: name }, error);
  }
}

/** `db-prod.password` names the field `password` of the credential `db-prod`. */
const credentialOf = (reference: string): string => reference.slice(0, Math.max(0, reference.lastIndexOf('.')));

function fieldOf({ row, fields }: OpenedCredential, reference: string): string {
  const field = reference.slice(reference.lastIndexOf('.') + 1);
  const value = fields.get(field);
  if (value !== undefined) return value;
  throw stepFailure('invalid_input', `secrets: ${reference}: the credential ${row.name} has the fields ${[...fields.keys()].join(', ')}`, {
    credential: row.name,
  });
}

interface SshLogin {
  readonly facts: TargetFacts;
  readonly target: SshTarget;
  readonly credential: SshCredential;
  readonly pin: PinHostKey;
}

async function sshLogin(
  worker: WorkerParts,
  call: ResourceCall,
  credential: (name: string) => Promise<OpenedCredential>,
  signal: AbortSignal,
): Promise<SshLogin> {
  if (call.target === null)
    throw stepFailure('invalid_input', `${call.step.type} needs a target and neither the step, the job nor the run names one`);
  const { sql } = worker.database;
  const name = call.target;
  const row = await patiently(signal, () => findTarget(sql, call.project, name));
  if (row === null) throw stepFailure('invalid_input', `there is no target ${JSON.stringify(name)}`, { target: name });
  if (!row.enabled) throw stepFailure('policy', `the target ${name} is disabled`, { target: name });
  if (row.credential === null) throw stepFailure('invalid_input', `the target ${name} has no credential to log in with`, { target: name });

  const login = await credential(row.credential);
  return {
    facts: factsOf(row),
    target: sshTargetOf(row, login.row),
    credential: sshCredentialOf(login),
    pin: async (key) => {
      const audit = { actor: `run:${call.run}`, request_id: call.key, reason: 'first contact' };
      await pinHostKey(sql, call.project, name, key, audit);
      return (await findTarget(sql, call.project, name))?.host_keys ?? [];
    },
  };
}

const factsOf = ({ name, kind, device_type, remote_dir, timezone, timeout_seconds, attributes }: TargetRow): TargetFacts => ({
  name,
  kind,
  device_type,
  remote_dir,
  timezone,
  timeout_seconds,
  attributes,
  line_password: null,
  enable_secret: null,
});

function sshTargetOf(row: TargetRow, credential: CredentialRow): SshTarget {
  const user = row.username ?? credential.username;
  if (row.host === null || user === null) {
    throw stepFailure('invalid_input', `the target ${row.name} has no ${row.host === null ? 'host' : 'username'}`, { target: row.name });
  }
  const { name, host, host_key_policy: hostKeyPolicy, host_keys: hostKeys } = row;
  return { name, host, port: row.port ?? 22, user, hostKeyPolicy, hostKeys };
}

function sshCredentialOf({ row, fields }: OpenedCredential): SshCredential {
  const version = `${row.id}@${row.version}`;
  const secret = (field: string): string => {
    const value = fields.get(field);
    if (value === undefined) throw stepFailure('invalid_input', `the credential ${row.name} holds no ${field}`, { credential: row.name });
    return value;
  };
  return row.kind === 'ssh_password'
    ? { kind: 'ssh_password', version, password: secret('password') }
    : { kind: 'ssh_key', version, privateKey: secret('private_key'), passphrase: fields.get('passphrase') ?? null };
}
