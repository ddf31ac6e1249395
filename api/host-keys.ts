import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Audit } from '#db/audit.ts';
import { NotFound } from '#db/conflicts.ts';
import { type AddedKeys, changeHostKeys, missingKeys } from '#db/queries/change-host-keys.ts';
import { exportTargets } from '#db/queries/export-targets.ts';
import type { OwnedKey } from '#db/queries/take-key.ts';
import type { HostKey, TargetRow } from '#db/schema/targets.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { type KnownHosts, keysFor } from '#platform/known-hosts.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';

/** Keys that one target holds at most. */
const MOST_KEYS = 20;

/** Makes a target pin these keys beside those it has, once for a key of a request; a key it has already is replaced, so that one can be revoked. */
export async function addHostKeys(
  { database }: Services,
  name: string,
  keys: readonly HostKey[],
  audit: Audit,
  once: OwnedKey | null = null,
): Promise<void> {
  const add = (target: TargetRow) => {
    const joined = bounded(name, join(target.host_keys, keys));
    return missingKeys(target.host_keys, keys).length > 0 ? joined : null;
  };
  await changeHostKeys(database.sql, PROJECT, [name], add, audit, once);
}

/** Makes a target forget the key of this fingerprint, once for a key of a request. Throws NotFound when it holds none. */
export async function removeHostKey(
  { database }: Services,
  name: string,
  fingerprint: string,
  audit: Audit,
  once: OwnedKey | null,
): Promise<void> {
  const wanted = fingerprint.startsWith('SHA256:') ? fingerprint : `SHA256:${fingerprint}`;
  const remove = ({ host_keys }: TargetRow) => host_keys.filter((key) => key.fingerprint !== wanted);
  const removeHeld = (target: TargetRow) => {
    const kept = remove(target);
    if (kept.length === target.host_keys.length) throw new NotFound(`host key of ${name}`, wanted);
    return kept;
  };
  await changeHostKeys(database.sql, PROJECT, [name], removeHeld, audit, once);
}

/**
 * Gives every target the keys that a known_hosts file has for its host and port, once for a key of a request; answers who got which. A host key that
 * a target refuses stays refused. A dry run only looks. Throws 422, changing nothing, when a target would hold too many.
 */
export async function importKnownHosts(
  { database }: Services,
  known: KnownHosts,
  dryRun: boolean,
  audit: Audit,
  once: OwnedKey | null,
): Promise<readonly AddedKeys[]> {
  const targets = await exportTargets(database.sql, PROJECT);
  const keysAt = await keysByPlace(known, targets);
  const addedTo = ({ host, port, host_keys }: TargetRow) =>
    missingKeys(host_keys, keysAt(host ?? '', port ?? 22)).filter(({ key }) => !host_keys.some((held) => held.key === key && held.revoked));
  if (dryRun) return targets.map((target) => ({ target: target.name, added: addedTo(target) })).filter(({ added }) => added.length > 0);
  const take = (target: TargetRow) => {
    const added = addedTo(target);
    return added.length === 0 ? null : bounded(target.name, join(target.host_keys, added));
  };
  return changeHostKeys(database.sql, PROJECT, null, take, audit, once);
}

/** No pin, and nothing that is refused, is ever dropped to make room. */
function bounded(name: string, keys: readonly HostKey[]): readonly HostKey[] {
  if (keys.length <= MOST_KEYS) return keys;
  throw new InvalidInput([errorAt('/keys', `${name} would hold ${keys.length} host keys; at most ${MOST_KEYS} allowed`)]);
}

/** What the file says of the hosts of these targets, worked out before any row waits for it: a hashed line takes a hash for each host, so others get their turn. */
async function keysByPlace(known: KnownHosts, targets: readonly TargetRow[]): Promise<(host: string, port: number) => readonly HostKey[]> {
  const found = new Map<string, readonly HostKey[]>();
  const keysAt = (host: string, port: number) => {
    const place = `${host} ${port}`;
    const keys = found.get(place) ?? keysFor(known, host, port).keys;
    found.set(place, keys);
    return keys;
  };
  for (const { host, port } of targets) {
    keysAt(host ?? '', port ?? 22);
    await othersTurn();
  }
  return keysAt;
}

const join = (before: readonly HostKey[], added: readonly HostKey[]): HostKey[] => [
  ...new Map([...before, ...added].map((key) => [key.key, key])).values(),
];
