/** One field of a kind of credential; all of them are secret. */
export interface CredentialField {
  readonly title: string;
  /** Longest text, in characters. */
  readonly max: number;
  readonly required?: true;
  /** What the text must be: a private key, or what opens the one beside it. */
  readonly holds?: 'private_key' | 'passphrase';
}

export interface CredentialKindSpec {
  readonly title: string;
  readonly fields: { readonly [name: string]: CredentialField };
  /** One of each of these groups must be given. */
  readonly one_of?: readonly (readonly string[])[];
}

const password = { title: 'Password', max: 1024 } as const;
const privateKey = { title: 'Private key', max: 32_768, holds: 'private_key' } as const;
const passphrase = { title: 'Passphrase', max: 1024, holds: 'passphrase' } as const;

/** Every kind of credential and its secret fields; schema, check, form and what is sealed derive from it. */
export const CREDENTIAL_SPECS = {
  ssh_password: {
    title: 'SSH login by password',
    fields: { password: { ...password, required: true } },
  },
  ssh_key: {
    title: 'SSH login by key',
    fields: { private_key: { ...privateKey, required: true }, passphrase },
  },
  device: {
    title: 'Login to a network device',
    fields: {
      password,
      private_key: privateKey,
      passphrase,
      line_password: { title: 'Password of the line, asked for in the session', max: 1024 },
      enable_secret: { title: 'Enable secret', max: 1024 },
    },
    one_of: [['password', 'private_key']],
  },
} as const satisfies { readonly [kind: string]: CredentialKindSpec };

export type CredentialKind = keyof typeof CREDENTIAL_SPECS;

export const CREDENTIAL_KINDS = Object.keys(CREDENTIAL_SPECS) as readonly CredentialKind[];
