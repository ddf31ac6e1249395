import type { Audit } from '#db/audit.ts';
import { findTarget } from '#db/queries/find-target.ts';
import { pinHostKey } from '#db/queries/pin-host-key.ts';
import type { CredentialRow, TargetRow } from '#db/schema/targets.ts';
import { stepFailure } from '#jobs/failure.ts';
import { LONGEST_JUMP_CHAIN } from '#jobs/inventory/jump-chains.ts';
import type { TargetFacts } from '../contract.ts';
import type { SshCredential, SshRoute, SshTarget } from '../transports/ssh/target.ts';
import { patiently } from './history.ts';
import type { OpenedCredential, OpenedCredentials, Vault } from './opened-credentials.ts';

/** A target by its name, and how to log in on it. */
export interface Way {
  readonly facts: TargetFacts;
  readonly route: SshRoute;
}

export interface WayFinder {
  readonly vault: Vault;
  readonly project: string;
  readonly credentials: OpenedCredentials;
  /** Under which a host key is pinned at first contact. */
  readonly audit: Audit;
  readonly signal: AbortSignal;
}

/** Looks up a target with every host on the way to it and opens their credentials. Throws `invalid_input` for names that do not exist and for chains without end, `policy` for what is disabled. */
export async function findWay(finder: WayFinder, name: string): Promise<Way> {
  const row = await readTarget(finder, name);
  const login = await loginOf(finder, row);
  return { facts: factsOf(row, login), route: await routeOf(finder, row, login, [name]) };
}

/** As `findWay`, to a host that is only asked for its keys: it needs no credential of its own, and may be switched off. */
export async function findScanRoute(finder: WayFinder, name: string): Promise<SshRoute> {
  const { vault, project, signal } = finder;
  const row = await patiently(signal, () => findTarget(vault.database.sql, project, name));
  if (row === null || row.host === null) throw stepFailure('invalid_input', `there is no target ${JSON.stringify(name)}`, { target: name });
  const nobody = { username: row.username ?? 'nobody' };
  return {
    target: sshTargetOf(row, nobody),
    credential: { kind: 'ssh_password', version: 'none', password: '' },
    jump: row.jump === null ? null : await hopTo(finder, row.jump, [name]),
    pinHostKey: async () => [],
  };
}

async function readTarget({ vault, project, signal }: WayFinder, name: string): Promise<TargetRow> {
  const row = await patiently(signal, () => findTarget(vault.database.sql, project, name));
  if (row === null) throw stepFailure('invalid_input', `there is no target ${JSON.stringify(name)}`, { target: name });
  if (!row.enabled) throw stepFailure('policy', `the target ${name} is disabled`, { target: name });
  return row;
}

async function loginOf({ credentials }: WayFinder, { name, credential }: TargetRow): Promise<OpenedCredential> {
  if (credential === null) throw stepFailure('invalid_input', `the target ${name} has no credential to log in with`, { target: name });
  return credentials.get(credential);
}

async function routeOf(finder: WayFinder, row: TargetRow, login: OpenedCredential, path: readonly string[]): Promise<SshRoute> {
  return {
    target: sshTargetOf(row, login.row),
    credential: sshCredentialOf(login),
    jump: row.jump === null ? null : await hopTo(finder, row.jump, path),
    pinHostKey: async (key) => {
      const { sql } = finder.vault.database;
      await pinHostKey(sql, finder.project, row.name, key, finder.audit);
      return (await findTarget(sql, finder.project, row.name))?.host_keys ?? [];
    },
  };
}

async function hopTo(finder: WayFinder, name: string, path: readonly string[]): Promise<SshRoute> {
  const [target = ''] = path;
  const way = [...path, name];
  const refuse = (what: string) =>
    stepFailure('invalid_input', `the jump hosts of ${target} ${what}: ${way.join(' → ')}`, { target, path: [...way] });
  if (path.includes(name)) throw refuse('come back to one of them');
  if (path.length > LONGEST_JUMP_CHAIN) throw refuse(`are more than ${LONGEST_JUMP_CHAIN}`);
  const row = await readTarget(finder, name);
  if (row.kind !== 'ssh') throw refuse(`must be of kind ssh, and ${name} is of kind ${row.kind}`);
  return routeOf(finder, row, await loginOf(finder, row), way);
}

const factsOf = (row: TargetRow, { fields }: OpenedCredential): TargetFacts => ({
  name: row.name,
  kind: row.kind,
  device_type: row.device_type,
  remote_dir: row.remote_dir,
  timezone: row.timezone,
  timeout_seconds: row.timeout_seconds,
  attributes: row.attributes,
  line_password: fields.get('line_password') ?? null,
  enable_secret: fields.get('enable_secret') ?? null,
});

function sshTargetOf(row: TargetRow, credential: Pick<CredentialRow, 'username'>): SshTarget {
  const user = row.username ?? credential.username;
  if (row.host === null || user === null) {
    throw stepFailure('invalid_input', `the target ${row.name} has no ${row.host === null ? 'host' : 'username'}`, { target: row.name });
  }
  return {
    project: row.project,
    name: row.name,
    host: row.host,
    port: row.port ?? 22,
    user,
    hostKeyPolicy: row.host_key_policy,
    hostKeys: row.host_keys,
    legacyAlgorithms: row.legacy_algorithms,
    connectTimeoutMs: row.timeout_seconds === null ? null : row.timeout_seconds * 1000,
  };
}

/** A key is used where there is one; of a device's credential the password is the other choice. */
function sshCredentialOf({ row, fields }: OpenedCredential): SshCredential {
  const version = `${row.id}@${row.version}`;
  const privateKey = fields.get('private_key');
  const password = fields.get('password');
  if (privateKey !== undefined) return { kind: 'ssh_key', version, privateKey, passphrase: fields.get('passphrase') ?? null };
  if (password !== undefined) return { kind: 'ssh_password', version, password };
  throw stepFailure('invalid_input', `the credential ${row.name} holds neither a password nor a private key`, { credential: row.name });
}
