import { createHash } from 'node:crypto';
import { type StepFailure, stepFailure } from '#jobs/failure.ts';

export const HOST_KEY_POLICIES = ['strict', 'accept_new'] as const;
/** `strict` trusts pinned keys only; `accept_new` pins the first key a host shows. There is no way to ignore a key. */
export type HostKeyPolicy = (typeof HOST_KEY_POLICIES)[number];

/** A host's public key: its type, its `SHA256:…` fingerprint as OpenSSH prints it, and the key itself in base64. */
export interface HostKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly key: string;
  /** Known not to be trusted: a host that shows it is refused. */
  readonly revoked?: boolean;
}

/** The key a server sent, from its wire form. */
export function readHostKey(blob: Buffer): HostKey {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type, fingerprint, key: blob.toString('base64') };
}

/** The keys a host may show. */
export const trustedKeys = (keys: readonly HostKey[]): readonly HostKey[] => keys.filter(({ revoked }) => revoked !== true);

/** Whether the key a host shows is one of its pinned ones, or its first; any other answer is the failure to end with. */
export function judgeHostKey(
  host: { readonly name: string; readonly hostKeyPolicy: HostKeyPolicy },
  known: readonly HostKey[],
  shown: HostKey,
): 'pinned' | 'first_contact' | StepFailure {
  const shows = `${host.name} shows the host key ${shown.type} ${shown.fingerprint}`;
  const pins = trustedKeys(known);
  const details = { shown: shown.fingerprint, pinned: pins.map((pin) => pin.fingerprint) };
  if (known.some(({ key, revoked }) => revoked === true && key === shown.key)) {
    return stepFailure('policy', `${shows}, which is revoked; nothing was sent to it`, { ...details, revoked: true });
  }
  if (pins.some((pin) => pin.key === shown.key)) return 'pinned';
  if (pins.length > 0) {
    const expected = pins.map((pin) => `${pin.type} ${pin.fingerprint}`).join(', ');
    return stepFailure('policy', `${shows}, pinned is ${expected}; nothing was sent to it`, details);
  }
  if (host.hostKeyPolicy === 'accept_new') return 'first_contact';
  return stepFailure('policy', `${shows} and none is pinned; pin it, or set host_key_policy to accept_new`, details);
}
