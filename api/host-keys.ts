import type { Audit } from '#db/audit.ts';
import { changeHostKeys } from '#db/queries/change-host-keys.ts';
import type { HostKey, TargetRow } from '#db/schema/targets.ts';
import { type KnownHosts, keysFor } from '#platform/known-hosts.ts';
import { HttpProblem, notFound } from './problem.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';

/** Keys that one target holds at most. */
const MOST_KEYS = 20;

/** Makes a target pin these keys beside those it has; a key it has already is replaced, so that one can be revoked. */
export async function addHostKeys(
  { database }: Services,
  name: string,
  keys: readonly HostKey[],
  audit: Audit,
): Promise<readonly HostKey[]> {
  const add = (target: TargetRow) => {
    const joined = join(target.host_keys, keys);
    if (joined.length > MOST_KEYS)
      throw new HttpProblem(422, `keys: ${name} would hold ${joined.length} host keys; at most ${MOST_KEYS} allowed`);
    return missing(target.host_keys, keys).length > 0 ? joined : null;
  };
  await changeHostKeys(database.sql, PROJECT, [name], add, audit);
  return keys;
}

/** Makes a target forget the key of this fingerprint. Throws 404 when it holds none. */
export async function removeHostKey({ database }: Services, name: string, fingerprint: string, audit: Audit): Promise<void> {
  const wanted = fingerprint.startsWith('SHA256:') ? fingerprint : `SHA256:${fingerprint}`;
  const remove = ({ host_keys }: TargetRow) => host_keys.filter((key) => key.fingerprint !== wanted);
  const changed = await changeHostKeys(
    database.sql,
    PROJECT,
    [name],
    (target) => (remove(target).length < target.host_keys.length ? remove(target) : null),
    audit,
  );
  if (changed.length === 0) throw notFound(`${name} holds no host key ${wanted}`);
}

/** Gives every target the keys that a known_hosts file has for its host and port; answers who got which. A dry run only looks. */
export async function importKnownHosts(
  { database }: Services,
  known: KnownHosts,
  dryRun: boolean,
  audit: Audit,
): Promise<readonly { readonly target: string; readonly added: HostKey[] }[]> {
  const items: { target: string; added: HostKey[] }[] = [];
  const take = ({ name, host, port, host_keys }: TargetRow) => {
    const { keys } = keysFor(known, host ?? '', port ?? 22);
    const added = missing(host_keys, keys);
    if (added.length === 0) return null;
    items.push({ target: name, added });
    return dryRun ? null : join(host_keys, added).slice(-MOST_KEYS);
  };
  await changeHostKeys(database.sql, PROJECT, null, take, audit);
  return items;
}

const join = (before: readonly HostKey[], added: readonly HostKey[]): HostKey[] => [
  ...new Map([...before, ...added].map((key) => [key.key, key])).values(),
];

/** Those of the keys that are not held like this yet. */
const missing = (held: readonly HostKey[], keys: readonly HostKey[]): HostKey[] =>
  keys.filter((key) => !held.some((other) => other.key === key.key && (other.revoked ?? false) === (key.revoked ?? false)));
