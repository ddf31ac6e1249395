import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 host key in the form of a `.pub` file. */
export function hostKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const framed = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([framed(Buffer.from('ssh-ed25519')), framed(Buffer.from(x, 'base64url'))]).toString('base64')}`;
}
