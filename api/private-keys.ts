import { createHash, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import ssh2 from 'ssh2';

/** A private key as it is kept. */
export interface PrivateKey {
  /** In a form that our SSH client reads. */
  readonly text: string;
  /** null when the text needs none any more. */
  readonly passphrase: string | null;
  /** Of its public half: `SHA256:…`. */
  readonly fingerprint: string;
}

/** Reads a private key: OpenSSH, or PEM of any kind including PKCS#8, opened by its passphrase. Throws an Error that says why it cannot, without a word of the key. */
export function readPrivateKey(text: string, passphrase: string | null): PrivateKey {
  const clean = `${text.replaceAll('\r\n', '\n').trim()}\n`;
  const pkcs8 = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----$/m.test(clean);
  const own = /^-----BEGIN OPENSSH PRIVATE KEY-----$/m.test(clean);
  if (own && roundsOf(clean) > MOST_ROUNDS) throw new Error(`its passphrase is drawn out over more than ${MOST_ROUNDS} rounds`);
  const kept = pkcs8 ? convert(clean, passphrase) : clean;
  const opener = pkcs8 ? null : passphrase;
  const parsed = ssh2.utils.parseKey(kept, opener ?? undefined);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key || key instanceof Error) throw new Error(key instanceof Error ? key.message : 'nothing inside');
  if (!key.isPrivateKey()) throw new Error('it is a public key');
  const digest = createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '');
  const fingerprint = `SHA256:${digest}`;
  // OpenSSH makes its passphrases slow to try, and every login would have to wait for that: it is kept opened, for it is sealed anyway.
  if (own && opener !== null && key.type !== 'ssh-dss') return { text: convert(key.getPrivatePEM(), null), passphrase: null, fingerprint };
  return { text: kept, passphrase: opener, fingerprint };
}

const MOST_ROUNDS = 500;

/** The rounds of bcrypt between a passphrase and a key in OpenSSH's own container (PROTOCOL.key); 0 where there is none. */
function roundsOf(pem: string): number {
  const container = Buffer.from(pem.replace(/-----[^-]*-----/g, ''), 'base64');
  const fieldAt = (at: number) => {
    const length = at + 4 <= container.length ? container.readUInt32BE(at) : 0;
    return { content: container.subarray(at + 4, at + 4 + length), next: at + 4 + length };
  };
  const cipher = fieldAt('openssh-key-v1\0'.length);
  const derivation = fieldAt(cipher.next);
  const { content } = fieldAt(derivation.next);
  return content.length < 4 ? 0 : content.readUInt32BE(content.length - 4);
}

/** A key in the form of its kind that the client reads, which PKCS#8 is not. */
function convert(pem: string, passphrase: string | null): string {
  const key = open(pem, passphrase);
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519':
      return openSshEd25519(key);
    default:
      throw new Error(`keys of the kind ${key.asymmetricKeyType} do not log in over SSH`);
  }
}

function open(pem: string, passphrase: string | null): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== null && { passphrase }) });
  } catch {
    if (!pem.includes('ENCRYPTED')) throw new Error('malformed PKCS#8');
    throw new Error(passphrase === null ? 'it is encrypted and no passphrase was given' : 'the passphrase does not open it');
  }
}

/** OpenSSH's own container, unencrypted (PROTOCOL.key): the only text form SSH clients share for this kind. */
function openSshEd25519(key: KeyObject): string {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  const type = Buffer.from('ssh-ed25519');
  const publicBlob = Buffer.concat([framed(type), framed(point)]);
  const check = randomBytes(4);
  const secret = [
    check,
    check,
    framed(type),
    framed(point),
    framed(Buffer.concat([Buffer.from(d, 'base64url'), point])),
    framed(Buffer.alloc(0)),
  ];
  const length = secret.reduce((sum, part) => sum + part.length, 0);
  const padding = Buffer.from(Array.from({ length: (8 - (length % 8)) % 8 }, (_, at) => at + 1));
  const none = framed(Buffer.from('none'));
  const one = Buffer.from([0, 0, 0, 1]);
  const container = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[none, none, framed(Buffer.alloc(0)), one, framed(publicBlob), framed(Buffer.concat([...secret, padding]))],
  ]);
  const lines = container.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
