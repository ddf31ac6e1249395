import { z } from 'zod';
import type { SealedFields } from '#db/schema/targets.ts';
import {
  CREDENTIAL_KINDS,
  CREDENTIAL_SPECS,
  type CredentialField,
  type CredentialKind,
  type CredentialKindSpec,
} from '#jobs/credential-kinds.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from '#jobs/problem.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import { seal } from '#platform/vault.ts';
import { readPrivateKey } from './private-keys.ts';
import { PROJECT } from './project.ts';
import { Name } from './views/person.ts';

type Secrets = { readonly [field: string]: string | null };

/** A credential as it is sent; its secrets go in and never come out again. */
export type CredentialContent = {
  readonly kind: CredentialKind;
  readonly description: string | null;
  readonly username: string | null;
  readonly expires_at: string | null;
  readonly sample: boolean;
} & { readonly secrets: Secrets };

const common = {
  description: z.string().max(1000).nullable().default(null),
  username: z.string().min(1).max(200).nullable().default(null),
  expires_at: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .meta({ description: 'when the secret ends by itself, to be shown; nothing stops using it then' }),
  sample: z.boolean().default(false),
};

const fieldSchema = ({ title, max, required }: CredentialField) => {
  const text = z.string().max(max);
  const schema = required ? text.min(1) : text.nullable().default(null);
  return schema.meta({ title, writeOnly: true });
};

/** The shape of one kind, as its list of fields says. */
function kindSchema<Also extends z.ZodRawShape>(kind: CredentialKind, also: Also) {
  const fields = Object.entries<CredentialField>(CREDENTIAL_SPECS[kind].fields);
  const shape: { readonly [field: string]: z.ZodType<string | null> } = Object.fromEntries(
    fields.map(([name, field]) => [name, fieldSchema(field)]),
  );
  return z.strictObject({ kind: z.literal(kind), ...common, ...also, ...shape });
}

type Sent = { readonly kind: CredentialKind; readonly [field: string]: unknown };

/** Parts what may be shown from what may not; an empty text is none. */
function parted(content: Sent): CredentialContent {
  const names = Object.keys(CREDENTIAL_SPECS[content.kind].fields);
  const fields = Object.groupBy(Object.entries(content), ([name]) => (names.includes(name) ? 'secret' : 'open'));
  const secrets = Object.fromEntries((fields.secret ?? []).map(([name, value]) => [name, value === '' ? null : value]));
  return { ...Object.fromEntries(fields.open ?? []), secrets } as CredentialContent;
}

function credentialSchema<Also extends z.ZodRawShape>(also: Also) {
  const [first, ...rest] = CREDENTIAL_KINDS.map((kind) => kindSchema(kind, also));
  const schema = z.discriminatedUnion('kind', [first as NonNullable<typeof first>, ...rest]).transform((sent) => parted(sent as Sent));
  return schema as unknown as z.ZodType<CredentialContent & z.output<z.ZodObject<Also>>, Sent & z.input<z.ZodObject<Also>>>;
}

/** What of a credential can be set. */
export const CredentialContent = credentialSchema({});

/** A credential to be made. */
export const NewCredential = credentialSchema({ name: Name });

/** The secret fields sealed for one version of one credential, and what may be shown of them. Throws InvalidInput, without the secrets. */
export function sealContent(ring: KeyRing, content: CredentialContent, id: string, version: number) {
  const { description, username, expires_at, sample, kind } = content;
  const { secrets, fingerprint } = checkSecrets(kind, content.secrets);
  const sealed: SealedFields = Object.fromEntries(
    Object.entries(secrets).flatMap(([field, secret]) =>
      secret === null ? [] : [[field, seal(ring, secret, { project: PROJECT, id, version, field })]],
    ),
  );
  return { id, kind, description, username, expires_at, sample, sealed, fingerprint };
}

/** What the schema cannot say: alternatives, and that a key is one and opens. */
function checkSecrets(kind: CredentialKind, given: Secrets): { readonly secrets: Secrets; readonly fingerprint: string | null } {
  const { fields, one_of = [] }: CredentialKindSpec = CREDENTIAL_SPECS[kind];
  const problems: Problem[] = one_of
    .filter((group) => group.every((field) => (given[field] ?? null) === null))
    .map((group) => errorAt(pointerTo('', group[0] ?? ''), `is missing; expected ${group.join(' or ')}`));
  const holding = (holds: CredentialField['holds']) => Object.keys(fields).find((name) => fields[name]?.holds === holds) ?? '';
  const keyField = holding('private_key');
  const passphraseField = holding('passphrase');
  const text = given[keyField] ?? null;
  const passphrase = given[passphraseField] ?? null;
  if (text === null && passphrase !== null) problems.push(errorAt(`/${passphraseField}`, `opens nothing; expected ${keyField} beside it`));
  if (problems.length > 0) throw new InvalidInput(problems);
  if (text === null) return { secrets: given, fingerprint: null };
  try {
    const key = readPrivateKey(text, passphrase);
    return { secrets: { ...given, [keyField]: key.text, [passphraseField]: key.passphrase }, fingerprint: key.fingerprint };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    const expected = 'expected a private key, as OpenSSH or PEM, that the passphrase opens';
    throw new InvalidInput([errorAt(`/${keyField}`, `${expected} (${why})`, { expected })]);
  }
}
