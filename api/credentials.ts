import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { z } from 'zod';
import type { SealedFields } from '#db/schema/targets.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import { seal } from '#platform/vault.ts';
import { HttpProblem } from './problem.ts';
import { PROJECT } from './project.ts';
import { Name } from './views/person.ts';

const common = {
  description: z.string().max(1000).nullable().default(null),
  username: z.string().min(1).max(200).nullable().default(null),
  sample: z.boolean().default(false),
};

const password = z.strictObject({ kind: z.literal('ssh_password'), ...common, password: z.string().min(1).max(1024) });
const key = z.strictObject({
  kind: z.literal('ssh_key'),
  ...common,
  private_key: z.string().min(1).max(32_768),
  passphrase: z.string().max(1024).nullable().default(null),
});

/** What of a credential can be set: its secret goes in and never comes out again. */
export const CredentialContent = z.discriminatedUnion('kind', [password, key]);
export type CredentialContent = z.output<typeof CredentialContent>;

/** A credential to be made. */
export const NewCredential = z.discriminatedUnion('kind', [password.extend({ name: Name }), key.extend({ name: Name })]);

/** The secret fields sealed for one version of one credential, and what may be shown of them. */
export function sealContent(ring: KeyRing, content: CredentialContent, id: string, version: number) {
  const { description, username, sample, kind } = content;
  const fields = Object.entries(secretsOf(content)).filter((field): field is [string, string] => field[1] !== null);
  const sealed: SealedFields = Object.fromEntries(
    fields.map(([field, secret]) => [field, seal(ring, secret, { project: PROJECT, id, version, field })]),
  );
  return { id, kind, description, username, sample, sealed, fingerprint: kind === 'ssh_key' ? fingerprintOf(content) : null };
}

const secretsOf = (content: CredentialContent): { readonly [field: string]: string | null } =>
  content.kind === 'ssh_password' ? { password: content.password } : { private_key: content.private_key, passphrase: content.passphrase };

/** The fingerprint of the key's public half; refuses a text that is no private key, or that its passphrase does not open. */
function fingerprintOf({ private_key, passphrase }: Extract<CredentialContent, { kind: 'ssh_key' }>): string {
  const parsed = ssh2.utils.parseKey(private_key, passphrase ?? undefined);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key || key instanceof Error) {
    const why = key instanceof Error ? key.message : 'nothing inside';
    throw new HttpProblem(
      422,
      `private_key: expected a private key in OpenSSH form, or RSA as PKCS#1 PEM, that the passphrase opens (${why})`,
    );
  }
  return `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
}
