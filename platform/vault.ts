import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/** Which secret this is; ciphertext moved to another place does not open there. */
export interface SecretPlace {
  readonly project: string;
  /** The credential's id, or the run's. */
  readonly id: string;
  readonly version: number;
  readonly field: string;
}

/** A secret at rest: AES-256-GCM under a data key of its own, which is wrapped by the ring's key `key_id`. All base64; iv, ciphertext and tag joined. */
export type Sealed = { readonly key_id: string; readonly wrapped_key: string; readonly data: string };

/** A secret that does not open: the ring lacks or changed its key, or it was moved or altered. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/** Where a secret parameter of a run has its place. */
export const runSecretPlace = (project: string, run: string, parameter: string): SecretPlace => ({
  project,
  id: `run:${run}`,
  version: 1,
  field: parameter,
});

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a secret for one place, under the ring's active key. */
export const seal = (ring: KeyRing, plaintext: string, place: SecretPlace): Sealed => {
  const dataKey = randomBytes(32);
  const wrapped = encrypt(keyOf(ring, ring.active, place), dataKey, placeText(place));
  return {
    key_id: ring.active,
    wrapped_key: wrapped.toString('base64'),
    data: encrypt(dataKey, Buffer.from(plaintext), placeText(place)).toString('base64'),
  };
};

/** Opens what `seal` made for this place. Throws VaultError naming the credential and the key, never the secret. */
export const open = (ring: KeyRing, sealed: Sealed, place: SecretPlace): string => {
  const dataKey = unwrap(ring, sealed, place);
  try {
    return decrypt(dataKey, Buffer.from(sealed.data, 'base64'), placeText(place)).toString('utf8');
  } catch {
    throw doesNotOpen(sealed.key_id, place);
  }
};

/** The same secret wrapped by the ring's active key; what it seals is not read. Throws VaultError naming the credential and the key, for a moved or altered one too. */
export const rewrap = (ring: KeyRing, sealed: Sealed, place: SecretPlace): Sealed => {
  const dataKey = unwrap(ring, sealed, place);
  if (sealed.key_id === ring.active) return sealed;
  const wrapped = encrypt(keyOf(ring, ring.active, place), dataKey, placeText(place));
  return { ...sealed, key_id: ring.active, wrapped_key: wrapped.toString('base64') };
};

const unwrap = (ring: KeyRing, { key_id, wrapped_key }: Sealed, place: SecretPlace): Buffer => {
  const key = keyOf(ring, key_id, place);
  try {
    return decrypt(key, Buffer.from(wrapped_key, 'base64'), placeText(place));
  } catch {
    throw doesNotOpen(key_id, place);
  }
};

const doesNotOpen = (keyId: string, place: SecretPlace): VaultError =>
  new VaultError(
    `${nameOf(place)} does not open with key "${keyId}": the key is not the one it was sealed with, or the secret was moved or altered`,
  );

const keyOf = (ring: KeyRing, id: string, place: SecretPlace): Uint8Array => {
  const key = ring.keys.get(id);
  if (!key)
    throw new VaultError(
      `${nameOf(place)} is sealed with key "${id}", which the key ring does not hold (it holds ${[...ring.keys.keys()].join(', ')})`,
    );
  return key;
};

const nameOf = ({ project, id, version, field }: SecretPlace): string =>
  `credential ${id} (project ${project}, version ${version}, field ${field})`;

const placeText = ({ project, id, version, field }: SecretPlace): Buffer => Buffer.from(`${project}|${id}|${version}|${field}`);

const encrypt = (key: Uint8Array, plain: Uint8Array, bound: Uint8Array): Buffer => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(bound);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

const decrypt = (key: Uint8Array, data: Buffer, bound: Uint8Array): Buffer => {
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(bound)
    .setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
};
