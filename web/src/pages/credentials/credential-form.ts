import { CREDENTIAL_KINDS, CREDENTIAL_SPECS, type CredentialField, type CredentialKind } from '#jobs/credential-kinds.ts';
import type { JsonSchema } from '#jobs/json.ts';
import { t } from './words.ts';

/** A kind of credential that this page knows the fields of. */
export const knownKind = (word: unknown): CredentialKind | undefined => CREDENTIAL_KINDS.find((kind) => kind === word);

/** What people call a kind. */
export const kindWord = (word: string): string => {
  const kind = knownKind(word);
  return kind ? CREDENTIAL_SPECS[kind].title : word;
};

/** The form of a credential of a kind: what may be shown of it, and its secrets. */
export const credentialForm = (kind: CredentialKind, isNew: boolean): JsonSchema => {
  const fields = Object.entries<CredentialField>(CREDENTIAL_SPECS[kind].fields);
  return {
    type: 'object',
    required: [...(isNew ? ['name'] : []), ...fields.flatMap(([name, { required }]) => (required ? [name] : []))],
    properties: {
      ...(isNew && { name: { type: 'string', title: t('credentials.name'), pattern: '^[a-z0-9][a-z0-9._-]{0,99}$' } }),
      username: { type: 'string', title: t('credentials.username'), maxLength: 200 },
      description: { type: 'string', title: t('credentials.description'), maxLength: 1000 },
      expires_at: { type: 'string', title: t('credentials.expires'), format: 'date-time' },
      ...Object.fromEntries(
        fields.map(([name, { title, max }]): [string, JsonSchema] => [name, { type: 'string', title, secret: true, maxLength: max }]),
      ),
    },
  };
};
