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
}

/** The key a server sent, from its wire form. */
export function readHostKey(blob: Buffer): HostKey {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type, fingerprint, key: blob.toString('base64') };
}

const ALGORITHMS: { readonly [type: string]: readonly string[] } = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** Signature algorithms to ask of a host: those of its pinned keys only, else a host pinned by one type shows another and seems changed. */
export function hostKeyAlgorithms(pins: readonly HostKey[]): readonly string[] {
  const pinned = [...new Set(pins.flatMap((pin) => ALGORITHMS[pin.type] ?? []))];
  return pinned.length > 0 ? pinned : Object.values(ALGORITHMS).flat();
}

/** Whether the key a host shows is one of its pinned ones, or its first; any other answer is the failure to end with. */
export function judgeHostKey(
  host: { readonly name: string; readonly hostKeyPolicy: HostKeyPolicy },
  pins: readonly HostKey[],
  shown: HostKey,
): 'pinned' | 'first_contact' | StepFailure {
  if (pins.some((pin) => pin.key === shown.key)) return 'pinned';
  if (pins.length > 0) {
    const expected = pins.map((pin) => `${pin.type} ${pin.fingerprint}`).join(', ');
    return stepFailure(
      'policy',
      `${host.name} shows the host key ${shown.type} ${shown.fingerprint}, pinned is ${expected}; nothing was sent to it`,
      { shown: shown.fingerprint, pinned: pins.map((pin) => pin.fingerprint) },
    );
  }
  if (host.hostKeyPolicy === 'accept_new') return 'first_contact';
  return stepFailure(
    'policy',
    `${host.name} shows the host key ${shown.type} ${shown.fingerprint} and none is pinned; pin it, or set host_key_policy to accept_new`,
    { shown: shown.fingerprint, pinned: [] },
  );
}
